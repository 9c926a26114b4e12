/** A run as one instance of its object knows it: its log, its meta, its outbox, and the alarm that wakes the object. */
import { whereFrom } from '../errors.ts';
import type { ReflectionEvent } from '../reflection/events.ts';
import { EventLog } from './event-log.ts';
import type { Execution } from './execution.ts';
import { type Deadlines, deadlinesOf, heartbeatMs, nextDue } from './next-due.ts';
import { type Outbox, outboxOf } from './outbox.ts';
import { OutboxDelivery } from './outbox-delivery.ts';
import type { RunServices } from './run-services.ts';
import type { RunMeta, RunSpec, RunStore } from './run-store.ts';

/** What is known of a run when it is opened. */
interface KnownRun {
  readonly spec: RunSpec;
  readonly meta: RunMeta;
  /** The log where it broke off, for the engine that goes on with it. */
  readonly stored: readonly ReflectionEvent[];
}

export class OpenRun {
  readonly spec: RunSpec;
  readonly stored: readonly ReflectionEvent[];
  readonly log: EventLog;
  readonly delivery: OutboxDelivery;
  execution: Execution | undefined;
  /** Storage refused its events: what its log says beyond the stored is void. */
  lost = false;
  /** It left its store, lost or removed: nothing is written for it any more, since nothing would remove it. */
  left = false;
  readonly #store: RunStore;
  readonly #services: RunServices;
  #meta: RunMeta;
  #hasAlarm = true;

  constructor(id: string, { spec, meta, stored }: KnownRun, store: RunStore, services: RunServices) {
    this.spec = spec;
    this.stored = stored;
    this.#meta = meta;
    this.#store = store;
    this.#services = services;
    this.log = new EventLog(id, store, services.now, { begins: () => this.#begins(), ends: () => this.#ends() });
    const owner = {
      order: spec.order,
      log: this.log,
      outbox: () => this.#outbox,
      updateMeta: (left: Partial<Outbox>) => this.updateMeta({ outbox: { ...this.#outbox, ...left } }),
    };
    this.delivery = new OutboxDelivery(owner, store, services);
  }

  get meta(): RunMeta {
    return this.#meta;
  }

  get deadlines(): Deadlines {
    const standing = { resumedAt: this.execution?.startedAt, endedAt: this.log.endedAt, outbox: this.#outbox };
    return deadlinesOf(this.spec, standing, this.#services.retention);
  }

  updateMeta(change: Partial<RunMeta>): void {
    if (this.left) return;
    const meta = { ...this.#meta, ...change };
    this.#store.saveMeta(meta);
    this.#meta = meta;
  }

  /** Delivers what is due. */
  async deliver(): Promise<void> {
    await this.delivery.deliver();
    if (!this.left) this.setAlarm();
  }

  setAlarm(): void {
    this.#hasAlarm = true;
    this.#store.wakeAt(nextDue(this.deadlines, this.#services.now()));
  }

  get #outbox(): Outbox {
    return outboxOf(this.spec.order, this.log.endedAt, this.#meta.outbox);
  }

  /**
   * What is promised to go on without anybody gets its alarm in the batch that begins it. Another's follows in the next turn, so that it holds
   * up no answer: a run that is lost before it has one is asked after by its account.
   */
  #begins(): void {
    this.#store.saveSpec(this.spec);
    const { background, webhook } = this.spec.order.request;
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
    const paid = this.#deliverLater().catch((error: unknown) => {
      const reflection_id = this.log.record.id;
      this.#services.log({ level: 'error', event: 'outbox.broken', reflection_id, ...whereFrom(error) });
    });
    this.#store.keepAlive(paid);
  }

  /** Should the run be lost before it has paid, its alarm finds out. */
  async #deliverLater(): Promise<void> {
    await this.delivery.answered();
    if (!this.#hasAlarm && !this.left) this.#store.wakeAt(this.#services.now() + heartbeatMs);
    await this.deliver();
  }
}
