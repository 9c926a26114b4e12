/** Reads an HTTP response besides its answer: an error's body, and `Retry-After`. */
import { valueOfJson } from '../encoding.ts';

/**
 * Passes `work` a signal that follows `signal` until there is a response. From then on the reader of the body closes the connection, because
 * aborting the request would discard text that has arrived and is not yet read.
 */
export async function untilAnswered<Answer>(
  signal: AbortSignal,
  work: (connection: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  signal.throwIfAborted();
  const connection = new AbortController();
  const close = (): void => connection.abort(signal.reason);
  signal.addEventListener('abort', close, { once: true });
  try {
    return await work(connection.signal);
  } finally {
    signal.removeEventListener('abort', close);
  }
}

const maxErrorBytes = 64_000;

/** An error's body: parsed when it is JSON, else its text; empty when it cannot be read. At most 64 kB are read. */
export async function bodyText(response: Response): Promise<unknown> {
  const text = await readAtMost(response, maxErrorBytes).catch(() => '');
  const value = valueOfJson(text);
  return value === undefined ? text : value;
}

async function readAtMost(response: Response, limit: number): Promise<string> {
  if (!response.body) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let bytes = 0; bytes < limit; ) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return text;
}

/** How long the body is, in bytes; null where the response does not say. */
export function bodyBytes({ headers }: Response): number | null {
  const length = headers.get('content-length');
  // Of a body that was encoded, it is the encoded length.
  return length !== null && /^\d{1,15}$/.test(length) && headers.get('content-encoding') === null
    ? Number(length)
    : null;
}

/** The longest wait that is passed on to callers. */
const longestWaitSeconds = 86_400;

/** `Retry-After` in seconds, at most a day; undefined when there is none, or it is past. https://www.rfc-editor.org/rfc/rfc9110#name-retry-after */
export function retryAfterSeconds({ headers }: Response): number | undefined {
  const header = headers.get('retry-after')?.trim();
  if (!header) return undefined;
  const seconds = /^\d+(?:\.\d+)?$/.test(header) ? Number(header) : secondsUntil(header, headers.get('date'));
  return seconds >= 0 ? Math.min(seconds, longestWaitSeconds) : undefined;
}

/** Uses the server's clock if it sends a `Date`. NaN for an invalid date. */
function secondsUntil(date: string, serverDate: string | null): number {
  const now = serverDate === null ? Number.NaN : Date.parse(serverDate);
  return (Date.parse(date) - (Number.isNaN(now) ? Date.now() : now)) / 1_000;
}
