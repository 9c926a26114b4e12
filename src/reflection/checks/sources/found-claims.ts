/** What a claim that can be looked up is, and how a pattern finds claims in a text. */
import { blanked } from '../blocks.ts';
import type { Span } from '../check.ts';
import type { Unit } from './units.ts';

export const claimKinds = ['numbers', 'names', 'urls', 'quotations'] as const;
export type ClaimKind = (typeof claimKinds)[number];

/** How one claim of a kind is called. */
export const claimNouns = {
  numbers: 'number',
  names: 'name',
  urls: 'URL',
  quotations: 'quotation',
} as const satisfies Record<ClaimKind, string>;

/** One way to read what is written. "3/4/2024" is either of two days, "1.200" either of two numbers. */
export type Reading =
  | {
      readonly type: 'figure';
      readonly value: number;
      /** What it may count; empty where that is not said. */
      readonly units: readonly Unit[];
    }
  /** As far as it is given: 0 stands for what is not. */
  | { readonly type: 'date'; readonly year: number; readonly month: number; readonly day: number }
  /** In minutes of the day. */
  | { readonly type: 'time'; readonly minutes: readonly number[] }
  /** Every year from one to the other. */
  | { readonly type: 'period'; readonly from: number; readonly to: number }
  /** A telephone number, an account: its digits. */
  | { readonly type: 'digits'; readonly digits: string };

/** Something that is written in figures, or in words for them. */
export interface Figure {
  readonly span: Span;
  readonly readings: readonly Reading[];
  /** Written as a word: "three". */
  readonly isWord: boolean;
}

/** Whether a claim stands in the sources, cannot be held against them for certain, or stands nowhere. */
export type Support = 'supported' | 'unsure' | 'unsupported';

/** A claim that was looked up. */
export interface JudgedClaim {
  readonly kind: ClaimKind;
  readonly span: Span;
  readonly support: Support;
}

/** What a pattern found, and the text with it blanked out, each character keeping its place. */
export interface Taken<Item> {
  readonly found: readonly Item[];
  readonly rest: string;
}

/** Takes every match of the pattern out of the text; matches for which nothing is made stay. */
export function take<Item extends { readonly span: Span }>(
  text: string,
  pattern: RegExp,
  make: (match: RegExpExecArray, span: Span) => Item | undefined,
): Taken<Item> {
  const found: Item[] = [];
  for (const match of text.matchAll(pattern)) {
    const item = make(match, [match.index, match.index + match[0].length]);
    if (item) found.push(item);
  }
  const spans = found.map(({ span }) => span);
  return { found, rest: blanked(text, spans) };
}
