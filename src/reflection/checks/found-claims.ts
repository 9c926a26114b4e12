/** What a claim that can be looked up is, and how a pattern finds claims in a text. */
import { blanked } from './blocks.ts';
import type { Span } from './check.ts';

export const claimKinds = ['numbers', 'names', 'urls', 'quotations'] as const;
export type ClaimKind = (typeof claimKinds)[number];

/** How one claim of a kind is called. */
export const claimNouns = {
  numbers: 'number',
  names: 'name',
  urls: 'URL',
  quotations: 'quotation',
} as const satisfies Record<ClaimKind, string>;

/** A claim is supported when one of its `keys` is among the keys of a source. */
export interface SourceClaim {
  readonly kind: ClaimKind;
  readonly span: Span;
  readonly keys: readonly string[];
}

/** A claim, or a piece of text already accounted for and looked at no further. */
export interface Found {
  readonly claims: readonly SourceClaim[];
  /** The text with what was found blanked out, each character keeping its place. */
  readonly rest: string;
}

export function take(
  text: string,
  pattern: RegExp,
  kind: ClaimKind,
  keysOf: (match: RegExpMatchArray) => readonly string[],
): Found {
  const claims = Array.from(text.matchAll(pattern), (match): SourceClaim => {
    const start = match.index ?? 0;
    return { kind, span: [start, start + match[0].length], keys: keysOf(match) };
  });
  return {
    claims,
    rest: blanked(
      text,
      claims.map(({ span }) => span),
    ),
  };
}
