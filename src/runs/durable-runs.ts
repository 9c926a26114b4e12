/** The Runs port over Durable Objects: one object an account, which hosts all of its runs. */
import type { AccountId, Admission, Ask, Caller } from '../accounts/accounts.ts';
import { type Outcome, valueIn } from '../accounts/outcome.ts';
import { retryOnReset } from '../accounts/retry-on-reset.ts';
import { AppError } from '../errors.ts';
import type { Reflection } from '../reflection/record.ts';
import type { Deletion } from './run.ts';
import { addressOf, isRunId, newRunId } from './run-id.ts';
import type { Begun, EndedBefore, Feedback, RecordText, RunAwaits, RunId, Runs } from './runs.ts';

/** What is called on the object that hosts an account's runs. Orders and records cross as JSON. */
export interface RemoteRuns {
  beginRun(caller: Caller, ask: Ask, order: string, awaits: RunAwaits): Promise<Outcome<RemoteBegun>>;
  readRun(account: AccountId, id: RunId): Promise<string | undefined>;
  endedRun(account: AccountId, id: RunId): Promise<string | undefined>;
  followRun(account: AccountId, id: RunId, after: number): Promise<RemoteEvents | EndedBefore | undefined>;
  cancelRun(account: AccountId, id: RunId): Promise<string | undefined>;
  rateRun(account: AccountId, id: RunId, feedback: Feedback): Promise<boolean>;
  feedbackOnRun(account: AccountId, id: RunId): Promise<Feedback | null | undefined>;
  deleteRun(account: AccountId, id: RunId): Promise<Deletion>;
}

/** Events cross in a Response: a reader's leaving is noticed through one some ten times sooner than through a bare stream. */
export interface RemoteEvents {
  readonly body: ReadableStream<Uint8Array> | null;
}

export interface RemoteBegun {
  readonly admission: Admission;
  /** Undefined where nothing was admitted, or the run is no longer there. */
  readonly answer: { readonly record: RecordText } | { readonly events: RemoteEvents } | undefined;
}

/** What is needed of the namespace of accounts. */
export interface RunsNamespace {
  /** The address of an account's object: 64 hexadecimal digits when written as text. */
  idFromName(account: string): { toString(): string };
  getByName(account: string): RemoteRuns;
}

const busy = 'The account cannot be asked at the moment.';

/** An account's object hosts its runs, and a run's id holds the object's address: whose run it is not is known without asking anybody. */
export function durableRuns(namespace: RunsNamespace, randomBytes: (count: number) => Uint8Array): Runs {
  const addressOfAccount = (account: AccountId): string => namespace.idFromName(account).toString();
  const ask = async <Answer>(
    account: AccountId,
    id: string,
    question: (runs: RemoteRuns, run: RunId) => Promise<Answer>,
  ): Promise<Answer | undefined> => {
    if (!isRunId(id) || addressOf(id) !== addressOfAccount(account)) return undefined;
    return retryOnReset(() => question(namespace.getByName(account), id), busy);
  };

  return {
    async begin(caller, { ask, order, awaits }) {
      const { account } = caller;
      const text = JSON.stringify(order);
      let tried: RunId | null = null;
      const begin = (): Promise<Outcome<RemoteBegun>> => {
        // A second try starts no second run. Where a loss has forgotten the first, it starts one of another id: somebody may have seen the first.
        const again = { ...ask, run: newRunId(addressOfAccount(account), randomBytes), tried };
        tried = again.run;
        return namespace.getByName(account).beginRun(caller, again, text, awaits);
      };
      return begunOf(valueIn(await retryOnReset(begin, busy)));
    },
    read: async (account, id) => recordOf(await ask(account, id, (runs, run) => runs.readRun(account, run))),
    ended: async (account, id) => recordOf(await ask(account, id, (runs, run) => runs.endedRun(account, run))),
    async follow(account, id, after) {
      const answer = await ask(account, id, (runs, run) => runs.followRun(account, run, after));
      if (answer && 'lastEventId' in answer) return { lastEventId: answer.lastEventId };
      return answer?.body ?? undefined;
    },
    cancel: async (account, id) => recordOf(await ask(account, id, (runs, run) => runs.cancelRun(account, run))),
    rate: async (account, id, feedback) =>
      (await ask(account, id, (runs, run) => runs.rateRun(account, run, feedback))) ?? false,
    feedback: (account, id) => ask(account, id, (runs, run) => runs.feedbackOnRun(account, run)),
    async delete(account, id) {
      const deletion = await ask(account, id, (runs, run) => runs.deleteRun(account, run));
      if (deletion !== 'still_cached') return deletion === 'removed';
      throw new AppError('upstream_busy', 'The answer could not be taken out of the cache, so it was not removed.', {
        retryAfterSeconds: 5,
      });
    },
  };
}

/** The text that a record leaves its object as. */
export function recordText(record: Reflection): RecordText {
  return { json: JSON.stringify(record), decision: record.decision, error: record.error };
}

function begunOf({ admission, answer }: RemoteBegun): Begun {
  if (!('run' in admission)) return admission;
  if (!answer) return { ...admission, answer: null };
  if ('record' in answer) return { ...admission, answer };
  return { ...admission, answer: answer.events.body && { events: answer.events.body } };
}

function recordOf(json: string | undefined): Reflection | undefined {
  return json === undefined ? undefined : JSON.parse(json);
}
