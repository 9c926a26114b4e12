/** Whether what an answer states stands in the sources that came with the request. */
import * as z from 'zod/mini';
import type { CheckDefinition } from './check.ts';
import { settings } from './fields.ts';
import { claimKinds, type SourceClaim } from './found-claims.ts';
import { folded, stripped } from './literal.ts';
import { sourceClaims, supportedKeys } from './source-claims.ts';
import { excerpt, failed, passed, skipped } from './verdict.ts';

const kinds = settings({
  kinds: z._default(
    z
      .array(z.enum(claimKinds, `expected some of: ${claimKinds.join(', ')}`), 'expected a list')
      .check(z.minLength(1, 'expected at least one kind')),
    [...claimKinds],
  ),
});

const nouns = { numbers: 'number', names: 'name', urls: 'URL', quotations: 'quotation' } as const;

export const sources: CheckDefinition<typeof kinds> = {
  summary:
    'Every number, proper name, URL and quotation of the answer stands in a source (numbers and names may stand in the question); without sources it is skipped.',
  schema: kinds,
  requirement: ({ kinds }) => `Take every ${kinds.map((kind) => nouns[kind]).join(', ')} from the sources.`,
  run: (text, settings, context) => {
    const expected = { in_sources: settings.kinds };
    if (context.sources.length === 0) return skipped('There are no sources to hold the answer against.', expected);
    const claims = sourceClaims(text, settings.kinds);
    if (claims.length === 0)
      return skipped('The answer states nothing that could be looked up in the sources.', expected);
    const everything = context.sources.map((source) => source.text).join('\n');
    const inSources = supportedKeys(everything);
    const inQuestion = supportedKeys(context.question);
    const foldedSources = folded(everything);
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
      ...new Set(unsupported.map(({ kind, span }) => `${nouns[kind]} "${excerpt(text.slice(...span))}"`)),
    ].slice(0, 10);
    const measured = {
      checked: claims.length,
      unsupported: unsupported.slice(0, 10).map(({ span }) => excerpt(text.slice(...span))),
    };
    const message = `Not found in the sources: ${listed.join('; ')}. State only what the sources say, in their words and figures.`;
    return failed({ message, measured, expected, span: first.span });
  },
};

/** The pieces of a quotation around its ellipses. */
function partsOf(quotation: string): string[] {
  return quotation
    .split(/\[?(?:\.\.\.|…)\]?/)
    .map((part) => stripped(part, '.,;:!?'))
    .filter((part) => part !== '');
}
