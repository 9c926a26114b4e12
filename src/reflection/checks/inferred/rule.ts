/** What a rule finds in a sentence of a request. */
import type { Inference } from '../check.ts';
import type { DeclaredCheck } from '../checks.ts';
import type { RequestText, Sentence } from './request-text.ts';

/** A check as it may be declared, its defaults left out. */
export type InferredSettings = DeclaredCheck extends infer Each
  ? Each extends { readonly type: infer Type }
    ? { readonly type: Type } & Partial<Omit<Each, 'type' | 'id'>>
    : never
  : never;

export interface Finding {
  readonly check: InferredSettings;
  /** In the sentence. */
  readonly from: number;
  readonly to: number;
  /** 0 to 1: how sure it is that the request asks for this. */
  readonly confidence: number;
}

/** Looks at one sentence, with the whole request beside it. */
export type Rule = (sentence: Sentence, request: RequestText) => readonly Finding[];

/** A check that the request asks for in its own words. */
export interface InferredCheck extends Inference {
  readonly check: InferredSettings;
}

/** What the first pattern finds that finds anything. */
export function firstMatch(patterns: readonly RegExp[], text: string): RegExpExecArray | null {
  for (const pattern of patterns) {
    const match = pattern.exec(text);
    if (match) return match;
  }
  return null;
}

/** What a pattern finds, once. */
export function found(
  match: RegExpExecArray | RegExpMatchArray | null,
  confidence: number,
  check: InferredSettings | undefined,
): readonly Finding[] {
  if (!match || check === undefined) return [];
  const from = match.index ?? 0;
  return [{ check, from, to: from + match[0].length, confidence }];
}
