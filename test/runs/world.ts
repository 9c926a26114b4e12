/** One run in a world of its own: virtual time, a disk that survives crashes, a model that says what a script says, and recipients that take what they are told to. */

import { expect } from 'vitest';
import { AppError, type ErrorCode, type LogEntry } from '../../src/errors.ts';
import { ObjectAlarm } from '../../src/object-alarm.ts';
import type { ReflectionEvent } from '../../src/reflection/events.ts';
import {
  Cancelled,
  type Model,
  type ModelCall,
  type ModelChunk,
  type ModelFacts,
  type Roster,
  type ToolCall,
} from '../../src/reflection/model.ts';
import { parseReflectionBody, type ReflectionBody, type ReflectionRequest } from '../../src/reflection/request.ts';
import { HostedRuns } from '../../src/runs/hosted-runs.ts';
import type { Run } from '../../src/runs/run.ts';
import { newRunId } from '../../src/runs/run-id.ts';
import type { ReflectionEngine, Retention, RunServices } from '../../src/runs/run-services.ts';
import type { RunOrder } from '../../src/runs/runs.ts';
import { isStoredFirst } from '../../src/runs/write-order.ts';
import { caller } from '../support/callers.ts';
import { eventsIn } from '../support/event-frames.ts';
import { ObjectDisk, ObjectInstance } from './object-instance.ts';
import { Recipients } from './recipients.ts';
import { smallReflect } from './small-engine.ts';
import { VirtualTime } from './virtual-time.ts';

/** What a pass is answered with. */
export interface Line {
  readonly tokens: readonly string[];
  /** What it calls beside its text. */
  readonly toolCalls?: readonly ToolCall[];
  readonly everyMs?: number;
  /** Attempts lost before the one that answers. */
  readonly lost?: number;
  readonly fails?: ErrorCode;
  readonly estimated?: boolean;
  /** How long the call waits for leave to be made. */
  readonly permitMs?: number;
}

export type Script = (call: ModelCall) => Line;

/** The object that a model is called from. */
interface Place {
  readonly instance: ObjectInstance;
  readonly lost: AbortSignal;
}

interface WorldOptions {
  readonly script?: Script;
  readonly reflect?: ReflectionEngine;
  readonly commitMs?: number;
  readonly retention?: Retention;
}

/** Whose the run is. */
export const { account } = caller;
export const runId = newRunId('ab'.repeat(32), (count) => new Uint8Array(count));
const model: ModelFacts = { id: 'large-1', class: 'large', contextTokens: 8_192, price: { input: 1, output: 2 } };
export const roster: Roster = {
  author: [model],
  critic: [model],
  reviser: [model],
  judge: [model],
  escalation: [model],
};

export const retention = { unstoredMs: 1_000_000, storedMs: 9_000_000 };

export class World {
  readonly time = new VirtualTime();
  readonly disk = new ObjectDisk();
  readonly logged: LogEntry[] = [];
  /** How often each pass was really asked. */
  readonly calls = new Map<string, number>();
  /** When each pass was asked first, in epoch milliseconds. */
  readonly askedAt = new Map<string, number>();
  /** Passes whose request was closed before it was answered. */
  readonly aborted: string[] = [];
  /** The rosters that executions of the run asked to be connected to. */
  readonly connected: Roster[] = [];
  /** Who is owed something at the run's end. */
  readonly recipients = new Recipients(this.time);
  /** What a tier holds now. */
  roster = roster;
  /** An alarm that has gone off and whose work is not done. */
  #alarmed: Promise<void> | undefined;
  readonly #options: WorldOptions;
  #lost = new AbortController();
  #alarm: ObjectAlarm | undefined;
  instance: ObjectInstance;
  #runs: HostedRuns;

  constructor(options: WorldOptions = {}) {
    this.#options = options;
    this.instance = this.#newInstance();
    this.#runs = this.#newRuns();
  }

  get run(): Run {
    return this.#runs.run(runId);
  }

  get store() {
    return this.instance.store;
  }

  /** As its account starts it. */
  start(order: RunOrder): void {
    const { run } = this;
    const { rows } = this.instance;
    rows.insert(rowOf(order, this.time.now()), 200, () => {});
    try {
      run.create(order);
      if (isStoredFirst({ ask: { idempotency: null }, order })) rows.flush(runId);
    } catch (error) {
      rows.takeBack(runId);
      run.discard();
      throw error;
    }
    run.start();
  }

