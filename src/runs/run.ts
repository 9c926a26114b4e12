/** A reflection as a state machine: started, resumed after a loss, read, followed, stopped, kept and removed. Knows no platform. */
import type { AccountId } from '../accounts/accounts.ts';
import { AppError, whereFrom } from '../errors.ts';
import type { Ending } from '../reflection/ending.ts';
import { isTerminal, type ReflectionEvent } from '../reflection/events.ts';
import type { Reflection } from '../reflection/record.ts';
import { withRequest } from '../reflection/record.ts';
import { endBroken } from './broken-passes.ts';
import { Execution } from './execution.ts';
import { nextDue, overdueAt } from './next-due.ts';
import { OpenRun } from './open-run.ts';
import type { RunServices } from './run-services.ts';
import { type RunHost, type RunMeta, type RunSpec, type RunStore, storedEvents } from './run-store.ts';
import type { EndedBefore, Feedback, RunOrder } from './runs.ts';
import { eventFrames } from './sse-reader.ts';

/** A run that takes its place down with it every time is not started for ever. */
const mostExecutions = 10;

/** What storage that refused a run's events is given before a caller who waits for the run asks it again. */
const storageRestMs = 1_000;

const firstMeta: RunMeta = { executions: 1, outbox: null, feedback: null, notes: null };

/** How a deletion ended. `still_cached`: the answer could not be taken out of the cache, so the run is still there. */
export type Deletion = 'removed' | 'absent' | 'still_cached';

/** Whoever asks names an account; a run of another one is answered like none. */
export class Run {
  readonly #id: string;
  readonly #store: RunStore;
  readonly #host: RunHost;
  readonly #services: RunServices;
  #open: OpenRun | undefined;
  /** Calls that go on beyond their turn, and read or wake the run after it. */
  #underWay = 0;

  constructor(id: string, store: RunStore, host: RunHost, services: RunServices) {
    this.#id = id;
    this.#store = store;
    this.#host = host;
    this.#services = services;
  }

  /** Nothing is under way here that a second `Run` over the same rows would not know of. */
  get idle(): boolean {
    const run = this.#open;
    return this.#underWay === 0 && (!run || (run.log.closed && run.deadlines.deliversAt === null));
  }

  /** Saves what the run is started with. `orderJson`: the order as it came, where it came as JSON. */
  create(order: RunOrder, orderJson?: string): void {
    const { models, nonce, now } = this.#services;
    const spec: RunSpec = { order, roster: models.roster(order.request.tier), nonce: nonce(), startedAt: now() };
    this.#store.saveSpec(spec, orderJson);
    this.#take(spec, firstMeta, []).log.queued(order);
  }

