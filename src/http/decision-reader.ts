/** Reads the decision of a run from its server-sent events as they pass. */
import { createParser } from 'eventsource-parser';
import * as z from 'zod/mini';

const completed = z.object({ reflection: z.object({ decision: z.nullable(z.string()) }) });

/**
 * Passes `events` on. Calls `onEnd` once: at the end, when `events` fails, or when the reader cancels. The decision is null unless the run
 * was completed.
 */
export function readingDecision(
  events: ReadableStream<Uint8Array>,
  onEnd: (decision: string | null) => void,
): ReadableStream<Uint8Array> {
  const reader = events.getReader();
  const decoder = new TextDecoder();
  let decision: string | null = null;
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event === 'run.completed') decision = completed.parse(JSON.parse(data)).reflection.decision;
    },
  });
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        onEnd(decision);
        throw error;
      });
      if (done) {
        onEnd(decision);
        return controller.close();
      }
      parser.feed(decoder.decode(value, { stream: true }));
      controller.enqueue(value);
    },
    cancel(reason) {
      onEnd(decision);
      return reader.cancel(reason);
    },
  });
}
