import { expect, test } from 'vitest';
import { streamBeginning } from '../../../src/http/openai/stream-beginning.ts';
import { frame } from '../../../src/reflection/event-frame.ts';
import { Recorder } from '../../../src/reflection/recorder.ts';

const recorder = new Recorder('refl_test', () => 0);
const pass = { pass: 'draft', attempt: 1 } as const;
const queued = frame(recorder.queued([], {}));
const started = frame(recorder.stamp({ ...pass, type: 'pass.started', role: 'draft', round: 0, model: 'test/a' }));
const written = frame(recorder.stamp({ ...pass, type: 'pass.delta', offset: 0, text: 'It is' }));
const error = { code: 'upstream_busy', message: 'The model is out of capacity.' } as const;
const failed = frame(recorder.end({ type: 'failed', error }));

const aMinute = 60_000;

/** A stream that goes on until it is cancelled. */
function streamOf(...texts: string[]) {
  const cancelled: unknown[] = [];
  const encoder = new TextEncoder();
  const bytes = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const text of texts) controller.enqueue(encoder.encode(text));
    },
    cancel: (reason) => {
      cancelled.push(reason);
    },
  });
  return { bytes, cancelled };
}

async function readSome(bytes: ReadableStream<Uint8Array>, letters: number): Promise<string> {
  const reader = bytes.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (text.length < letters) text += decoder.decode((await reader.read()).value, { stream: true });
  reader.releaseLock();
  return text;
}

test('a stream begins with its first output, and nothing of it is lost', async () => {
  const { bytes, cancelled } = streamOf(queued, started, ': still running\n\n', written);
  const beginning = await streamBeginning(bytes, aMinute);
  if (beginning.type === 'failed') throw new Error('It has failed.');
  const whole = `${queued}${started}: still running\n\n${written}`;
  expect(await readSome(beginning.bytes, whole.length)).toBe(whole);
  await beginning.bytes.cancel('gone');
  expect(cancelled).toEqual(['gone']);
});

test('a run that fails before its first output has failed', async () => {
  const text = `${queued}${started}${failed}`;
  for (let cut = 0; cut <= text.length; cut += 1) {
    const { bytes, cancelled } = streamOf(text.slice(0, cut), text.slice(cut));
    expect(await streamBeginning(bytes, aMinute)).toEqual({ type: 'failed', error });
    expect(cancelled).toHaveLength(1);
  }
});

test('a run that fails after its first output fails in its stream', async () => {
  const { bytes } = streamOf(queued, started, written, failed);
  const beginning = await streamBeginning(bytes, aMinute);
  expect(beginning.type).toBe('begun');
});

test('a run that says nothing for long is not waited for', async () => {
  const { bytes } = streamOf(queued, started);
  const beginning = await streamBeginning(bytes, 1);
  if (beginning.type === 'failed') throw new Error('It has failed.');
  expect(await readSome(beginning.bytes, queued.length + started.length)).toBe(queued + started);
});

test('a stream that ends without a word is as it was', async () => {
  const beginning = await streamBeginning(new Blob([queued]).stream(), aMinute);
  if (beginning.type === 'failed') throw new Error('It has failed.');
  expect(await new Response(beginning.bytes).text()).toBe(queued);
});
