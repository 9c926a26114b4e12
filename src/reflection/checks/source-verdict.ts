/** Whether what an answer states stands in the sources that came with the request. */
import type { CheckContext, Verdict } from './check.ts';
import { type ClaimKind, claimNouns, type SourceClaim } from './found-claims.ts';
import { folded, stripped } from './literal.ts';
import { sourceClaims, supportedKeys } from './source-claims.ts';
import { excerpt, failed, passed, skipped } from './verdict.ts';

/** The verdict on everything of these kinds that the text states. */
export function verifySources(text: string, kinds: readonly ClaimKind[], context: CheckContext): Verdict {
  const expected = { in_sources: kinds };
  if (context.sources.length === 0) return skipped('There are no sources to hold the answer against.', expected);
  const claims = sourceClaims(text, kinds);
  if (claims.length === 0)
    return skipped('The answer states nothing that could be looked up in the sources.', expected);
  const { inSources, inQuestion, foldedSources } = supportOf(context);
  const isSupported = ({ kind, keys }: SourceClaim): boolean => {
    if (kind === 'quotations') return keys.every((key) => partsOf(key).every((part) => foldedSources.includes(part)));
    return keys.some((key) => inSources.has(key) || (kind !== 'urls' && inQuestion.has(key)));
  };
  const unsupported = claims.filter((claim) => !isSupported(claim));
  const [first] = unsupported;
  if (!first)
    return passed({
      message: 'What the answer states stands in the sources.',
      measured: { checked: claims.length, unsupported: [] },
      expected,
    });
  const listed = [
    ...new Set(unsupported.map(({ kind, span }) => `${claimNouns[kind]} "${excerpt(text.slice(...span))}"`)),
  ].slice(0, 10);
  const measured = {
    checked: claims.length,
    unsupported: unsupported.slice(0, 10).map(({ span }) => excerpt(text.slice(...span))),
  };
  const message = `Not found in the sources: ${listed.join('; ')}. State only what the sources say, in their words and figures.`;
  return failed({ message, measured, expected, span: first.span });
}

interface Support {
  readonly inSources: ReadonlySet<string>;
  readonly inQuestion: ReadonlySet<string>;
  readonly foldedSources: string;
}

const supports = new WeakMap<CheckContext, Support>();

/** Measured on the worst sources: steps to read a character. */
const stepsPerCharacter = 15;

/** What the sources and the question give support to; read once a run. Throws `ComputeSpent`. */
function supportOf(context: CheckContext): Support {
  const known = supports.get(context);
  if (known) return known;
  const everything = context.sources.map((source) => source.text).join('\n');
  context.computing.spend((everything.length + context.question.length) * stepsPerCharacter);
  const support = {
    inSources: supportedKeys(everything),
    inQuestion: supportedKeys(context.question),
    foldedSources: folded(everything),
  };
  supports.set(context, support);
  return support;
}

/** The pieces of a quotation around its ellipses. */
function partsOf(quotation: string): string[] {
  return quotation
    .split(/\[?(?:\.\.\.|…)\]?/)
    .map((part) => stripped(part, '.,;:!?'))
    .filter((part) => part !== '');
}
