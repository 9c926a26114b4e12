/**
 * The client of the capacity object, for runs and `/health`. It fails open, because it guards fairness and no money: when the object cannot
 * be reached, calls are made anyway and a log entry is written.
 */
import { type Log, whereFrom } from '../../errors.ts';
import { withTimeLimit } from '../../time-limit.ts';
import type { BreakerChange } from '../breaker.ts';
import type { Platform, UnhealthyModel } from '../platform.ts';
import type { CapacityAnswer } from './capacity.ts';

/** The methods of the object. */
export interface CapacityStub {
  ask(account: string, calls: number): Promise<CapacityAnswer>;
  release(grant: string, madeAgoMs: readonly number[]): Promise<void>;
  report(change: BreakerChange): Promise<void>;
  unhealthyModels(): Promise<readonly UnhealthyModel[]>;
}

/** The part of the object's namespace that is used. */
export interface CapacityNamespace<Id> {
  idFromName(name: string): Id;
  get(id: Id): CapacityStub;
}

export interface CapacityPatience {
  /** Longer than a request for calls may wait in the object. */
  readonly askMs: number;
  readonly healthMs: number;
}

interface DurableCapacityOptions {
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly patience?: CapacityPatience;
}

const usualPatience: CapacityPatience = { askMs: 2_500, healthMs: 500 };

/** `/health` needs no key, so its answer is remembered to protect the single object. */
const rememberedMs = 1_000;

/** How long calls are valid that were granted without the object. */
const unaskedValidMs = 60_000;

export function durableCapacity<Id>(
  namespace: CapacityNamespace<Id>,
  { log, now, patience = usualPatience }: DurableCapacityOptions,
): Platform {
  // A value and not a promise, because one request may not await the I/O of another.
  let remembered: { readonly at: number; readonly unhealthy: readonly UnhealthyModel[] } | undefined;

  // A stub belongs to the request that made it, so each call makes its own.
  const object = async (): Promise<CapacityStub> => namespace.get(namespace.idFromName('capacity'));
  const unreachable = (question: string, error: unknown): void =>
    log({ level: 'warn', event: 'capacity.unreachable', question, ...whereFrom(error) });
  const tell = (word: string, telling: Promise<void>): void => {
    telling.catch((error: unknown) => unreachable(word, error));
  };
  const release = (grant: string, madeAgoMs: readonly number[]): void =>
    tell(
      'release',
      object().then((capacity) => capacity.release(grant, madeAgoMs)),
    );

  return {
    async ask(account, calls) {
      const asked = object().then((capacity) => capacity.ask(account, calls));
      try {
        return await withTimeLimit(patience.askMs, asked);
      } catch (error) {
        unreachable('ask', error);
        // A late answer grants calls that are no longer awaited. One call is made now without it; the rest are given back.
        asked.then(
          (answer) => answer.type === 'granted' && release(answer.grant, [0]),
          () => undefined,
        );
        return { type: 'granted', grant: null, calls, validMs: unaskedValidMs };
      }
    },
    release: (grant, madeAgoMs) => {
      if (grant !== null) release(grant, madeAgoMs);
    },
    report: (change) =>
      tell(
        'report',
        object().then((capacity) => capacity.report(change)),
      ),
    async unhealthyModels() {
      if (remembered && now() - remembered.at < rememberedMs) return remembered.unhealthy;
      try {
        const unhealthy = await withTimeLimit(
          patience.healthMs,
          object().then((capacity) => capacity.unhealthyModels()),
        );
        remembered = { at: now(), unhealthy };
        return unhealthy;
      } catch (error) {
        unreachable('health', error);
        return null;
      }
    },
  };
}
