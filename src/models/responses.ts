/** What is read of an HTTP response besides its answer: an error's body, and when to come again. */

const maxErrorBytes = 64_000;

/** An error's body: parsed when it is JSON, else its text; empty when it cannot be read. At most 64 kB are read. */
export async function bodyText(response: Response): Promise<unknown> {
  const text = await readAtMost(response, maxErrorBytes).catch(() => '');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
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

/** `Retry-After` in seconds; undefined when there is none. The form with a date is not used by model providers, and is passed over. */
export function retryAfterSeconds({ headers }: Response): number | undefined {
  const header = headers.get('retry-after');
  if (header === null) return undefined;
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}
