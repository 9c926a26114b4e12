/** A cached reflection as a store holds it: the log as text, and beside it what tells whether the text is worth reading. */
import * as z from 'zod/mini';
import type { ReflectionEvent } from '../reflection/events.ts';
import type { CachedReflection } from './reflection-cache.ts';

/** Raised when events change so that this release cannot replay what another stored. */
const format = 1;

/** In letters of UTF-16. KV would take 25 MiB; what is longer than this costs more to read than it is worth. */
export const longestEntry = 2_097_152;

const entryHead = z.object({ format: z.literal(format), storedAt: z.int(), expiresAt: z.int() });

export type EntryHead = z.output<typeof entryHead>;

export interface CacheEntry {
  readonly head: EntryHead;
  readonly text: string;
}

const eventHead = z.looseObject({ id: z.int(), reflection_id: z.string(), at: z.string(), type: z.string() });

/** Our own event, stored by this format: its head is looked at, the rest is as it was written. */
const event = z.custom<ReflectionEvent>((value) => eventHead.safeParse(value).success);

/** A whole log: numbered from 1 without gaps, from `run.queued` to `run.completed`. */
const wholeLog = z
  .array(event)
  .check(
    z.refine(
      (events) =>
        events[0]?.type === 'run.queued' &&
        events.at(-1)?.type === 'run.completed' &&
        events.every(({ id }, index) => id === index + 1),
    ),
  );

/** Undefined when it is too long to be kept. */
export function packEntry({ events, storedAt }: CachedReflection, ttlSeconds: number): CacheEntry | undefined {
  const text = JSON.stringify(events);
  if (text.length > longestEntry) return undefined;
  return { head: { format, storedAt, expiresAt: storedAt + ttlSeconds * 1_000 }, text };
}

/** Undefined when it is too old, of another release, or damaged. */
export function unpackEntry(head: unknown, text: string, nowMs: number): CachedReflection | undefined {
  const readHead = entryHead.safeParse(head);
  // A store may give what has expired for a while yet.
  if (!readHead.success || readHead.data.expiresAt <= nowMs) return undefined;
  const log = wholeLog.safeParse(parsed(text));
  return log.success ? { events: log.data, storedAt: readHead.data.storedAt } : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
