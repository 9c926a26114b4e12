/**
 * `Runs` in memory, over any engine: what the HTTP API is tested against without a Durable Object. A run goes on by itself, readers get
 * the log and then what follows, and an engine's failure ends the run as it would end it for good.
 */
import type { AccountId } from '../../src/accounts/accounts.ts';
import { AppError } from '../../src/errors.ts';
import { type Ending, runErrorOf } from '../../src/reflection/ending.ts';
import { frame } from '../../src/reflection/event-frame.ts';
import { type EngineEvent, isTerminal, type ReflectionEvent } from '../../src/reflection/events.ts';
import { Cancelled } from '../../src/reflection/model.ts';
import type { Reflection } from '../../src/reflection/record.ts';
import { withRequest } from '../../src/reflection/record.ts';
import { Recorder } from '../../src/reflection/recorder.ts';
import type { ReflectionRequest } from '../../src/reflection/request.ts';
import type { EndedBefore, Feedback, RunId, RunOrder, Runs } from '../../src/runs/runs.ts';
import { settlementOf } from '../../src/runs/settlement.ts';

/** Works on a request until it is done, or until the signal aborts: then it throws `Cancelled`. */
export type Engine = (request: ReflectionRequest, signal: AbortSignal) => AsyncIterable<EngineEvent>;

export function memoryRuns(engine: Engine, now: () => number = Date.now): Runs {
  const runs = new Map<string, MemoryRun>();
  const deleted = new Set<string>();
  const said = new Map<string, Feedback>();
  let ids = 0;
  const find = (account: AccountId, id: string): MemoryRun | undefined => {
    const run = runs.get(id);
    return run?.order.account === account ? run : undefined;
  };
  const start = (id: string, order: RunOrder | undefined): void => {
    if (order && !runs.has(id) && !deleted.has(id)) runs.set(id, new MemoryRun(id, order, engine, now));
  };
  return {
    prepare: async () => {},
    newId() {
      ids += 1;
      return asRunId(`refl_memory${ids}`);
    },
    start: async (id, order) => start(id, order),
    async read(account, id) {
      const run = find(account, id);
      return run && withRequest(run.record, run.order.request);
    },
    async settled(account, id, order) {
      start(id, order);
      return find(account, id)?.settled;
    },
    async follow(account, id, after, order) {
      start(id, order);
      return find(account, id)?.follow(after);
    },
    async cancel(account, id) {
      const run = find(account, id);
      await run?.cancel();
      return run?.record;
    },
    async rate(account, id, feedback) {
      if (!find(account, id)) return false;
      said.set(id, feedback);
      return true;
    },
    feedback: async (account, id) => (find(account, id) ? (said.get(id) ?? null) : undefined),
    async delete(account, id) {
      const run = find(account, id);
      await run?.cancel();
      if (run) deleted.add(id);
      return run !== undefined && runs.delete(id);
    },
    async became(account, id) {
      const run = find(account, id);
      return run && (settlementOf(run.record) ?? 'running');
    },
  };
}

function isRunId(id: string): id is RunId {
  return id.startsWith('refl_');
}

function asRunId(id: string): RunId {
  if (!isRunId(id)) throw new Error(`${id} is not a run's id`);
  return id;
}

class MemoryRun {
  readonly order: RunOrder;
  readonly settled: Promise<Reflection>;
  readonly #recorder: Recorder;
  readonly #events: ReflectionEvent[] = [];
  readonly #readers = new Set<() => void>();
  readonly #abort = new AbortController();

  constructor(id: string, order: RunOrder, engine: Engine, now: () => number) {
    const { request, cache } = order;
    this.order = order;
    this.#recorder = new Recorder(id, now);
    this.#append(this.#recorder.queued(request.include, request.metadata, cache.status));
    this.settled = this.#work(engine(request, this.#abort.signal));
  }

  get record(): Reflection {
    return this.#recorder.record;
  }

  get #ending(): ReflectionEvent | undefined {
    const last = this.#events.at(-1);
    return last && isTerminal(last.type) ? last : undefined;
  }

  async cancel(): Promise<void> {
    this.#abort.abort();
    await this.settled;
  }

  follow(after: number): ReadableStream<Uint8Array> | EndedBefore {
    const ending = this.#ending;
    if (ending && after > ending.id) return { lastEventId: ending.id };
    const encoder = new TextEncoder();
    let next = after;
    let wake = (): void => {};
    return new ReadableStream({
      start: (controller) => {
        wake = () => {
          for (; next < this.#events.length; next++) {
            const event = this.#events[next];
            if (event) controller.enqueue(encoder.encode(frame(event)));
          }
          const last = this.#ending;
          if (!last) return;
          // A reader who was ahead of the run is told its end too.
          if (next > last.id) controller.enqueue(encoder.encode(frame(last)));
          this.#readers.delete(wake);
          controller.close();
        };
        this.#readers.add(wake);
        wake();
      },
      cancel: () => {
        this.#readers.delete(wake);
      },
    });
  }

  async #work(steps: AsyncIterable<EngineEvent>): Promise<Reflection> {
    try {
      for await (const step of steps) this.#append(this.#recorder.stamp(step));
    } catch (error) {
      this.#append(this.#recorder.end(endingOf(error)));
    }
    return this.record;
  }

  #append(event: ReflectionEvent): void {
    this.#events.push(event);
    for (const wake of [...this.#readers]) wake();
  }
}

function endingOf(error: unknown): Ending {
  if (error instanceof Cancelled) return { type: 'cancelled' };
  if (error instanceof AppError) return { type: 'failed', error: runErrorOf(error) };
  return { type: 'failed', error: { code: 'upstream_failed', message: 'The run broke off.' } };
}
