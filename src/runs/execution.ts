/** One execution of a run: the engine working in one place, from a start or a resumption until the run ends or the place is lost. */
import { AppError, whereFrom } from '../errors.ts';
import type { Spending } from '../reflection/budget.ts';
import { type Ending, runErrorOf } from '../reflection/ending.ts';
import type { EngineEvent, ReflectionEvent } from '../reflection/events.ts';
import { Cancelled } from '../reflection/model.ts';
import { withTimeLimit } from '../time-limit.ts';
import { ToldEvents } from './event-key.ts';
import type { EventLog } from './event-log.ts';
import { ReplayClock } from './replay-clock.ts';
import { replayedModel } from './replay-model.ts';
import type { RunModel, RunServices } from './run-services.ts';
import type { RunHost, RunSpec } from './run-store.ts';
import { storedPasses } from './stored-passes.ts';

/** What an engine that is told to stop may take to say what it used. */
const unwindMs = 1_000;

export class Execution {
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Settles when the engine has ended; rejects when its events could not be stored. */
  readonly over: Promise<void>;
  readonly #log: EventLog;
  readonly #host: RunHost;
  readonly #services: RunServices;
  readonly #abort = new AbortController();
  #stopping: Ending | undefined;

  /** `stored` is the log where it broke off; empty at a first start. */
  constructor(spec: RunSpec, log: EventLog, stored: readonly ReflectionEvent[], host: RunHost, services: RunServices) {
    this.startedAt = services.now();
    this.#log = log;
    this.#host = host;
    this.#services = services;
    this.over = this.#run(spec, stored);
  }

  /** Ends the run this way and closes the requests to models; waits until the log has ended, a second at most. */
  async stop(ending: Ending): Promise<void> {
    this.#stopping ??= ending;
    this.#abort.abort(new Cancelled());
    const unwound = withTimeLimit(unwindMs, this.over, (milliseconds, pass) => this.#host.after(milliseconds, pass));
    await unwound.catch(() => undefined);
    if (!this.#log.isOver) this.#log.end(this.#stopping);
  }

  /** Closes the requests to models, since nothing that they bring can be stored. */
  abandon(): void {
    this.#abort.abort(new Cancelled());
  }

  #connect({ roster, order: { request, account } }: RunSpec): RunModel {
    // Whoever asked for a stream is about to follow it.
    const watched = (): boolean => request.stream || this.#log.followed;
    const waited = !request.stream && !request.background;
    return this.#services.models.connect(roster, this.#abort.signal, account, watched, waited, (milliseconds, work) =>
      this.#host.limit(milliseconds, work),
    );
  }

  #engine(spec: RunSpec, stored: readonly ReflectionEvent[], live: RunModel): AsyncIterable<EngineEvent> {
    const { reflect, now, account: keeper } = this.#services;
    const { roster, nonce, startedAt } = spec;
    const { request } = spec.order;
    const given = { roster, nonce, startedAt, reserve: (total: Spending) => keeper.topUp(this.#log.record.id, total) };
    if (stored.length === 0) return reflect(request, { ...given, model: live, now });
    const passes = storedPasses(stored);
    const clock = new ReplayClock(
      {
        startedAt,
        deadlineAt: startedAt + request.budget.deadline_ms,
        passes: passes.size,
      },
      now,
    );
    return reflect(request, { ...given, model: replayedModel(passes, live, clock), now: clock.now });
  }

  async #run(spec: RunSpec, stored: readonly ReflectionEvent[]): Promise<void> {
    const told = new ToldEvents(stored);
    let live: RunModel | undefined;
    try {
      live = this.#connect(spec);
      for await (const event of this.#engine(spec, stored, live)) {
        // The log may have ended by force meanwhile.
        if (this.#log.isOver) return;
        if (!told.take(event)) this.#log.add(event);
      }
      if (!this.#log.isOver) throw new Error('The engine ended without an outcome.');
    } catch (error) {
      if (!this.#log.isOver) this.#log.end(this.#stopping ?? this.#endingOf(error));
    } finally {
      // Whatever the engine left under way is not waited for by anybody.
      if (!live?.isIdle) this.#abort.abort(new Cancelled());
    }
  }

  #endingOf(error: unknown): Ending {
    if (error instanceof Cancelled) return { type: 'cancelled' };
    if (error instanceof AppError) return { type: 'failed', error: runErrorOf(error) };
    const { id } = this.#log.record;
    this.#services.log({ level: 'error', event: 'run.broke', reflection_id: id, ...whereFrom(error) });
    const message = 'The run broke off for a reason within the service.';
    return { type: 'failed', error: { code: 'upstream_failed', message } };
  }
}
