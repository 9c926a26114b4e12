/** A run as one instance of its object knows it: its log, its meta, its outbox, and the alarm that wakes the object. */
import { whereFrom } from '../errors.ts';
import type { ReflectionEvent } from '../reflection/events.ts';
import { EventLog } from './event-log.ts';
import type { Execution } from './execution.ts';
import { type Deadlines, deadlinesOf, heartbeatMs, nextDue } from './next-due.ts';
import { type Outbox, outboxOf } from './outbox.ts';
import { OutboxDelivery } from './outbox-delivery.ts';
import type { RunServices } from './run-services.ts';
import type { RunHost, RunMeta, RunSpec, RunStore } from './run-store.ts';
import { settlementOf } from './settlement.ts';

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
  readonly #host: RunHost;
  #giveBack = (): void => {};
  readonly #services: RunServices;
  #meta: RunMeta;

  constructor(id: string, { spec, meta, stored }: KnownRun, store: RunStore, host: RunHost, services: RunServices) {
    this.spec = spec;
    this.stored = stored;
    this.#meta = meta;
    this.#store = store;
    this.#host = host;
    this.#services = services;
    this.log = new EventLog(id, store, host, services.now, { ends: () => this.#ends(), ended: () => this.#ended() });
    const owner = {
      order: spec.order,
      log: this.log,
      outbox: () => this.#outbox,
      updateMeta: (left: Partial<Outbox>) => this.updateMeta({ outbox: { ...this.#outbox, ...left } }),
    };
    this.delivery = new OutboxDelivery(owner, store, host, services);
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
    this.#host.wakeAt(nextDue(this.deadlines, this.#services.now()), this.log.endedAt !== null);
  }

  get #hasToDeliver(): boolean {
    return this.deadlines.deliversAt !== null;
  }

  get #outbox(): Outbox {
    return outboxOf(this.spec.order, this.log.endedAt, this.#meta.outbox);
  }

  /** Settling is local: what the run used and when it is due are stored with its last event, or none of it. */
  #ends(): void {
    const settlement = settlementOf(this.log.record);
    if (settlement) this.#giveBack = this.#services.account.settle(settlement);
    // The outbox is delivered at once; the alarm is for an object that is lost before.
    if (this.#hasToDeliver) this.#host.wakeAt(this.#services.now() + heartbeatMs, true);
    else this.setAlarm();
  }

  #ended(): void {
    this.#giveBack();
    if (!this.#hasToDeliver) return;
    const delivered = this.#deliverLater().catch((error: unknown) => {
      const reflection_id = this.log.record.id;
      this.#services.log({ level: 'error', event: 'outbox.broken', reflection_id, ...whereFrom(error) });
    });
    this.#host.keepAlive(delivered);
  }

  /** Should the object be lost before all is delivered, the alarm finds out. */
  async #deliverLater(): Promise<void> {
    await this.delivery.answered();
    await this.deliver();
  }
}
