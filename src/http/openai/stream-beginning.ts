/** Waits for the first output of a run before its stream is answered with, so that a run that fails before is answered with the status of its failure. */
import type { ReflectionEvent } from '../../reflection/events.ts';
import type { RunError } from '../../reflection/record.ts';
import { afterTimeout } from '../../time-limit.ts';
import { eventFeed } from './event-feed.ts';

/** Until a stream is answered with, whether or not its run has said something. Models that are busy are asked again within it. */
export const patienceMs = 5_000;

export type StreamBeginning =
  | { readonly type: 'failed'; readonly error: RunError }
  /** The same bytes, from the first. Cancelling them cancels those that were given. */
  | { readonly type: 'begun'; readonly bytes: ReadableStream<Uint8Array> };

type Chunk = ReadableStreamReadResult<Uint8Array>;

/** What a run may say before its output, or its failure. */
const preliminary: readonly ReflectionEvent['type'][] = [
  'run.queued',
  'run.started',
  'pass.started',
  'pass.failed',
  'pass.retried',
];

/** Waits at most so many milliseconds: after that a failure is told in the stream. */
export async function streamBeginning(bytes: ReadableStream<Uint8Array>, patienceMs: number): Promise<StreamBeginning> {
  const reader = bytes.getReader();
  const late = Promise.withResolvers<'late'>();
  const stopWaiting = afterTimeout(patienceMs, () => late.resolve('late'));
  const watch = new Watch();
  const held: Promise<Chunk>[] = [];
  while (watch.seen === undefined) {
    const next = reader.read();
    held.push(next);
    const read = await Promise.race([next, late.promise]);
    if (read === 'late' || read.done) break;
    watch.feed(read.value);
  }
  stopWaiting();
  if (watch.seen === undefined || watch.seen === 'output') return { type: 'begun', bytes: resumed(held, reader) };
  await reader.cancel();
  return { type: 'failed', error: watch.seen };
}

/** Looks for the first output of a run, or its failure. */
class Watch {
  seen: 'output' | RunError | undefined;
  readonly feed = eventFeed((event) => {
    if (preliminary.includes(event.type)) return;
    this.seen ??= (event.type === 'run.failed' && event.reflection.error) || 'output';
  });
}

function resumed(held: Promise<Chunk>[], reader: ReadableStreamDefaultReader<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await (held.shift() ?? reader.read());
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
