/** A cached reflection as it is stored: the event log as text, and a head that tells whether the text can be used. */
import * as z from 'zod/mini';
import { valueOfJson } from '../encoding.ts';
import type { ReflectionEvent } from '../reflection/events.ts';
import { isRecord } from '../reflection/is-record.ts';
import type { CachedReflection } from './reflection-cache.ts';

/** To be raised when events change so that one release cannot replay what another stored. */
const format = 1;

/** In UTF-16 code units. KV allows 25 MiB, but reading a longer entry costs more than the cache saves. */
export const longestEntry = 2_097_152;

const entryHead = z.object({ format: z.literal(format), storedAt: z.int(), expiresAt: z.int() });

export type EntryHead = z.output<typeof entryHead>;

export interface CacheEntry {
  readonly head: EntryHead;
  readonly text: string;
}

/** An event that this format stored. Only its common members are checked, and not by a schema of their own: that would copy each event. */
const event = z.custom<ReflectionEvent>(
  (value) =>
    isRecord(value) &&
    Number.isSafeInteger(value['id']) &&
    [value['reflection_id'], value['at'], value['type']].every((text) => typeof text === 'string'),
);

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

/** Undefined when the log is too long to be stored. */
export function packEntry({ events, storedAt }: CachedReflection, ttlSeconds: number): CacheEntry | undefined {
  const text = JSON.stringify(events);
  if (text.length > longestEntry) return undefined;
  return { head: { format, storedAt, expiresAt: storedAt + ttlSeconds * 1_000 }, text };
}

/** Undefined when the entry is expired, of another format, or damaged. */
export function unpackEntry(head: unknown, text: string, nowMs: number): CachedReflection | undefined {
  const readHead = entryHead.safeParse(head);
  // A store may still return an entry shortly after it expired.
  if (!readHead.success || readHead.data.expiresAt <= nowMs) return undefined;
  const log = wholeLog.safeParse(valueOfJson(text));
  return log.success ? { events: log.data, storedAt: readHead.data.storedAt } : undefined;
}
