/** What an object's statements wrote, read back from their texts and bindings, so that it can be told once it is committed. */
import { z } from 'zod';
import type { KeyedRun } from '../../src/accounts/account-store.ts';
import type { Amounts, Lease, LeaseEnd } from '../../src/accounts/lease.ts';
import type { SqlValue } from '../../src/object-storage.ts';
import { unpackEvents } from '../../src/packed-events.ts';
import type { ReflectionEvent } from '../../src/reflection/events.ts';
import { decisions } from '../../src/reflection/record.ts';
import type { RunSpec } from '../../src/runs/run-store.ts';

/** A lease without the key that it was asked for with. */
export type AdmittedLease = Omit<Lease, 'key'>;

export interface CommitListener {
  begun(run: string, spec: RunSpec): void;
  stored(run: string, events: readonly ReflectionEvent[]): void;
  /** The whole log of a run that ends, in place of what was stored of it. */
  rewritten(run: string, events: readonly ReflectionEvent[]): void;
  removed(run: string): void;
  admitted(lease: AdmittedLease): void;
  /** The lease holds so much from now on. */
  raised(run: string, reserved: Amounts): void;
  ended(end: LeaseEnd): void;
  /** An `Idempotency-Key` stands for a run from now on. */
  keyed(keyed: KeyedRun): void;
  forgotten(run: string): void;
}

/** Columns and what was bound to them. */
type Row = Readonly<Record<string, SqlValue>>;

const status = z.enum(['completed', 'failed', 'cancelled']);
const inserted = z.object({
  id: z.string(),
  admitted_at: z.number(),
  held_tokens: z.number(),
  held_nanodollars: z.number(),
  expires_at: z.number(),
  single_flight: z.string().nullable(),
  stored: z.number(),
  member: z.string().nullable(),
  ended_at: z.number().nullable(),
  /** NULL for a run that was removed before it was stored. */
  spec: z.string().nullable(),
  events: z.string().nullable(),
});
const raise = z.object({ id: z.string(), held_tokens: z.number(), held_nanodollars: z.number() });
const changed = z.object({ id: z.string(), events: z.string().nullish() });
const ending = z.object({
  id: z.string(),
  ended_at: z.number(),
  status,
  decision: z.enum(decisions).nullable(),
  used_tokens: z.number(),
  used_nanodollars: z.number(),
  passes: z.string(),
});
/** A batch of a simulated run is never so long that it takes several rows. */
const logRow = z.object({ run: z.string(), part: z.literal(0), events: z.string() });
const keyedRow = z.object({ idempotency_key: z.string(), body_hash: z.string(), run: z.string(), at: z.number() });

/** By what is written. */
const tellers: Readonly<Record<string, (row: Row, listener: CommitListener) => void>> = {
  'INSERT run': (row, listener) => {
    const { id, spec, events, ...lease } = inserted.parse(row);
    if (spec !== null) listener.begun(id, JSON.parse(spec));
    listener.admitted({
      run: id,
      admittedAt: lease.admitted_at,
      reserved: { tokens: lease.held_tokens, nanodollars: lease.held_nanodollars },
      expiresAt: lease.expires_at,
      singleFlightKey: lease.single_flight,
      stored: lease.stored === 1,
      member: lease.member,
    });
    if (events !== null) listener.stored(id, unpackEvents(id, events));
    if (lease.ended_at !== null) tellEnd(row, listener);
    if (spec === null) tellRemoval(id, listener);
  },
  'UPDATE run': (row, listener) => {
    if ('held_tokens' in row) tellRaise(row, listener);
    const { id, events } = changed.parse(row);
    if (events != null) listener.rewritten(id, unpackEvents(id, events));
    if ('ended_at' in row) tellEnd(row, listener);
    if (row['spec'] === null) tellRemoval(String(row['id']), listener);
    else if (row['stored'] === 0) listener.forgotten(String(row['id']));
  },
  'INSERT log': (row, listener) => {
    const { run, events } = logRow.parse(row);
    listener.stored(run, unpackEvents(run, events));
  },
  'INSERT keyed': (row, listener) => {
    const { idempotency_key, body_hash, run, at } = keyedRow.parse(row);
    listener.keyed({ idempotencyKey: idempotency_key, bodyHash: body_hash, run, at });
  },
};

function tellRaise(row: Row, listener: CommitListener): void {
  const { id, held_tokens, held_nanodollars } = raise.parse(row);
  listener.raised(id, { tokens: held_tokens, nanodollars: held_nanodollars });
}

function tellEnd(row: Row, listener: CommitListener): void {
  const { id, ended_at, status, decision, used_tokens, used_nanodollars, passes } = ending.parse(row);
  const used = { tokens: used_tokens, nanodollars: used_nanodollars };
  listener.ended({ run: id, settledAt: ended_at, status, decision, used, passes: JSON.parse(passes) });
}

function tellRemoval(run: string, listener: CommitListener): void {
  listener.forgotten(run);
  listener.removed(run);
}

/** What a statement writes, and the columns that its bindings stand for in their order. */
interface Shape {
  readonly tell: ((row: Row, listener: CommitListener) => void) | undefined;
  readonly columns: readonly string[];
}

const shapes = new Map<string, Shape>();

/** Whether there is anything to be told of what the statement writes. */
export function isTold(query: string): boolean {
  return shapeOf(query).tell !== undefined;
}

/** Tells what a committed statement wrote. */
export function tellWritten(query: string, bindings: readonly SqlValue[], listener: CommitListener): void {
  const { tell, columns } = shapeOf(query);
  tell?.(Object.fromEntries(columns.map((column, index) => [column, bindings[index] ?? null])), listener);
}

function shapeOf(query: string): Shape {
  const known = shapes.get(query) ?? readShape(query);
  shapes.set(query, known);
  return known;
}

function readShape(query: string): Shape {
  const insert = /^\s*INSERT (?:OR REPLACE )?INTO (\w+) \(([^)]*)\)/.exec(query);
  if (insert) {
    const columns = (insert[2] ?? '').split(',').map((name) => name.trim());
    return { tell: tellers[`INSERT ${insert[1]}`], columns };
  }
  const change = /^\s*(UPDATE|DELETE) (?:FROM )?(\w+)/.exec(query);
  const columns = [...query.matchAll(/(\w+) = \?/g)].map(([, name]) => name ?? '');
  return { tell: change ? tellers[change.slice(1).filter(Boolean).join(' ')] : undefined, columns };
}
