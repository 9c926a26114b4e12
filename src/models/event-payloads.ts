/** From a provider's bytes to JSON payloads: server-sent events, or one JSON object sent although a stream was asked for. */
import { createParser } from 'eventsource-parser';
import { valueOfJson } from '../encoding.ts';
import { BodyText, type Reading } from './body-text.ts';
import { brokenAnswer, type ProviderFault } from './provider.ts';

/** The longest event, and the longest whole answer, in characters. An answer of 8192 tokens is about 40 thousand. */
const maxPayloadCharacters = 1_000_000;

/** `end` is the provider's end marker: `[DONE]`, or the close of a whole JSON answer. */
export type Payload = { readonly type: 'json'; readonly value: unknown } | { readonly type: 'end' };

/**
 * Reads a body to the provider's end marker, or to its end. Yields together the payloads that arrive together. Throws `signal.reason` as soon as
 * it aborts, also while the body is silent, and `ProviderFault` for invalid JSON. However the iteration ends, the body is cancelled, which
 * closes the connection.
 */
export async function* eventPayloads(
  body: ReadableStream<Uint8Array>,
  reading: Reading,
): AsyncGenerator<readonly Payload[]> {
  const parser = createPayloadParser();
  const source = new BodyText(body, reading);
  try {
    for (let text = await source.read(); text !== undefined; text = await source.read()) {
      const payloads = parser.feed(text);
      if (payloads.length === 0) continue;
      yield payloads;
      if (!payloads.some(({ type }) => type === 'end')) continue;
      await source.learnClosing();
      return;
    }
    yield parser.close();
  } finally {
    source.close();
  }
}

interface PayloadParser {
  /** Takes the next piece of text and gives the payloads that it completed. */
  feed(text: string): Payload[];
  /** The text has ended: gives what was still held back. */
  close(): Payload[];
}

/** The first character shows the form: a JSON object begins with a brace, and no field of an event does. */
function createPayloadParser(): PayloadParser {
  let form: PayloadParser | undefined;
  return {
    feed(text) {
      const start = form ? text : text.trimStart();
      if (!start) return [];
      form ??= start.startsWith('{') ? createWholeParser() : createEventParser();
      return form.feed(start);
    },
    close: () => form?.close() ?? [],
  };
}

function createWholeParser(): PayloadParser {
  let whole = '';
  return {
    feed(text) {
      whole += text;
      if (whole.length > maxPayloadCharacters) throw tooLong();
      return [];
    },
    close: () => [json(whole), { type: 'end' }],
  };
}

function createEventParser(): PayloadParser {
  let ready: Payload[] = [];
  let failure: ProviderFault | undefined;
  const events = createParser({
    maxBufferSize: maxPayloadCharacters,
    onEvent({ data }) {
      const text = data.trim();
      if (text) ready.push(text === '[DONE]' ? { type: 'end' } : json(text));
    },
    onError({ type, field, value }) {
      if (type === 'max-buffer-size-exceeded') failure = tooLong();
      // Some versions of llama.cpp report a failure as a field of its own: `error: {"code": 500, …}`.
      if (type === 'unknown-field' && field === 'error' && value)
        ready.push({ type: 'json', value: { error: valueOfJson(value) ?? value } });
    },
  });
  const feed = (text: string): Payload[] => {
    events.feed(text);
    if (failure) throw failure;
    const payloads = ready;
    ready = [];
    return payloads;
  };
  // The blank line after the last event is often left out.
  return { feed, close: () => feed('\n\n') };
}

function json(text: string): Payload {
  const value = valueOfJson(text);
  if (value === undefined) throw brokenAnswer('The model’s answer cannot be read.');
  return { type: 'json', value };
}

function tooLong(): ProviderFault {
  return brokenAnswer('The model’s answer is too long to be read.');
}
