/** A run as one life of its place knows it: its log, its notes, what it owes, and the alarm that wakes its place. */
import { whereFrom } from '../errors.ts';
import type { ReflectionEvent } from '../reflection/events.ts';
import { type Debts, debtsOf } from './debts.ts';
import { EventLog } from './event-log.ts';
import type { Life } from './life.ts';
import { heartbeatMs, type Lifetime, lifetimeOf, nextDue } from './next-due.ts';
import { Payments } from './payments.ts';
import type { RunServices } from './run-services.ts';
import type { RunFacts, RunNotes, RunStore } from './run-store.ts';

/** What is known of a run when it is opened. */
interface KnownRun {
  readonly facts: RunFacts;
  readonly notes: RunNotes;
  /** The log where it broke off, for the engine that goes on with it. */
  readonly stored: readonly ReflectionEvent[];
}

export class OpenRun {
  readonly facts: RunFacts;
  readonly stored: readonly ReflectionEvent[];
  readonly log: EventLog;
  readonly payments: Payments;
  life: Life | undefined;
  /** Storage refused its events: what its log says beyond the stored is void. */
  lost = false;
  /** It left its store, lost or removed: nothing is written for it any more, since nothing would remove it. */
  left = false;
  readonly #store: RunStore;
  readonly #services: RunServices;
  #notes: RunNotes;
  #hasAlarm = true;

  constructor(id: string, { facts, notes, stored }: KnownRun, store: RunStore, services: RunServices) {
    this.facts = facts;
    this.stored = stored;
    this.#notes = notes;
    this.#store = store;
    this.#services = services;
    this.log = new EventLog(id, store, services.now, { begins: () => this.#begins(), ends: () => this.#ends() });
    const debtor = {
      order: facts.order,
      log: this.log,
      debts: () => this.#debts,
      note: (left: Partial<Debts>) => this.note({ debts: { ...this.#debts, ...left } }),
    };
    this.payments = new Payments(debtor, store, services);
  }

  get notes(): RunNotes {
    return this.#notes;
  }

  get lifetime(): Lifetime {
    const standing = { resumedAt: this.life?.startedAt, endedAt: this.log.endedAt, debts: this.#debts };
    return lifetimeOf(this.facts, standing, this.#services.retention);
  }

  note(change: Partial<RunNotes>): void {
    if (this.left) return;
    const notes = { ...this.#notes, ...change };
    this.#store.note(notes);
    this.#notes = notes;
  }

  /** Pays what is due. */
  async pay(): Promise<void> {
    await this.payments.pay();
    if (!this.left) this.setAlarm();
  }

  setAlarm(): void {
    this.#hasAlarm = true;
    this.#store.wakeAt(nextDue(this.lifetime, this.#services.now()));
  }

  get #debts(): Debts {
    return debtsOf(this.facts.order, this.log.endedAt, this.#notes.debts);
  }

  /**
   * What is promised to go on without anybody gets its alarm in the batch that begins it. Another's follows in the next turn, so that it holds
   * up no answer: a run that is lost before it has one is asked after by its account.
   */
  #begins(): void {
    this.#store.keep(this.facts);
    const { background, webhook } = this.facts.order.request;
    if (background || webhook !== undefined) {
      this.setAlarm();
      return;
    }
    this.#hasAlarm = false;
    this.#store.after(0, () => {
      // Of a lost run what storage took is left, which the alarm removes or takes up.
      if (this.lost || (!this.left && this.log.endedAt === null)) this.setAlarm();
    });
  }

  #ends(): void {
    const paid = this.#payLater().catch((error: unknown) => {
      const reflection_id = this.log.record.id;
      this.#services.log({ level: 'error', event: 'run.unpaid', reflection_id, ...whereFrom(error) });
    });
    this.#store.keepAlive(paid);
  }

  /** Should the run be lost before it has paid, its alarm finds out. */
  async #payLater(): Promise<void> {
    await this.payments.answered();
    if (!this.#hasAlarm && !this.left) this.#store.wakeAt(this.#services.now() + heartbeatMs);
    await this.pay();
  }
}
