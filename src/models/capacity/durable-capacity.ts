/**
 * The platform's capacity as a run or `/health` sees it, over its Durable Object. It keeps good order and guards no money, so it fails open:
 * when the object cannot be asked, calls are made all the same and the log says so.
 */
import { type Log, whereFrom } from '../../errors.ts';
import { withTimeLimit } from '../../time-limit.ts';
import type { BreakerChange } from '../breaker.ts';
import type { Ailing, Platform } from '../platform.ts';
import type { CapacityAnswer } from './capacity.ts';

/** What is called on the object. */
export interface CapacityStub {
  ask(account: string, calls: number): Promise<CapacityAnswer>;
  giveBack(grant: string, madeAgoMs: readonly number[]): Promise<void>;
  report(change: BreakerChange): Promise<void>;
  ailing(): Promise<readonly Ailing[]>;
}

/** What is needed of the namespace that the object lives in. */
export interface CapacityNamespace<Id> {
  idFromName(name: string): Id;
  get(id: Id): CapacityStub;
}

export interface CapacityPatience {
  /** More than an ask may wait in the object. */
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

/** `/health` is open to everybody, and the one object is not to be asked as often as anybody likes. */
const rememberedMs = 1_000;

/** Unasked calls are good for as long as nobody else is asked. */
const unaskedValidMs = 60_000;

export function durableCapacity<Id>(
  namespace: CapacityNamespace<Id>,
  { log, now, patience = usualPatience }: DurableCapacityOptions,
): Platform {
  // A value and no promise: a request may not wait for what another one has under way.
  let remembered: { readonly at: number; readonly ailing: readonly Ailing[] } | undefined;

  // A stub belongs to the request it was made in, so each question makes its own.
  const object = async (): Promise<CapacityStub> => namespace.get(namespace.idFromName('capacity'));
  const unreachable = (question: string, error: unknown): void =>
    log({ level: 'warn', event: 'capacity.unreachable', question, ...whereFrom(error) });
  const tell = (word: string, telling: Promise<void>): void => {
    telling.catch((error: unknown) => unreachable(word, error));
  };
  const giveBack = (grant: string, madeAgoMs: readonly number[]): void =>
    tell(
      'give_back',
      object().then((capacity) => capacity.giveBack(grant, madeAgoMs)),
    );

  return {
    async ask(account, calls) {
      const asked = object().then((capacity) => capacity.ask(account, calls));
      try {
        return await withTimeLimit(patience.askMs, asked);
      } catch (error) {
        unreachable('ask', error);
        // An answer that comes after all grants calls that nobody waits for: one is made now, unasked.
        asked.then(
          (answer) => answer.type === 'granted' && giveBack(answer.grant, [0]),
          () => undefined,
        );
        return { type: 'granted', grant: null, calls, validMs: unaskedValidMs };
      }
    },
    giveBack: (grant, madeAgoMs) => {
      if (grant !== null) giveBack(grant, madeAgoMs);
    },
    report: (change) =>
      tell(
        'report',
        object().then((capacity) => capacity.report(change)),
      ),
    async ailing() {
      if (remembered && now() - remembered.at < rememberedMs) return remembered.ailing;
      try {
        const ailing = await withTimeLimit(
          patience.healthMs,
          object().then((capacity) => capacity.ailing()),
        );
        remembered = { at: now(), ailing };
        return ailing;
      } catch (error) {
        unreachable('ailing', error);
        return null;
      }
    },
  };
}
