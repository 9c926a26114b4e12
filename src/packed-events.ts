/**
 * Events of one run as they are stored: the deltas of an attempt together, its text once beside the numbers from which each delta is read back
 * exactly as it was. A delta is some 200 bytes of JSON, and a handful so. Pure.
 */
import type { ReflectionEvent } from './reflection/events.ts';

type Delta = Extract<ReflectionEvent, { type: 'pass.delta' }>;

/** Deltas of one attempt in a row, but for those of other passes between them. A list, so that it cannot be taken for an event. */
type PackedDeltas = readonly [
  pass: string,
  attempt: number,
  /** Of the first delta; each other one begins where the one before ends. */
  offset: number,
  /** Of all deltas. */
  text: string,
  /** Of the text of each, in UTF-16 code units. */
  lengths: readonly number[],
  /** The first id, and each id's distance from the one before; the first alone where all follow one another. */
  ids: number | readonly number[],
  /** The first time in epoch milliseconds, and each time's distance from the one before. */
  times: readonly number[],
];

interface OpenPack {
  readonly deltas: Delta[];
  /** Of each, in epoch milliseconds. */
  readonly times: number[];
  /** Where the next delta begins. */
  end: number;
}

/** Events of the run `id`, in the order of their ids, as the text of a JSON array. */
export function packEvents(id: string, events: readonly ReflectionEvent[]): string {
  const packed: (ReflectionEvent | PackedDeltas)[] = [];
  /** Of the deltas since the last event of another kind. */
  let open = new Map<string, OpenPack>();
  const close = (): void => {
    for (const pack of open.values()) packed.push(packedOf(pack));
    open = new Map();
  };
  for (const event of events) {
    const time = event.type === 'pass.delta' && event.reflection_id === id ? timeOf(event.at) : undefined;
    if (event.type !== 'pass.delta' || time === undefined) {
      close();
      packed.push(event);
      continue;
    }
    const attempt = `${event.attempt} ${event.pass}`;
    if (open.has(attempt) && open.get(attempt)?.end !== event.offset) close();
    const pack = open.get(attempt) ?? { deltas: [], times: [], end: event.offset };
    pack.deltas.push(event);
    pack.times.push(time);
    pack.end += event.text.length;
    open.set(attempt, pack);
  }
  close();
  return JSON.stringify(packed);
}

/** The events of the run `id` that a text of `packEvents` holds. */
export function unpackEvents(id: string, text: string): ReflectionEvent[] {
  const packed: readonly (ReflectionEvent | PackedDeltas)[] = JSON.parse(text);
  const events = packed.flatMap((each) => (isPacked(each) ? deltasOf(id, each) : each));
  return events.sort((one, other) => one.id - other.id);
}

/** Two texts of `packEvents`, of events that follow one another, as one. */
export function joinPacked(texts: readonly string[]): string {
  return `[${texts.map((text) => text.slice(1, -1)).join(',')}]`;
}

/** Epoch milliseconds; undefined for a time that would be read back written otherwise. */
function timeOf(at: string): number | undefined {
  const time = Date.parse(at);
  return !Number.isNaN(time) && isoOf(time) === at ? time : undefined;
}

function isPacked(each: ReflectionEvent | PackedDeltas): each is PackedDeltas {
  return Array.isArray(each);
}

function packedOf({ deltas, times }: OpenPack): PackedDeltas {
  const [first] = deltas;
  if (!first) throw new Error('A pack holds a delta at least.');
  const ids = distances(deltas.map((delta) => delta.id));
  return [
    first.pass,
    first.attempt,
    first.offset,
    deltas.map((delta) => delta.text).join(''),
    deltas.map((delta) => delta.text.length),
    ids.slice(1).every((distance) => distance === 1) ? first.id : ids,
    distances(times),
  ];
}

function deltasOf(id: string, [pass, attempt, offset, text, lengths, ids, times]: PackedDeltas): Delta[] {
  let [from, number, time] = [0, 0, 0];
  return lengths.map((length, index) => {
    number += typeof ids === 'number' ? (index === 0 ? ids : 1) : (ids[index] ?? 1);
    time += times[index] ?? 0;
    const delta: Delta = {
      id: number,
      reflection_id: id,
      at: isoOf(time),
      type: 'pass.delta',
      pass,
      attempt,
      offset: offset + from,
      text: text.slice(from, from + length),
    };
    from += length;
    return delta;
  });
}

/** The first, and of each other one how far it is from the one before. */
function distances(numbers: readonly number[]): number[] {
  return numbers.map((number, index) => number - (numbers[index - 1] ?? 0));
}

function isoOf(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
