/** A reflection's life as a state machine: started, resumed after a loss, read, followed, stopped, kept and removed. Knows no platform. */
import { AppError, whereFrom } from '../errors.ts';
import { isTerminal, type ReflectionEvent } from '../reflection/events.ts';
import type { Ending, Reflection } from '../reflection/reflection.ts';
import type { ReflectionRequest } from '../reflection/request.ts';
import { brokenPasses } from './broken-passes.ts';
import { eventFrames } from './event-frames.ts';
import { EventLog } from './event-log.ts';
import { Life } from './life.ts';
import { type Lifetime, nextDue, overdueAt } from './next-due.ts';
import type { RunServices } from './run-services.ts';
import { type RunFacts, type RunShelf, storedEvents } from './run-shelf.ts';
import type { EndedBefore } from './runs.ts';
import { storedPasses } from './stored-passes.ts';

/** A run that takes its place down with it every time is not started for ever. */
const mostLives = 10;

/** What storage that refused a run's events is given before a caller who waits for the run asks it again. */
const storageRestMs = 1_000;

/** The run as this life of its place knows it. */
interface OpenRun {
  readonly facts: RunFacts;
  readonly log: EventLog;
  /** The log where it broke off, for the engine that goes on with it. */
  readonly stored: readonly ReflectionEvent[];
  life: Life | undefined;
  /** Storage refused its events: what its log says beyond the stored is void. */
  lost: boolean;
}

export class Run {
  readonly #id: string;
  readonly #shelf: RunShelf;
  readonly #services: RunServices;
  #open: OpenRun | undefined;

  constructor(id: string, shelf: RunShelf, services: RunServices) {
    this.#id = id;
    this.#shelf = shelf;
    this.#services = services;
  }

