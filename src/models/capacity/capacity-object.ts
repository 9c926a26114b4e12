/** The Durable Object that shares the platform's capacity among accounts. There is one for the whole service. */
import { DurableObject } from 'cloudflare:workers';
import type { BreakerChange } from '../breaker.ts';
import type { UnhealthyModel } from '../platform.ts';
import { windowMs } from './call-window.ts';
import { Capacity, type CapacityAnswer, type CapacitySettings } from './capacity.ts';
import { ModelStates } from './model-states.ts';

/**
 * A subclass makes the settings from its `env`. The state is in memory only, and losing it is harmless. For one minute more calls may be
 * granted than the platform allows, and it then answers "out of capacity", as it may at any time. A resting or retired model is noticed
 * again when it next fails. Storing each grant would cost every run a write.
 */
export abstract class CapacityObject<Bindings = unknown> extends DurableObject<Bindings> {
  readonly #capacity: Capacity;
  readonly #models = new ModelStates();
  /** The longest time for which a granted call counts. */
  readonly #memoryMs: number;
  #memory: ReturnType<typeof setTimeout> | null = null;

  constructor(context: DurableObjectState, env: Bindings, settings: CapacitySettings) {
    super(context, env);
    this.#memoryMs = settings.validMs + windowMs;
    this.#capacity = new Capacity(settings, {
      now: Date.now,
      after: (milliseconds, work) => {
        const timer = setTimeout(work, milliseconds);
        return () => clearTimeout(timer);
      },
      newId: () => crypto.randomUUID(),
    });
  }

  ask(account: string, calls: number): Promise<CapacityAnswer> {
    this.#stayInMemory();
    return this.#capacity.ask(account, calls);
  }

  release(grant: string, madeAgoMs: readonly number[]): void {
    this.#capacity.release(grant, madeAgoMs);
  }

  report(change: BreakerChange): void {
    this.#stayInMemory();
    this.#models.report(change, Date.now());
  }

  unhealthyModels(): UnhealthyModel[] {
    const unhealthy = this.#models.unhealthyModels(Date.now());
    if (unhealthy.length > 0) this.#stayInMemory();
    return unhealthy;
  }

  /**
   * An idle object is evicted from memory after about ten seconds, unless a timer is pending.
   * https://developers.cloudflare.com/durable-objects/concepts/durable-object-lifecycle/
   */
  #stayInMemory(): void {
    clearTimeout(this.#memory);
    this.#memory = setTimeout(() => undefined, this.#memoryMs);
  }
}
