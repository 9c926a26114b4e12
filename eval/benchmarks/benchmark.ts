/** What every benchmark is: items, each with a question and a way to judge a response to it. */
import type { ReflectionBody } from '../../src/reflection/request.ts';

export type Declared = NonNullable<ReflectionBody['checks']>;

/** What was made of a response. Beside `correct` stands whatever explains it. */
export interface Verdict {
  readonly correct: boolean;
  readonly [detail: string]: unknown;
}

export interface Item {
  /** The same in every run. */
  readonly id: string;
  /** What the model is asked, word for word. */
  readonly prompt: string;
  /** What of it is the data set's own: the question and, where the data set has one, the solution. Left out where it is the prompt alone. */
  readonly ownTexts?: readonly string[];
  /** What is checked where an arm may declare it. */
  readonly checks: Declared;
  /** Judges what a reader sees of a response. One without an answer is wrong. */
  score(response: string): Promise<Verdict>;
}

/** How files are had that are not in the repository. */
export interface LoadTools {
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Where they are kept; left out, in this user's cache folder. */
  readonly folder?: string;
}

export interface Benchmark {
  /** All its items, in the order of the data set. Throws a `DataFailure` where the data cannot be had. */
  load(tools: LoadTools): Promise<readonly Item[]>;
  /** The item of the data set's own row with this number. Throws a `ZodError` for what is no such row. */
  item(row: unknown, index: number): Item;
}

/** The data cannot be had here; the message says what to do. */
export class DataFailure extends Error {
  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'DataFailure';
  }
}
