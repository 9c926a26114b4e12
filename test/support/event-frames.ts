/** Reads server-sent events as a client does. */
import type { ReflectionEvent } from '../../src/reflection/events.ts';

/** The events of whole frames; comments are left out. Their `id` and `event` lines must agree with their data. */
export function eventsIn(frames: string): ReflectionEvent[] {
  return frames
    .split('\n\n')
    .filter((frame) => frame.startsWith('id: '))
    .map((frame) => {
      const [, id, type, data] = /^id: (\d+)\nevent: (.+)\ndata: (.+)$/.exec(frame) ?? [];
      const event: ReflectionEvent = JSON.parse(data ?? 'null');
      if (event.id !== Number(id) || event.type !== type) throw new Error(`A frame that contradicts itself: ${frame}`);
      return event;
    });
}
