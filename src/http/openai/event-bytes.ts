/** Rewrites a run's server-sent events, event by event. Heartbeats pass as they are. */
import type { ReflectionEvent } from '../../reflection/events.ts';
import { eventFeed } from './event-feed.ts';

/** `framesOf` gives the frames that take an event's place, `lastFrames` those at the end. Cancelling what is returned cancels `bytes`. */
export function rewritten(
  bytes: ReadableStream<Uint8Array>,
  framesOf: (event: ReflectionEvent) => string,
  lastFrames: () => string,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let frames = '';
  const feed = eventFeed(
    (event) => {
      frames += framesOf(event);
    },
    (comment) => {
      frames += `:${comment}\n\n`;
    },
  );
  return bytes.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        feed(chunk);
        if (frames !== '') controller.enqueue(encoder.encode(frames));
        frames = '';
      },
      flush(controller) {
        const last = lastFrames();
        if (last !== '') controller.enqueue(encoder.encode(last));
      },
    }),
  );
}
