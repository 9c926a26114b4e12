/** The runs of one object: each opened when somebody asks for it, and woken when it is due. Knows no platform. */

import { DeadlineTimer } from '../deadline-timer.ts';
import { whereFrom } from '../errors.ts';
import { FrameTick } from './frame-tick.ts';
import { Run } from './run.ts';
import type { RunServices } from './run-services.ts';
import type { RunHost, RunStores } from './run-store.ts';
import type { RunId } from './runs.ts';

/** Runs kept open that need nothing: a read soon after the end finds its run open. */
const mostIdle = 64;
/** Runs woken by one alarm; what is left wakes the next. */
const mostWoken = 100;
/** Runs are removed this often at most, so that their removals share alarms; */
const sweepMs = 60_000;
/** so many at a time, since nothing else runs meanwhile; */
const mostSwept = 500;
/** and where that was not all of them, the next come so much later: more than an object can end meanwhile. */
const restSweptMs = 250;
/** A run whose work at an alarm failed is woken again so much later. */
const againMs = 5_000;

/** What the runs are given by their object. */
export interface RunsHost extends Omit<RunHost, 'wakeAt' | 'dueAt' | 'isDueAt' | 'atNextFrame' | 'limit'> {
  /** A run is due at this moment, in epoch milliseconds. */
  wakeAt(epochMs: number): void;
}

export class HostedRuns {
  readonly #stores: RunStores;
  readonly #host: RunsHost;
  readonly #services: RunServices;
  readonly #frameTick: FrameTick;
  readonly #limits: DeadlineTimer;
  /** Those asked for last are last. */
  readonly #open = new Map<RunId, Run>();
  /** Epoch milliseconds at which a run that goes on wants to be woken. */
  readonly #wakes = new Map<RunId, number>();
  /** Epoch milliseconds before which nobody is woken: an ended run whose work failed is still due by its row. */
  #restsUntil = 0;
  /** Epoch milliseconds before which no runs are removed. */
  #sweepRestsUntil = Number.NEGATIVE_INFINITY;
  #confirmation: { readonly commits: number; readonly settles: Promise<void> } | undefined;

  /** Runs that an earlier instance of the object has left unended are due at once. */
  constructor(stores: RunStores, host: RunsHost, services: RunServices) {
    this.#stores = stores;
    this.#host = host;
    this.#services = services;
    this.#frameTick = new FrameTick((milliseconds, work) => host.after(milliseconds, work));
    this.#limits = new DeadlineTimer((milliseconds, work) => host.after(milliseconds, work), services.now);
    const now = services.now();
    for (const id of stores.unended()) this.#wakes.set(id, now);
  }

  /** The run, which need not exist. */
  run(id: RunId): Run {
    const run = this.#open.get(id) ?? this.#opened(id);
    this.#open.delete(id);
    this.#open.set(id, run);
    if (this.#open.size > mostIdle) this.#closeIdle(id);
    return run;
  }

  /** Epoch milliseconds; infinite when no run is due at any time. */
  nextDue(): number {
    let next = Math.min(this.#stores.nextDue() ?? Number.POSITIVE_INFINITY, this.#sweepsAt());
    for (const at of this.#wakes.values()) next = Math.min(next, at);
    return Math.max(next, Math.min(this.#restsUntil, this.#services.now() + againMs));
  }

  /** Wakes whoever is due. Never throws: a run whose work failed is woken again. */
  async alarm(): Promise<void> {
    const now = this.#services.now();
    const waking = [...this.#wakes].flatMap(([id, at]) => (at <= now ? id : []));
    const due = new Set([...waking, ...this.#stores.due(now, mostWoken)]);
    await Promise.all([...due].slice(0, mostWoken).map((id) => this.#wake(id)));
    try {
      if (this.#services.now() >= this.#sweepsAt()) this.#sweep();
      // What is due next is read from what is stored.
      this.#stores.flush();
    } catch (error) {
      this.#services.log({ level: 'error', event: 'runs.unstored', ...whereFrom(error) });
      this.#restsUntil = this.#services.now() + againMs;
    }
  }

  async #wake(id: RunId): Promise<void> {
    this.#wakes.delete(id);
    try {
      await this.run(id).alarm();
    } catch (error) {
      this.#services.log({ level: 'error', event: 'run.unwoken', reflection_id: id, ...whereFrom(error) });
      this.#restsUntil = this.#services.now() + againMs;
      this.#wakes.set(id, this.#restsUntil);
    }
  }

  /** Epoch milliseconds. */
  #sweepsAt(): number {
    const oldest = this.#stores.oldestEnd();
    if (oldest === undefined) return Number.POSITIVE_INFINITY;
    return Math.max(oldest + this.#services.retention.unstoredMs, this.#sweepRestsUntil);
  }

  /** Removes the runs whose time is over and that wait for nothing else. */
  #sweep(): void {
    const now = this.#services.now();
    this.#sweepRestsUntil = now + sweepMs;
    const endedBy = now - this.#services.retention.unstoredMs;
    const expired = this.#stores.expired(endedBy, mostSwept);
    for (const { id } of expired) {
      this.#open.delete(id);
      this.#stores.of(id).remove();
    }
    // First: what was looked at is not looked at again.
    this.#stores.flush();
    const last = expired.at(mostSwept - 1);
    // Others may have ended in the same millisecond as the last.
    this.#stores.sweptTo(last ? last.endedAt - 1 : endedBy);
    if (last) this.#sweepRestsUntil = now + restSweptMs;
  }

  #opened(id: RunId): Run {
    const store = this.#stores.of(id);
    const { after, keepAlive } = this.#host;
    const confirmed = (): Promise<void> => this.#confirmed();
    const { after: limit } = this.#limits;
    const wakeAt = (epochMs: number): void => {
      this.#wakes.set(id, epochMs);
      this.#host.wakeAt(epochMs);
    };
    const isDueAt = (epochMs: number | null): void => {
      this.#wakes.delete(id);
      this.#host.wakeAt(epochMs ?? this.#services.now() + this.#services.retention.unstoredMs);
    };
    const dueAt = (epochMs: number | null): void => {
      store.saveDue(epochMs);
      isDueAt(epochMs);
    };
    const { next: atNextFrame } = this.#frameTick;
    const host: RunHost = { confirmed, after, limit, atNextFrame, keepAlive, wakeAt, dueAt, isDueAt };
    return new Run(id, store, host, this.#services);
  }

  /** One for all runs that a commit holds something of. */
  #confirmed(): Promise<void> {
    const { commits } = this.#stores;
    if (this.#confirmation?.commits !== commits) this.#confirmation = { commits, settles: this.#host.confirmed() };
    return this.#confirmation.settles;
  }

  #closeIdle(but: RunId): void {
    for (const [id, run] of this.#open) {
      if (this.#open.size <= mostIdle) return;
      if (id !== but && run.idle) this.#open.delete(id);
    }
  }
}
