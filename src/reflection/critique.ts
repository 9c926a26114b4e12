/** What a critic may say, and nothing else. */
export type Verdict = 'pass' | 'revise' | 'unsure';
export type Severity = 'blocker' | 'major' | 'minor' | 'nit';

export interface Issue {
  /** `i1` to `i3`. */
  readonly id: string;
  readonly kind: string;
  readonly severity: Severity;
  /** Verbatim from the draft; empty for an omission. */
  readonly quote: string;
  readonly span: readonly [number, number] | null;
  readonly problem: string;
  /** Filled by code, never by the critic. */
  readonly confirmed: 'verified' | 'unverified' | 'refuted';
}

export interface Critique {
  readonly verdict: Verdict;
  readonly issues: readonly Issue[];
}
