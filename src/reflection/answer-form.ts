/** The JSON that a request's checks ask for, handed to servers that can hold a model to it. */
import type { Context } from './context.ts';
import type { ModelCall } from './model.ts';

export type AnswerForm = Pick<ModelCall, 'jsonSchema' | 'jsonObject'>;

/** A server's JSON mode writes an object, so it is not asked for where a list is wanted. */
const wantsList = /\b(?:arrays?|lists?|listen?|listas?|listes?|tableau|jsonl)\b|배열|목록|リスト|配列|列表|数组/i;

/** Empty for a draft whose reasoning comes before the answer, because the whole text is then not JSON. */
export function answerForm({ request, strategy, checkContext }: Context): AnswerForm {
  if (strategy.draft !== 'plain') return {};
  const declared = request.checks.find((check) => check.type === 'json_schema');
  if (declared?.type === 'json_schema' && typeof declared.schema === 'object')
    return { jsonSchema: { ...declared.schema } };
  const isJson = request.checks.some((check) => check.type === 'json');
  return isJson && !wantsList.test(checkContext.question) ? { jsonObject: true } : {};
}
