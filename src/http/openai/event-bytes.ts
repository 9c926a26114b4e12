/** Rewrites a run's server-sent events, event by event. Heartbeats pass as they are. */
import { createParser } from 'eventsource-parser';
import type { ReflectionEvent } from '../../reflection/events.ts';

/** `framesOf` gives the frames that take an event's place, `lastFrames` those at the end. Cancelling what is returned cancels `bytes`. */
export function rewritten(
  bytes: ReadableStream<Uint8Array>,
  framesOf: (event: ReflectionEvent) => string,
  lastFrames: () => string,
): ReadableStream<Uint8Array> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let frames = '';
  const parser = createParser({
    onEvent: ({ data }) => {
      // The run's own object wrote it.
      const event: ReflectionEvent = JSON.parse(data);
      frames += framesOf(event);
    },
    onComment: (comment) => {
      frames += `:${comment}\n\n`;
    },
  });
  return bytes.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        parser.feed(decoder.decode(chunk, { stream: true }));
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