  /**
   * Starts the run; started again, it stays the run it is. A background run is stored first; another's first batch follows
   * the model's request, whose answer hides it, and a crash before that leaves no trace of it.
   */
  start(request: ReflectionRequest): void {
    if (this.#find()) return;
    const { models, nonce, now } = this.#services;
    const facts = { request, roster: models.roster(request.tier), nonce: nonce(), startedAt: now(), lives: 1 };
    const run: OpenRun = { facts, log: this.#newLog(facts), stored: [], life: undefined, lost: false };
    this.#open = run;
    run.log.queued(request);
    if (request.background) run.log.flush();
    this.#begin(run);
  }

  /** The record so far; undefined when there is no run here. */
  read(): Reflection | undefined {
    return this.#findAwake()?.log.record;
  }

  /** Waits for the end and gives the record. */
  async settled(): Promise<Reflection | undefined> {
    let run = this.#findAwake();
    for (let life = 1; run && life <= mostLives; life += 1) {
      while (!run.log.closed) await run.log.changed;
      if (!run.lost) return run.log.record;
      run = await this.#findAgain();
    }
    if (!run) return undefined;
    throw runLost();
  }

  /** Server-sent events after the one numbered `after`. */
  follow(after: number): ReadableStream<Uint8Array> | EndedBefore | undefined {
    const run = this.#findAwake();
    if (!run) return undefined;
    const { ending } = run.log;
    if (ending && after > ending.id) return { lastEventId: ending.id };
    return eventFrames(run.log, after, (milliseconds, work) => this.#shelf.after(milliseconds, work));
  }

  /** Ends the run as cancelled, unless it has ended, and gives its record. */
  async cancel(): Promise<Reflection | undefined> {
    const run = this.#find();
    if (run) await this.#stop(run, { type: 'cancelled' });
    return run?.log.record;
  }

  /** Removes the run and everything stored for it. False when there is none. */
  async delete(): Promise<boolean> {
    const run = this.#find();
    if (!run) return false;
    await this.#stop(run, { type: 'cancelled' });
    await this.#remove(run);
    return true;
  }

  /** Heartbeat, watchdog and end of life. */
  async alarm(): Promise<void> {
    const run = this.#find();
    if (!run) return;
    const now = this.#services.now();
    if (run.log.endedAt !== null && now >= nextDue(lifetimeOf(run, this.#services), now)) return this.#remove(run);
    if (run.log.endedAt === null && run.life && now >= overdueAt(lifetimeOf(run, this.#services))) {
      await this.#stop(run, { type: 'failed', code: 'deadline', message: 'The run did not end by its deadline.' });
    }
    this.#findAwake();
    this.#setAlarm(run);
  }

  #find(): OpenRun | undefined {
    if (this.#open) return this.#open;
    const facts = this.#shelf.facts();
    const last = facts && this.#shelf.lastBatch();
    if (!facts || !last) return undefined;
    const ended = isTerminal(last.events.at(-1)?.type ?? '');
    const stored = ended ? last.events : [...storedEvents(this.#shelf)];
    const log = this.#newLog(facts);
    log.restore(stored, last.reservedTo);
    this.#open = { facts, log, stored, life: undefined, lost: false };
    return this.#open;
  }

  /** The run, going on if it had been lost. */
  #findAwake(): OpenRun | undefined {
    const run = this.#find();
    if (run && !run.life && run.log.endedAt === null) this.#resume(run);
    return run;
  }

  /** The run in its next life, once storage has it and takes more; an error when it has no trace of it or refuses for too long. */
  async #findAgain(): Promise<OpenRun> {
    for (let tries = 1; tries <= mostLives; tries += 1) {
      await new Promise<void>((resolve) => this.#shelf.after(storageRestMs, resolve));
      try {
        const run = this.#findAwake();
        if (run) return run;
        break;
      } catch (error) {
        this.#services.log({ level: 'error', event: 'run.refused', reflection_id: this.#id, ...whereFrom(error) });
      }
    }
    throw runLost();
  }

  #resume(run: OpenRun): void {
    const lives = run.facts.lives + 1;
    if (lives > mostLives) {
      endLost(run, { type: 'failed', code: 'upstream_failed', message: 'The run was interrupted too often.' });
      return;
    }
    this.#shelf.keep({ ...run.facts, lives });
    this.#services.log({ level: 'warn', event: 'run.resumed', reflection_id: this.#id, lives });
    this.#begin(run);
  }

  #begin(run: OpenRun): void {
    const life = new Life(run.facts, run.log, run.stored, this.#shelf, this.#services);
    run.life = life;
    this.#shelf.keepAlive(life.over.catch((error: unknown) => this.#lose(run, error)));
  }

  /** Storage refused the run's events: this life is given up, and the alarm resumes from what is stored. */
  #lose(run: OpenRun, error: unknown): void {
    this.#services.log({ level: 'error', event: 'run.lost', reflection_id: this.#id, ...whereFrom(error) });
    if (this.#open === run) this.#open = undefined;
    run.lost = true;
    run.log.close();
  }

  async #stop(run: OpenRun, ending: Exclude<Ending, { type: 'completed' }>): Promise<void> {
    if (run.log.endedAt !== null) return;
    if (run.life) await run.life.stop(ending);
    else endLost(run, ending);
  }

  async #remove(run: OpenRun): Promise<void> {
    run.log.remove();
    this.#open = undefined;
    await this.#shelf.clear();
  }

  #newLog(facts: RunFacts): EventLog {
    return new EventLog(this.#id, this.#shelf, this.#services.now, {
      begins: () => {
        this.#shelf.keep(facts);
        if (this.#open) this.#setAlarm(this.#open);
      },
      ends: () => {
        if (this.#open) this.#setAlarm(this.#open);
      },
    });
  }

  #setAlarm(run: OpenRun): void {
    this.#shelf.wakeAt(nextDue(lifetimeOf(run, this.#services), this.#services.now()));
  }
}

/** Ends a run that has no life: what was under way when it lost its last one is told as broken off. */
function endLost({ log, stored }: OpenRun, ending: Exclude<Ending, { type: 'completed' }>): void {
  const code = ending.type === 'failed' ? ending.code : 'cancelled';
  for (const event of brokenPasses(storedPasses(stored).values(), code)) log.add(event);
  log.end(ending);
}

function runLost(): AppError {
  return new AppError('upstream_failed', 'The run was lost, because its events could not be stored.');
}

function lifetimeOf({ facts, log, life }: OpenRun, { retention }: RunServices): Lifetime {
  const { request, startedAt } = facts;
  return {
    startedAt,
    resumedAt: life?.startedAt ?? startedAt,
    deadlineMs: request.budget.deadline_ms,
    endedAt: log.endedAt,
    keepMs: request.store ? retention.storedMs : retention.unstoredMs,
  };
}
