/** One reflection with a scripted model, and the round that mends the doubtful draft: what most tests of the engine start from. */
import { AppError } from '../../src/errors.ts';
import type { ReflectionBody } from '../../src/reflection/request.ts';
import { confirmed, critiqueText, editText, preferA, preferB, reflected, request, tools } from './reflections.ts';
import { doubtful, type Scenario } from './scenarios.ts';
import { type Script, scriptedModel } from './scripted-model.ts';

/** Runs a request that must end well; tells also which passes it asked for. */
export async function reflecting(body: Partial<ReflectionBody>, script: Script, part: Scenario['tools'] = {}) {
  const model = scriptedModel(script);
  const told = await reflected(request(body), tools(model, part));
  const types = told.events.map((event) => event.type);
  return { ...told, model, types, passes: model.asked.map((call) => call.pass) };
}

export const busy = new AppError('upstream_busy', 'The model is out of capacity.');

/** Everything that a round needs for the doubtful draft to become the mended one. */
export const round = {
  draft: doubtful,
  critique: critiqueText('revise', [{ quote: 'it is green' }]),
  confirm: confirmed,
  revision: editText(['it is green', 'it is blue']),
  judge: [preferB, preferA],
} as const;

export const mended = doubtful.replace('it is green', 'it is blue');

/** The check that an answer has at most so many words. */
export function max(words: number) {
  return [{ type: 'words' as const, max: words }];
}
