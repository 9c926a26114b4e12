/** The Runs port over Durable Objects: one object a run, found by the address in the run's id. */
import type { AccountId } from '../accounts/accounts.ts';
import { askTwice } from '../accounts/ask-twice.ts';
import { AppError } from '../errors.ts';
import type { Reflection } from '../reflection/record.ts';
import { addressOf, runIdOf } from './run-address.ts';
import type { EndedBefore, Feedback, Runs } from './runs.ts';
import { SpareRuns } from './spare-runs.ts';

/** What is called on a run's object. Orders, records and settlements cross as JSON. */
export interface RunStub {
  prepare(): Promise<void>;
  start(order: string): Promise<void>;
  read(account: AccountId): Promise<string | undefined>;
  settled(account: AccountId, order?: string): Promise<string | undefined>;
  follow(
    account: AccountId,
    after: number,
    order?: string,
  ): Promise<{ readonly body: ReadableStream<Uint8Array> | null } | EndedBefore | undefined>;
  cancel(account: AccountId): Promise<string | undefined>;
  rate(account: AccountId, feedback: Feedback): Promise<boolean>;
  feedback(account: AccountId): Promise<Feedback | null | undefined>;
  delete(account: AccountId): Promise<boolean | 'unsettled'>;
  became(account: AccountId): Promise<string | undefined>;
}

/** What is needed of the namespace that the objects live in. */
export interface RunNamespace<Id> {
  newUniqueId(): Id;
  /** Throws for an address that is not of this namespace. */
  idFromString(address: string): Id;
  get(id: Id): RunStub;
}

const busy = 'The run cannot be asked at the moment.';

/**
 * Runs live at unique addresses near whoever starts them. To be made once an isolate: it remembers places that were made ready.
 * `now`: epoch milliseconds.
 */
export function durableRuns<Id extends { toString(): string }>(
  namespace: RunNamespace<Id>,
  now: () => number = Date.now,
): Runs {
  const spares = new SpareRuns(now);
  const objectOf = (id: string): Id | undefined => {
    const address = addressOf(id);
    if (address === undefined) return undefined;
    try {
      return namespace.idFromString(address);
    } catch {
      return undefined;
    }
  };
  const ask = async <Answer>(id: string, question: (run: RunStub) => Promise<Answer>): Promise<Answer | undefined> => {
    const object = objectOf(id);
    return object && askTwice(() => question(namespace.get(object)), busy);
  };

  return {
    newId: () => spares.take() ?? runIdOf(namespace.newUniqueId().toString()),
    async prepare() {
      if (!spares.wanted) return;
      const object = namespace.newUniqueId();
      await namespace.get(object).prepare();
      spares.add(runIdOf(object.toString()));
    },
    async start(id, order) {
      const object = objectOf(id);
      if (!object) throw new Error('A run is started under an id that was made for it.');
      await askTwice(() => namespace.get(object).start(JSON.stringify(order)), busy);
    },
    read: async (account, id) => recordOf(await ask(id, (run) => run.read(account))),
    settled: async (account, id, order) =>
      recordOf(await ask(id, (run) => run.settled(account, order && JSON.stringify(order)))),
    async follow(account, id, after, order) {
      const answer = await ask(id, (run) => run.follow(account, after, order && JSON.stringify(order)));
      if (answer && 'lastEventId' in answer) return { lastEventId: answer.lastEventId };
      return answer?.body ?? undefined;
    },
    cancel: async (account, id) => recordOf(await ask(id, (run) => run.cancel(account))),
    rate: async (account, id, feedback) => (await ask(id, (run) => run.rate(account, feedback))) ?? false,
    feedback: (account, id) => ask(id, (run) => run.feedback(account)),
    async delete(account, id) {
      const outcome = await ask(id, (run) => run.delete(account));
      if (outcome !== 'unsettled') return outcome ?? false;
      throw new AppError('upstream_busy', 'What the run cost could not be settled, so it was not removed.', {
        retryAfterSeconds: 5,
      });
    },
    async became(account, id) {
      const json = await ask(id, (run) => run.became(account));
      return json === undefined ? undefined : JSON.parse(json);
    },
  };
}

function recordOf(json: string | undefined): Reflection | undefined {
  return json === undefined ? undefined : JSON.parse(json);
}
