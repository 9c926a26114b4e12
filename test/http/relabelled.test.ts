import { test } from 'vitest';
import { relabelledRecord, relabelledStream } from '../../src/http/relabelled.ts';
import { frame } from '../../src/reflection/event-frame.ts';
import { answered } from '../support/cached-answers.ts';

const label = { metadata: { of: 'who joined' }, cache: { status: 'joined', age_s: null } } as const;

function streamOf(bytes: Uint8Array, cuts: readonly number[]): ReadableStream<Uint8Array> {
  const ends = [...cuts, bytes.length];
  return new ReadableStream({
    start(controller) {
      for (const [index, end] of ends.entries()) controller.enqueue(bytes.slice(ends[index - 1] ?? 0, end));
      controller.close();
    },
  });
}

test('a joined stream is the same one under another label, wherever its bytes are cut', async () => {
  const { events } = await answered('Zwölf Bäume. 🌳', 0);
  const heartbeat = ': still running\n\n';
  const text = events.map(frame).join(heartbeat);
  const bytes = new TextEncoder().encode(text);
  const expected = events.map((event) => {
    if (event.type === 'run.queued') return frame({ ...event, metadata: label.metadata });
    return 'reflection' in event
      ? frame({ ...event, reflection: relabelledRecord(event.reflection, label) })
      : frame(event);
  });
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    const relabelled = relabelledStream(streamOf(bytes, [cut]), label);
    if ((await new Response(relabelled).text()) !== expected.join(heartbeat)) throw new Error(`cut at ${cut}`);
  }
});
