/** An event on the wire: one frame of a server-sent event stream, as runs pass them on. https://html.spec.whatwg.org/multipage/server-sent-events.html */
import type { ReflectionEvent } from './events.ts';

export function frame(event: ReflectionEvent): string {
  return `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
