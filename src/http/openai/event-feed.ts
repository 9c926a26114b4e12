/** Reads the events of a run out of the bytes of its server-sent events, however these are cut. */
import { createParser } from 'eventsource-parser';
import type { ReflectionEvent } from '../../reflection/events.ts';

/** What is returned takes the bytes as they come. The run's own object wrote them. */
export function eventFeed(
  onEvent: (event: ReflectionEvent) => void,
  onComment?: (comment: string) => void,
): (bytes: Uint8Array) => void {
  const decoder = new TextDecoder();
  const parser = createParser({
    onEvent: ({ data }) => onEvent(JSON.parse(data)),
    ...(onComment && { onComment }),
  });
  return (bytes) => parser.feed(decoder.decode(bytes, { stream: true }));
}
