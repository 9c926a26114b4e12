/** A run as one instance of its object knows it: its log, its meta, its outbox, and the alarm that wakes the object. */
import { whereFrom } from '../errors.ts';
import type { ReflectionEvent } from '../reflection/events.ts';
import { EventLog } from './event-log.ts';
import type { Execution } from './execution.ts';
import { type Deadlines, deadlinesOf, heartbeatMs, nextDue } from './next-due.ts';
import { type Outbox, outboxOf, type Show } from './outbox.ts';
import { OutboxDelivery } from './outbox-delivery.ts';
import type { RunServices } from './run-services.ts';
import type { RunHost, RunMeta, RunSpec, RunStore } from './run-store.ts';
import { settlementOf } from './settlement.ts';
import { ShownRun } from './shown-run.ts';

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
  readonly #shown: ShownRun | null;
  execution: Execution | undefined;
  /** Storage refused its events: what its log says beyond the stored is void. */
  lost = false;
  /** It left its store, lost or removed: nothing is written for it any more, since nothing would remove it. */
  left = false;
  /** Does what is to be done when it is lost because storage refuses it, and no other. */
  whenRefused: (error: unknown) => void = () => {};
  readonly #store: RunStore;
  readonly #host: RunHost;
  readonly #services: RunServices;
  #meta: RunMeta;

  constructor(id: string, { spec, meta, stored }: KnownRun, store: RunStore, host: RunHost, services: RunServices) {
    this.spec = spec;
    this.stored = stored;
    this.#meta = meta;
    this.#store = store;
    this.#host = host;
    this.#services = services;
    const hooks = {
      ends: () => this.#ends(),
      begun: () => this.#begun(),
      refused: (error: unknown) => this.#refused(id, error),
    };
    this.log = new EventLog(id, store, host, services.now, hooks);
    const { channel } = spec.order;
    const shown = channel && new ShownRun(this, channel, store, host, services);
    this.#shown = shown;
    const owner = {
      order: spec.order,
      log: this.log,
      outbox: () => this.#outbox,
      updateMeta: (left: Partial<Outbox>) => this.updateMeta({ outbox: { ...this.#outbox, ...left } }),
      show: shown && ((ended: Parameters<Show>[0]) => shown.deliver(ended)),
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

  /** Shows what happens in the run's channel, if it has one. `stop`: ends the run, since nobody can see the answer any more. */
  show(stop: () => Promise<void>): void {
    if (!this.#shown) return;
    this.#host.keepAlive(this.#shown.showProgress().then((abandoned) => (abandoned ? stop() : undefined)));
  }

  /** Delivers what is due. */
  async deliver(): Promise<void> {
    await this.delivery.deliver();
    if (!this.left) this.setAlarm();
  }

  setAlarm(): void {
    const now = this.#services.now();
    // An end that storage refuses is tried again by itself.
    if (this.log.endIsUnsure) this.#host.wakeAt(now + heartbeatMs);
    else if (this.log.endedAt === null) this.#host.wakeAt(nextDue(this.deadlines, now));
    else this.#host.dueAt(this.#dueAt(now));
  }

  /** Of an ended run; null where it only waits for its time to run out, as most do. One whose outbox kept it for longer is not looked for any more. */
  #dueAt(now: number): number | null {
    const dueAt = nextDue(this.deadlines, now);
    const isPlain = this.deadlines.deliversAt === null && !this.spec.order.request.store;
    return isPlain && dueAt > now ? null : dueAt;
  }

  get #hasToDeliver(): boolean {
    return this.deadlines.deliversAt !== null;
  }

  get #outbox(): Outbox {
    return outboxOf(this.spec.order, this.log.endedAt, this.#meta.outbox);
  }

  /** The object's alarm is set with the run's first write, so that it is no write of its own. */
  #begun(): void {
    if (this.log.endedAt === null) this.setAlarm();
    else this.#host.isDueAt(this.#dueAtEnd);
  }

  /** The outbox is delivered as soon as the end is stored; what is saved is for an object that is lost before. */
  get #dueAtEnd(): number | null {
    const now = this.#services.now();
    return this.#hasToDeliver ? now + heartbeatMs : this.#dueAt(now);
  }

  /** A run that nothing is stored of cannot go on later, so it ends here; any other goes on from what is stored. */
  #refused(run: string, error: unknown): void {
    if (!this.log.isOver && !this.log.isStored) {
      const { passes } = this.log.record.usage;
      this.#services.account.settle({ run, status: 'failed', decision: null, passes, retryable: true });
      this.#store.remove();
    }
    this.whenRefused(error);
  }

  /** Settling is local: what the run used and when it is due are stored with its last event, or none of it. */
  #ends(): void {
    const settlement = settlementOf(this.log.record);
    if (settlement) this.#services.account.settle(settlement);
    if (this.log.isStored) this.#host.dueAt(this.#dueAtEnd);
    else this.#store.saveDue(this.#dueAtEnd);
    if (!this.#hasToDeliver) return;
    const delivered = this.#deliverLater().catch((error: unknown) => {
      const reflection_id = this.log.record.id;
      this.#services.log({ level: 'error', event: 'outbox.broken', reflection_id, ...whereFrom(error) });
    });
    this.#host.keepAlive(delivered);
  }

  /** Should the object be lost before all is delivered, the alarm finds out. */
  async #deliverLater(): Promise<void> {
    await this.log.endStored;
    await this.delivery.answered();
    await this.deliver();
  }
}
