/** The Durable Object that shares out the platform's capacity: one for the whole service. */
import { DurableObject } from 'cloudflare:workers';
import type { BreakerChange } from '../breaker.ts';
import type { Ailing } from '../platform.ts';
import { windowMs } from './call-window.ts';
import { Capacity, type CapacityAnswer, type CapacitySettings } from './capacity.ts';
import { ModelStates } from './model-states.ts';

/**
 * Made to be extended by a class whose constructor makes the settings from its `env`. Its state is in memory only, and losing it is harmless:
 * the worst is that within one minute more calls are granted than the platform lets through, which then answers "out of capacity", as it may
 * at any time, and that a model which rests or is gone is known again only when it fails again. Storing each grant would cost every run a write.
 */
export abstract class CapacityObject<Bindings = unknown> extends DurableObject<Bindings> {
  readonly #capacity: Capacity;
  readonly #models = new ModelStates();
  /** As long as a granted call counts at most. */
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

  giveBack(grant: string, madeAgoMs: readonly number[]): void {
    this.#capacity.giveBack(grant, madeAgoMs);
  }

  report(change: BreakerChange): void {
    this.#stayInMemory();
    this.#models.report(change, Date.now());
  }

  ailing(): Ailing[] {
    const ailing = this.#models.ailing(Date.now());
    if (ailing.length > 0) this.#stayInMemory();
    return ailing;
  }

  /**
   * An object that nobody asks leaves memory after some ten seconds, unless it waits for something.
   * https://developers.cloudflare.com/durable-objects/concepts/durable-object-lifecycle/
   */
  #stayInMemory(): void {
    clearTimeout(this.#memory);
    this.#memory = setTimeout(() => undefined, this.#memoryMs);
  }
}
