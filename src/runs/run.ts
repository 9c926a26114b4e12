/** A reflection as a state machine: started, resumed after a loss, read, followed, stopped, kept and removed. Knows no platform. */
import type { AccountId, Settlement } from '../accounts/accounts.ts';
import { AppError, whereFrom } from '../errors.ts';
import type { Ending } from '../reflection/ending.ts';
import { isTerminal, type ReflectionEvent } from '../reflection/events.ts';
import type { Reflection } from '../reflection/record.ts';
import { withRequest } from '../reflection/record.ts';
import { endBroken } from './broken-passes.ts';
import { eventFrames } from './event-frames.ts';
import { Execution } from './execution.ts';
import { nextDue, overdueAt } from './next-due.ts';
import { OpenRun } from './open-run.ts';
import type { RunServices } from './run-services.ts';
import { type RunMeta, type RunSpec, type RunStore, storedEvents } from './run-store.ts';
import type { EndedBefore, Feedback, RunOrder } from './runs.ts';
import { settlementOf } from './settlement.ts';

/** A run that takes its place down with it every time is not started for ever. */
const mostExecutions = 10;

/** What storage that refused a run's events is given before a caller who waits for the run asks it again. */
const storageRestMs = 1_000;

/** As long as an `Idempotency-Key` leads to a run. */
const lateStartMs = 24 * 3_600_000;

/** A place that was made ready is taken within half a minute, or not at all. */
const unusedMs = 60_000;

const firstMeta: RunMeta = { executions: 1, outbox: null, feedback: null };

/** Whoever asks names an account; a run of another one is answered like none. */
export class Run {
  readonly #id: string;
  readonly #store: RunStore;
  readonly #services: RunServices;
  #open: OpenRun | undefined;
  /** Whoever starts it late, having joined it before it was removed, does not start it anew; once this instance of the object is lost, the store's mark says so. */
  #removed = false;

  constructor(id: string, store: RunStore, services: RunServices) {
    this.#id = id;
    this.#store = store;
    this.#services = services;
  }

  /** Makes its place ready for a start: what the first batch needs is there, and an alarm that takes it away should nobody come. */
  prepare(): void {
    if (this.#removed || this.#find()) return;
    this.#store.prepare();
    this.#store.wakeAt(this.#services.now() + unusedMs);
  }

  /**
   * Starts the run; started again, it stays the run it is. One in the background or with a webhook is stored first; another's first batch
   * follows the model's request, whose answer hides it, and a crash before that leaves no trace of it.
   */
  start(order: RunOrder): void {
    if (this.#removed || this.#find() || this.#store.markedUntil() !== undefined) return;
    const { models, nonce, now } = this.#services;
    const { background, tier, webhook } = order.request;
    const spec: RunSpec = { order, roster: models.roster(tier), nonce: nonce(), startedAt: now() };
    const run = this.#take(spec, firstMeta, []);
    run.log.queued(order);
    if (background || webhook !== undefined) run.log.flush();
    this.#begin(run);
  }

  /** The record so far; undefined when there is no run here. */
  read(account: AccountId): Reflection | undefined {
    const run = this.#findAwake(account);
    return run && withRequest(run.log.record, run.spec.order.request);
  }

  /** Waits for the end and gives the record. */
  async settled(account: AccountId): Promise<Reflection | undefined> {
    let run = this.#findAwake(account);
    for (let execution = 1; run && execution <= mostExecutions; execution += 1) {
      while (!run.log.closed) await run.log.changed;
      if (!run.lost) {
        const { record } = run.log;
        if (settlementOf(record)?.retryable) await run.delivery.settleSoon().catch(() => undefined);
        return record;
      }
      run = await this.#findAgain(account);
    }
    if (!run) return undefined;
    throw runLost();
  }

  /** Server-sent events after the one numbered `after`. */
  follow(account: AccountId, after: number): ReadableStream<Uint8Array> | EndedBefore | undefined {
    const run = this.#findAwake(account);
    if (!run) return undefined;
    run.log.follow();
    const { ending } = run.log;
    if (ending && after > ending.id) return { lastEventId: ending.id };
    return eventFrames(run.log, after, (milliseconds, work) => this.#store.after(milliseconds, work));
  }

  /** Ends the run as cancelled, unless it has ended, and gives its record. */
  async cancel(account: AccountId): Promise<Reflection | undefined> {
    const run = this.#find(account);
    if (run) await this.#stop(run, { type: 'cancelled' });
    return run?.log.record;
  }

  /** Keeps what somebody thinks of it. False when there is none. */
  rate(account: AccountId, feedback: Feedback): boolean {
    const run = this.#findAwake(account);
    if (!run) return false;
    // Notes on a run that nothing is stored of would never be removed.
    run.log.flush();
    run.updateMeta({ feedback });
    return true;
  }

  /** What somebody thought of it: null when nobody said, undefined when there is no run here. */
  feedback(account: AccountId): Feedback | null | undefined {
    return this.#findAwake(account)?.meta.feedback;
  }

  /**
   * Removes the run and everything stored for it. False when there is none. `unsettled`: its cost could not be settled, or its answer not
   * taken out of the cache, so it is still there.
   */
  async delete(account: AccountId): Promise<boolean | 'unsettled'> {
    const run = this.#find(account);
    if (!run) return false;
    await this.#stop(run, { type: 'cancelled' });
    const closed = await run.delivery.close();
    if (closed) await this.#remove(run, this.#services.now() + lateStartMs);
    return closed || 'unsettled';
  }

  /** What became of it, for an account that has not heard. */
  became(account: AccountId): Settlement | 'running' | undefined {
    const run = this.#findAwake(account);
    // One that was lost as soon as it had ended has none.
    if (run?.log.ending) run.setAlarm();
    return run && (settlementOf(run.log.record) ?? 'running');
  }

  /** Heartbeat, watchdog, outbox and removal. */
  async alarm(): Promise<void> {
    const late = this.#find();
    if (late?.execution && late.log.endedAt === null && this.#services.now() >= overdueAt(late.deadlines)) {
      await this.#stop(late, {
        type: 'failed',
        error: { code: 'deadline', message: 'The run did not end by its deadline.' },
      });
    }
    const run = this.#findAwake();
    if (!run) return this.#sweep();
    const { deadlines } = run;
    if (deadlines.deliversAt !== null) return run.deliver();
    const now = this.#services.now();
    if (deadlines.endedAt !== null && now >= nextDue(deadlines, now)) return this.#remove(run);
    run.setAlarm();
  }

  #find(account?: AccountId): OpenRun | undefined {
    const run = this.#open ?? this.#restore();
    return account === undefined || run?.spec.order.account === account ? run : undefined;
  }

