/** The checks that a request asks for in its own words, ready to run. */
import type { Inference } from './checks/check.ts';
import type { DeclaredCheck } from './checks/checks.ts';
import { loadedLater } from './checks/loaded-later.ts';
import { conversationOf } from './context.ts';
import type { ReflectionRequest } from './request.ts';
import { questionOf } from './task.ts';

const code = loadedLater(async () => {
  const [{ inferChecks }, { checkSchema }] = await Promise.all([
    import('./checks/inferred/infer.ts'),
    import('./checks/checks.ts'),
  ]);
  return { inferChecks, checkSchema };
});

/** Loads what reads a request; `inferredChecks` does so itself. */
export const prepareInference = code.prepare;

/** What no constraint is stated without, so that most requests load nothing. */
const stating =
  /\b(?:words?|sentences?|paragraphs?|sections?|lines?|characters|bullet\w*|placeholders?|highlight\w*|itali\w+|bold|letters?|(?:lower|upper)[- ]?case\w*|caps|capital\w*|commas?|marks?|points|hashtags?|json|double quot\w+|brackets|post ?script|asterisks?|word-for-word|languages?|one of|choose|keywords?|includ\w+|mention\w*|avoid\w*|without|(?:end|start|begin|finish|conclude)\w* with|(?:entirely|completely|only|solely|fully|exclusively|respond|reply|answer|written) )|\*{3}|[\uAC00-\uD7A3]/i;

/** What the last user message states and the caller did not declare, each with where it is stated. Never throws. */
export async function inferredChecks(request: ReflectionRequest): Promise<ReadonlyMap<DeclaredCheck, Inference>> {
  const question = request.infer_checks ? questionOf(conversationOf(request)) : '';
  if (!stating.test(question)) return new Map();
  await prepareInference();
  const { inferChecks, checkSchema } = code.loaded();
  const declared = new Set<string>(request.checks.map(({ type }) => type));
  return new Map(
    inferChecks(question).flatMap(({ check, span, confidence }) => {
      const read = checkSchema.safeParse(check);
      return read.success && !declared.has(read.data.type) ? [[read.data, { span, confidence }]] : [];
    }),
  );
}
