/** Calls and models to test with, and what was heard of them. */
import type { CatalogModel } from '../../src/models/catalog.ts';
import type { ModelCall, ModelChunk } from '../../src/reflection/model.ts';

export function callOf(fields: Partial<ModelCall> = {}): ModelCall {
  return {
    pass: 'draft',
    role: 'draft',
    seat: 'author',
    messages: [{ role: 'user', content: 'What is six times seven?' }],
    maxOutputTokens: 256,
    temperature: 0.5,
    deadlineAt: Number.MAX_SAFE_INTEGER,
    ...fields,
  };
}

export function modelOf(id: string, fields: Partial<CatalogModel> = {}): CatalogModel {
  return {
    id,
    class: 'large',
    contextTokens: 8_192,
    price: { input: 1, output: 2 },
    abilities: { streaming: true, jsonSchema: 'no', prefill: false },
    retiresOn: null,
    ...fields,
  };
}

export interface Heard {
  readonly chunks: readonly ModelChunk[];
  readonly error: unknown;
}

/** Listens to the end, which may be an error. */
export async function hear(chunks: AsyncIterable<ModelChunk>): Promise<Heard> {
  const heard: ModelChunk[] = [];
  try {
    for await (const chunk of chunks) heard.push(chunk);
    return { chunks: heard, error: undefined };
  } catch (error) {
    return { chunks: heard, error };
  }
}

/** The answer: the text since the last start. */
export function textOf(chunks: readonly ModelChunk[]): string {
  return chunks.reduce(
    (text, chunk) => (chunk.type === 'start' ? '' : chunk.type === 'delta' ? text + chunk.text : text),
    '',
  );
}

/** The bytes in pieces, cut at the given places. */
export function cutAt(bytes: Uint8Array<ArrayBuffer>, places: readonly number[]): Uint8Array<ArrayBuffer>[] {
  const sorted = [0, ...[...places].sort((one, other) => one - other), bytes.length];
  return sorted.slice(1).map((end, index) => bytes.slice(sorted[index], end));
}

/** A body that sends the pieces and then closes, breaks, or stays open for ever. */
export function bodyOf(
  pieces: readonly Uint8Array<ArrayBuffer>[],
  end: 'close' | 'break' | 'stay' = 'close',
  onCancel: () => void = () => undefined,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const left = [...pieces];
  return new ReadableStream({
    pull(controller) {
      const piece = left.shift();
      if (piece) return controller.enqueue(piece);
      if (end === 'close') return controller.close();
      if (end === 'break') return controller.error(new TypeError('terminated'));
      return new Promise(() => undefined);
    },
    cancel: onCancel,
  });
}