  #restore(): OpenRun | undefined {
    const spec = this.#store.spec();
    const last = spec && this.#store.lastBatch();
    if (!spec || !last) return undefined;
    const ended = isTerminal(last.events.at(-1)?.type ?? '');
    const stored = ended ? last.events : [...storedEvents(this.#store)];
    const run = this.#take(spec, this.#store.meta() ?? firstMeta, stored);
    run.log.restore(stored, last.reservedTo);
    return run;
  }

  #take(spec: RunSpec, meta: RunMeta, stored: readonly ReflectionEvent[]): OpenRun {
    const run = new OpenRun(this.#id, { spec, meta, stored }, this.#store, this.#services);
    this.#open = run;
    return run;
  }

  /** The run, going on if it had been lost. */
  #findAwake(account?: AccountId): OpenRun | undefined {
    const run = this.#find(account);
    if (run && !run.execution && run.log.endedAt === null) this.#resume(run);
    return run;
  }

  /** The run in its next execution, once storage has it and takes more; an error when it has no trace of it or refuses for too long. */
  async #findAgain(account: AccountId): Promise<OpenRun> {
    for (let tries = 1; tries <= mostExecutions; tries += 1) {
      await new Promise<void>((resolve) => this.#store.after(storageRestMs, resolve));
      try {
        const run = this.#findAwake(account);
        if (run) return run;
        break;
      } catch (error) {
        this.#tell('run.refused', error);
      }
    }
    throw runLost();
  }

  #resume(run: OpenRun): void {
    const executions = run.meta.executions + 1;
    if (executions > mostExecutions) {
      const message = 'The run was interrupted too often.';
      this.#endBroken(run, { type: 'failed', error: { code: 'upstream_failed', message } });
      return;
    }
    run.updateMeta({ executions });
    this.#services.log({ level: 'warn', event: 'run.resumed', reflection_id: this.#id, executions });
    this.#begin(run);
  }

  #begin(run: OpenRun): void {
    const execution = new Execution(run.spec, run.log, run.stored, this.#store, this.#services);
    run.execution = execution;
    this.#store.keepAlive(execution.over.catch((error: unknown) => this.#lose(run, error)));
  }

  /** Storage refused the run's events: this execution is given up, and the alarm resumes from what is stored. */
  #lose(run: OpenRun, error: unknown): void {
    this.#tell('run.lost', error);
    if (this.#open === run) this.#open = undefined;
    run.lost = true;
    run.left = true;
    run.log.close();
  }

  async #stop(run: OpenRun, ending: Exclude<Ending, { type: 'completed' }>): Promise<void> {
    if (run.log.endedAt !== null) return;
    if (run.execution) await run.execution.stop(ending);
    else this.#endBroken(run, ending);
  }

  /** Of a run that has no execution. Throws where storage refuses: it has not ended then, and what is stored is read again. */
  #endBroken(run: OpenRun, ending: Exclude<Ending, { type: 'completed' }>): void {
    try {
      endBroken(run.log, run.stored, ending);
    } catch (error) {
      this.#lose(run, error);
      throw error;
    }
  }

  /** With a mark where somebody may still be about to start it. */
  async #remove(run: OpenRun, markedUntil?: number): Promise<void> {
    this.#removed = true;
    run.left = true;
    run.log.remove();
    this.#open = undefined;
    await this.#store.clear(markedUntil);
  }

  /** Of what was made ready for a run that never came, of a run whose first batch storage refused, and of the mark of a deleted one. */
  async #sweep(): Promise<void> {
    const markedUntil = this.#store.markedUntil();
    if (markedUntil !== undefined && this.#services.now() < markedUntil) this.#store.wakeAt(markedUntil);
    else await this.#store.clear();
  }

  #tell(event: string, error: unknown): void {
    this.#services.log({ level: 'error', event, reflection_id: this.#id, ...whereFrom(error) });
  }
}

const runLost = (): AppError =>
  new AppError('upstream_failed', 'The run was lost, because its events could not be stored.');
