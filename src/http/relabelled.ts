/** A joined run as the joining request sees it: the same events and id, with this request's metadata and cache status. */

import { frame } from '../reflection/event-frame.ts';
import type { ReflectionEvent } from '../reflection/events.ts';
import type { Reflection } from '../reflection/record.ts';

type Label = Pick<Reflection, 'metadata' | 'cache'>;

export function relabelledRecord(record: Reflection, label: Label): Reflection {
  return { ...record, ...label };
}

/** Rewrites the frames that carry a label. All others pass unchanged. */
export function relabelledStream(bytes: ReadableStream<Uint8Array>, label: Label): ReadableStream<Uint8Array> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let rest = '';
  return bytes.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        const frames = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
        rest = frames.pop() ?? '';
        const text = frames.map((text) => relabelledFrame(`${text}\n\n`, label)).join('');
        if (text !== '') controller.enqueue(encoder.encode(text));
      },
    }),
  );
}

const labelled = /^id: \d+\nevent: run\.(?:queued|completed|failed|cancelled)\ndata: /;

function relabelledFrame(text: string, label: Label): string {
  const head = labelled.exec(text)?.[0];
  if (head === undefined) return text;
  const event: ReflectionEvent = JSON.parse(text.slice(head.length));
  return frame(relabelled(event, label));
}

function relabelled(event: ReflectionEvent, label: Label): ReflectionEvent {
  if (event.type === 'run.queued') return { ...event, metadata: label.metadata };
  return 'reflection' in event ? { ...event, reflection: relabelledRecord(event.reflection, label) } : event;
}
