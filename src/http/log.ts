/** The log as a port: one structured entry at a time. Entries hold no prompts, no answers and no keys. */

export interface LogEntry {
  readonly level: 'info' | 'warn' | 'error';
  /** Noun and verb, such as `request.answered`. */
  readonly event: string;
  readonly [member: string]: unknown;
}

export type Log = (entry: LogEntry) => void;

interface DescribedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly cause?: DescribedError;
}

const deepestCause = 4;

/** An error whole, with its causes, for the log and never for a caller. */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { name: typeof error, message: String(error), stack: undefined };
  const described = { name: error.name, message: error.message, stack: error.stack };
  if (error.cause === undefined || depth === deepestCause) return described;
  return { ...described, cause: describeError(error.cause, depth + 1) };
}
