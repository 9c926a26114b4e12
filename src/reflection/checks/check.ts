/** What a check is: a deterministic verifier run by code, never by a model. The table of all of them is `checks.ts`. */
import type * as z from 'zod/mini';
import type { ComputeBudget } from '../compute-budget.ts';

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Start and end offset (UTF-16, end exclusive) of the offending text in the answer. */
export type Span = readonly [start: number, end: number];

export interface Source {
  readonly id: string;
  readonly text: string;
}

/** Where a check was found that nobody declared. */
export interface Inference {
  /** In the last user message. */
  readonly span: Span;
  /** 0 to 1: how sure it is that the request asks for it. */
  readonly confidence: number;
}

/** What a check may know besides the answer. */
export interface CheckContext {
  /** The last user message: what was asked. */
  readonly question: string;
  /** Texts that the answer's claims are held against. */
  readonly sources: readonly Source[];
  /** Checks that nobody declared: the request asks for them in its own words. */
  readonly inferred?: ReadonlyMap<object, Inference>;
  /** What all checks of a run may compute together. */
  readonly computing: ComputeBudget;
}

/**
 * What one check found.
 * `skipped` means that the check could not tell, and counts neither for nor against the answer.
 */
export interface Verdict {
  readonly status: 'pass' | 'fail' | 'skipped';
  /** For a model to act on: what was measured and what is wanted ("You wrote 143 words; write at most 120."). */
  readonly message: string;
  readonly measured: JsonValue;
  readonly expected: JsonValue;
  readonly span: Span | null;
}

/** A row of the table: the name callers use, what may be configured, and the verifier. Pure, total, and linear in the answer's length. */
export interface CheckDefinition<Schema extends z.ZodMiniType = z.ZodMiniType> {
  /** One sentence for the documentation. */
  readonly summary: string;
  /** The check's own settings; `type` and `id` are added by the table. */
  readonly schema: Schema;
  /** Loads what is too large to be always there; awaited before the schema or the verifier is used. */
  readonly prepare?: () => Promise<void>;
  /** What is asked, as an instruction for a model that writes: "Write at most 120 words." */
  readonly requirement: (settings: z.output<Schema>) => string;
  readonly run: (text: string, settings: z.output<Schema>, context: CheckContext) => Verdict;
}

/** A check's result in the record. */
export interface CheckResult extends Verdict {
  readonly id: string;
  readonly type: string;
  /** Who asks for it: the caller, the sources that came with the request, or the request's own words. */
  readonly origin: 'declared' | 'sources' | 'inferred';
  /** Of an inferred check. */
  readonly inferred?: Inference;
}
