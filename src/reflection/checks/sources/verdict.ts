/** Whether what an answer states stands in the sources that came with the request. */
import { briefly } from '../bounded-text.ts';
import type { CheckContext, Verdict } from '../check.ts';
import { excerpt, failed, passed, skipped } from '../verdict.ts';
import { judgedClaims } from './claims.ts';
import { type ClaimKind, claimNouns } from './found-claims.ts';
import { type Knowledge, readKnowledge } from './knowledge.ts';

/** The verdict on everything of these kinds that the text states: one unsupported claim refutes it, one that is unsure leaves it open. */
export function verifySources(text: string, kinds: readonly ClaimKind[], context: CheckContext): Verdict {
  const expected = { in_sources: kinds };
  if (context.sources.length === 0) return skipped('There are no sources to hold the answer against.', expected);
  const claims = judgedClaims(text, kinds, knowledgeOf(context), context.sources);
  if (claims.length === 0)
    return skipped('The answer states nothing that could be looked up in the sources.', expected);
  const named = (support: 'unsupported' | 'unsure') =>
    claims
      .filter((claim) => claim.support === support)
      .map(({ kind, span }) => ({ noun: claimNouns[kind], written: excerpt(text.slice(...span)) }));
  const unsupported = named('unsupported');
  const [first] = claims.filter(({ support }) => support === 'unsupported');
  if (first) {
    const listed = [...new Set(unsupported.map(({ noun, written }) => `${noun} "${written}"`))].slice(0, 10);
    const measured = { checked: claims.length, unsupported: unsupported.slice(0, 10).map(({ written }) => written) };
    const message = `Not found in the sources: ${briefly(listed, '; ')}. State only what the sources say, in their words and figures.`;
    return failed({ message, measured, expected, span: first.span });
  }
  const [unsure] = named('unsure');
  if (unsure)
    return skipped(
      `Whether the sources support the ${unsure.noun} "${unsure.written}" cannot be told by code.`,
      expected,
    );
  return passed({
    message: 'What the answer states stands in the sources.',
    measured: { checked: claims.length, unsupported: [] },
    expected,
  });
}

const known = new WeakMap<CheckContext, Knowledge>();

/** Measured on the worst sources: steps to read a character. */
const stepsPerCharacter = 60;

/** What the sources and the question give support to; read once a run. Throws `ComputeSpent`. */
function knowledgeOf(context: CheckContext): Knowledge {
  const before = known.get(context);
  if (before) return before;
  const length = context.sources.reduce((sum, { text }) => sum + text.length, context.question.length);
  context.computing.spend(length * stepsPerCharacter);
  const knowledge = readKnowledge(context.sources, context.question);
  known.set(context, knowledge);
  return knowledge;
}