  /** The object is lost, with all that was not committed, and found again by the next call. */
  crash(): void {
    this.instance.lose();
    // As on the platform, an alarm whose work was not done goes off again.
    if (this.#alarmed) this.disk.alarm ??= this.time.now() + 2_000;
    this.#alarmed = undefined;
    this.#lost.abort();
    this.#lost = new AbortController();
    this.instance = this.#newInstance();
    this.#runs = this.#newRuns();
  }

  /** Fires the alarm whenever it is due. */
  async watch(milliseconds: number, done: () => boolean): Promise<void> {
    const end = this.time.now() + milliseconds;
    while (!done() && this.time.now() < end) {
      // From one to the next, since an alarm may be set on the way.
      const next = Math.min(end, this.disk.alarm ?? end, this.time.nextTimer ?? end);
      await this.time.pass(Math.max(0, next - this.time.now()), done);
      if (!done() && this.disk.alarm !== undefined && this.disk.alarm <= this.time.now()) {
        this.ring();
        await this.time.pass(0);
      }
    }
    expect(this.recipients.contradictions).toEqual([]);
  }

  /** The alarm goes off. */
  ring(): void {
    this.disk.alarm = undefined;
    // Not awaited: what it waits for may be time.
    const alarmed = this.alarm().finally(() => {
      if (this.#alarmed === alarmed) this.#alarmed = undefined;
    });
    this.#alarmed = alarmed;
  }

  reader(after = 0): Reader {
    return new Reader(this.stream(after));
  }

  /** For a reader who takes the bytes one by one. */
  stream(after = 0): ReadableStream<Uint8Array> {
    const stream = this.run.follow(account, after);
    if (!(stream instanceof ReadableStream)) throw new Error('There is nothing to follow.');
    return stream;
  }

  /** What the object does at its alarm. */
  async alarm(): Promise<void> {
    const alarm = this.#alarm;
    await this.#runs.alarm();
    alarm?.setAgain();
  }

  #newInstance(): ObjectInstance {
    return new ObjectInstance(this.disk, runId, this.time, this.#options.commitMs ?? 2);
  }

  #newRuns(): HostedRuns {
    const { host, stores } = this.instance;
    const services: RunServices = {
      models: { roster: () => this.roster, connect: (seated, signal) => this.#connect(seated, signal) },
      reflect: this.#options.reflect ?? smallReflect,
      now: this.time.now,
      nonce: () => 'nonce',
      chance: () => 0,
      log: (entry) => this.logged.push(entry),
      retention: this.#options.retention ?? retention,
      ...this.recipients.services(this.disk, this.instance),
    };
    const alarm = new ObjectAlarm(host.setAlarm, () => this.#runs.nextDue());
    this.#alarm = alarm;
    return new HostedRuns(stores, { ...host, wakeAt: (epochMs) => alarm.wakeAt(epochMs) }, services);
  }

  #connect(seated: Roster, signal: AbortSignal): Model {
    this.connected.push(seated);
    const place = { instance: this.instance, lost: this.#lost.signal };
    return { ask: (call) => this.#answer(call, signal, place) };
  }

  /** A model whose object was lost says nothing more, and nothing of what was under way there goes on. */
  async *#answer(call: ModelCall, signal: AbortSignal, place: Place): AsyncGenerator<ModelChunk> {
    const line = (this.#options.script ?? defaultScript)(call);
    const { tokens, everyMs = 5, lost = 0, fails, estimated = false, permitMs, toolCalls } = line;
    let answered = false;
    try {
      if (permitMs !== undefined) await this.#sleep(permitMs, signal, place);
      for (let attempt = 1; attempt <= lost + 1; attempt++) {
        yield { type: 'start', attempt, model: model.id };
        // As in a Durable Object, no request leaves before what was written until then is stored.
        await place.instance.host.confirmed();
        if (attempt === 1) this.calls.set(call.pass, (this.calls.get(call.pass) ?? 0) + 1);
        if (!this.askedAt.has(call.pass)) this.askedAt.set(call.pass, this.time.now());
        await this.#sleep(20, signal, place);
        for (const text of attempt <= lost ? tokens.slice(0, 2) : tokens) {
          yield { type: 'delta', text };
          await this.#sleep(everyMs, signal, place);
        }
        if (attempt <= lost) yield { type: 'lost', attempt, code: 'upstream_busy', message: 'busy' };
      }
      answered = true;
      if (fails) throw new AppError(fails, `failed with ${fails}`);
      const usage = estimated ? null : { inputTokens: 10, outputTokens: tokens.length, neurons: 3 };
      if (toolCalls) yield { type: 'finish', reason: 'tool_calls', usage, toolCalls };
      else yield { type: 'finish', reason: 'stop', usage };
    } finally {
      if (!answered) this.aborted.push(call.pass);
    }
  }

  async #sleep(milliseconds: number, signal: AbortSignal, place: Place): Promise<void> {
    await this.time.sleep(milliseconds, signal).catch(() => {
      throw new Cancelled();
    });
    if (place.lost.aborted) await new Promise<never>(() => {});
  }
}

/** What an account inserts when it admits a run. */
function rowOf({ key }: RunOrder, now: number) {
  return {
    id: runId,
    key_id: key,
    admitted_at: now,
    held_tokens: 0,
    held_nanodollars: 0,
    expires_at: now,
    single_flight: null,
    stored: 0,
    member: null,
  };
}

/** A draft of a few words, a critic who finds nothing. */
export const defaultScript: Script = ({ role }) =>
  role === 'critique'
    ? { tokens: ['{"verdict":"pass",', '"issues":[]}'] }
    : { tokens: ['Two ', 'and ', 'two ', 'is ', 'four.'] };

export function requestOf(body: ReflectionBody): ReflectionRequest {
  return parseReflectionBody(body);
}

/** Reads a stream of events to its end, as a client does. */
export class Reader {
  readonly events: ReflectionEvent[] = [];
  text = '';
  ended = false;
  readonly #stream: ReadableStreamDefaultReader<Uint8Array>;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#stream = stream.getReader();
    void this.#read();
  }

  get lastId(): number {
    return this.events.at(-1)?.id ?? 0;
  }

  leave(): Promise<void> {
    return this.#stream.cancel();
  }

  async #read(): Promise<void> {
    for (;;) {
      const { value, done } = await this.#stream.read();
      if (done) break;
      const text = new TextDecoder().decode(value);
      this.text += text;
      this.events.push(...eventsIn(text));
    }
    this.ended = true;
  }
}