  /** Starts the run that was created in this turn. */
  start(): void {
    if (this.#open && !this.#open.execution) this.#begin(this.#open);
  }

  /** For a run that was created and not admitted. */
  discard(): void {
    this.#open?.log.remove();
    this.#open = undefined;
  }

  /** The record so far; undefined when there is no run here. */
  read(account: AccountId): Reflection | undefined {
    const run = this.#findAwake(account);
    return run && withRequest(toldRecord(run), run.spec.order.request);
  }

  /** Waits for the end and gives the record. */
  async ended(account: AccountId): Promise<Reflection | undefined> {
    let run = this.#findAwake(account);
    this.#underWay += 1;
    try {
      for (let execution = 1; run && execution <= mostExecutions; execution += 1) {
        await run.log.readers.closed;
        if (!run.lost) return run.log.record;
        run = await this.#findAgain(account);
      }
    } finally {
      this.#underWay -= 1;
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
    const { now } = this.#services;
    return eventFrames(run.log, after, { now, after: (milliseconds, work) => this.#host.after(milliseconds, work) });
  }

  /** Ends the run as cancelled, unless it has ended, and gives its record. */
  async cancel(account: AccountId): Promise<Reflection | undefined> {
    const run = this.#find(account);
    if (run) await this.#stop(run, { type: 'cancelled' });
    return run && toldRecord(run);
  }

  /** Keeps what somebody thinks of it. False when there is none. Throws where storage refuses: nothing is kept then. */
  rate(account: AccountId, feedback: Feedback): boolean {
    const run = this.#findAwake(account);
    if (!run) return false;
    const { feedback: before } = run.meta;
    run.updateMeta({ feedback });
    try {
      this.#storeWhatWaits();
    } catch (error) {
      run.updateMeta({ feedback: before });
      throw error;
    }
    return true;
  }

  /** What somebody thought of it: null when nobody said, undefined when there is no run here. */
  feedback(account: AccountId): Feedback | null | undefined {
    return this.#findAwake(account)?.meta.feedback;
  }

  /** Removes the run and everything stored for it, cancelling it first when it goes on. */
  async delete(account: AccountId): Promise<Deletion> {
    const run = this.#find(account);
    if (!run) return 'absent';
    this.#underWay += 1;
    try {
      await this.#stop(run, { type: 'cancelled' });
      if (!(await run.delivery.close())) return 'still_cached';
      await this.#remove(run);
      return 'removed';
    } finally {
      this.#underWay -= 1;
    }
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
    if (!run) return;
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
    const waited = this.#store.waits;
    if (waited) this.#storeWhatWaits();
    const spec = this.#store.spec();
    if (!spec) return undefined;
    const meta = this.#store.meta() ?? firstMeta;
    const last = this.#store.lastBatch();
    if (!last) return undefined;
    const ended = isTerminal(last.events.at(-1)?.type ?? '');
    const stored = ended ? last.events : [...storedEvents(this.#store)];
    const run = this.#take(spec, meta, stored);
    run.log.restore(stored, last.reservedTo, !waited);
    return run;
  }

  /** What storage refused could still be taken back, so nobody is told of it before it is stored. */
  #storeWhatWaits(): void {
    try {
      this.#store.flush();
    } catch (error) {
      this.#tell('run.unstored', error);
      throw unstorable();
    }
  }

  #take(spec: RunSpec, meta: RunMeta, stored: readonly ReflectionEvent[]): OpenRun {
    const run = new OpenRun(this.#id, { spec, meta, stored }, this.#store, this.#host, this.#services);
    run.whenRefused = (error) => this.#lose(run, error);
    this.#open = run;
    return run;
  }

  /** The run, going on if it had been lost. */
  #findAwake(account?: AccountId): OpenRun | undefined {
    const run = this.#find(account);
    if (run && !run.execution && !run.log.isOver) this.#resume(run);
    return run;
  }

  /** The run in its next execution, once storage has it and takes more; an error when it has no trace of it or refuses for too long. */
  async #findAgain(account: AccountId): Promise<OpenRun> {
    for (let tries = 1; tries <= mostExecutions; tries += 1) {
      await new Promise<void>((resolve) => this.#host.after(storageRestMs, resolve));
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
    // What storage refused may be among it, and the engine passes over what the log tells already.
    run.log.flush();
    this.#services.log({ level: 'warn', event: 'run.resumed', reflection_id: this.#id, executions });
    this.#begin(run);
  }

  #begin(run: OpenRun): void {
    const execution = new Execution(run.spec, run.log, run.stored, this.#host, this.#services);
    run.execution = execution;
    this.#host.keepAlive(execution.over.catch((error: unknown) => this.#lose(run, error)));
    run.show(() => this.#stop(run, { type: 'cancelled' }));
  }

  /** Storage refused the run's events: this execution is given up, and the alarm resumes from what is stored. */
  #lose(run: OpenRun, error: unknown): void {
    if (run.lost) return;
    this.#tell('run.lost', error);
    if (this.#open === run) this.#open = undefined;
    run.lost = true;
    run.left = true;
    run.log.close();
    run.execution?.abandon();
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

  /** From the account's list, too: an idempotency key that stood for it is free again. */
  async #remove(run: OpenRun): Promise<void> {
    // Where storage refuses, too: its outbox may be closed, so whoever asks next reads the run again.
    this.#open = undefined;
    run.left = true;
    this.#store.remove();
    this.#services.account.forget(this.#id);
    this.#store.flush();
    run.log.remove();
    await this.#host.confirmed();
  }

  #tell(event: string, error: unknown): void {
    this.#services.log({ level: 'error', event, reflection_id: this.#id, ...whereFrom(error) });
  }
}

const runLost = (): AppError =>
  new AppError('upstream_failed', 'The run was lost, because its events could not be stored.');

/** The record, unless it says what a crash could still take back. */
function toldRecord({ log }: OpenRun): Reflection {
  if (!log.endIsUnsure) return log.record;
  throw unstorable();
}

const unstorable = (): AppError =>
  new AppError('upstream_busy', 'What happened to the run cannot be stored at the moment.', { retryAfterSeconds: 1 });
