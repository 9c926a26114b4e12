/** The Runs port over Durable Objects: one object a run, found by the address in the run's id. */
import { AppError } from '../errors.ts';
import type { Reflection } from '../reflection/reflection.ts';
import { addressOf, runIdOf } from './run-address.ts';
import type { EndedBefore, Runs } from './runs.ts';

/** What is called on a run's object. Requests and records cross as JSON. */
export interface RunStub {
  start(request: string): Promise<void>;
  read(): Promise<string | undefined>;
  settled(): Promise<string | undefined>;
  follow(after: number): Promise<{ readonly body: ReadableStream<Uint8Array> | null } | EndedBefore | undefined>;
  cancel(): Promise<string | undefined>;
  delete(): Promise<boolean>;
}

/** What is needed of the namespace that the objects live in. */
export interface RunNamespace<Id> {
  newUniqueId(): Id;
  /** Throws for an address that is not of this namespace. */
  idFromString(address: string): Id;
  get(id: Id): RunStub;
}

/** Runs live at unique addresses near whoever starts them. */
export function durableRuns<Id extends { toString(): string }>(namespace: RunNamespace<Id>): Runs {
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
    return object && askTwice(() => question(namespace.get(object)));
  };

  return {
    async start(request) {
      const object = namespace.newUniqueId();
      await askTwice(() => namespace.get(object).start(JSON.stringify(request)));
      return runIdOf(object.toString());
    },
    read: async (id) => recordOf(await ask(id, (run) => run.read())),
    settled: async (id) => recordOf(await ask(id, (run) => run.settled())),
    async follow(id, after) {
      const answer = await ask(id, (run) => run.follow(after));
      if (answer && 'lastEventId' in answer) return { lastEventId: answer.lastEventId };
      return answer?.body ?? undefined;
    },
    cancel: async (id) => recordOf(await ask(id, (run) => run.cancel())),
    delete: async (id) => (await ask(id, (run) => run.delete())) ?? false,
  };
}

function recordOf(json: string | undefined): Reflection | undefined {
  return json === undefined ? undefined : JSON.parse(json);
}

/** What the platform says of a failed call. https://developers.cloudflare.com/durable-objects/best-practices/error-handling/ */
interface CallFailure {
  readonly retryable?: unknown;
  readonly overloaded?: unknown;
  readonly durableObjectReset?: unknown;
}

function failureOf(error: unknown): CallFailure {
  return typeof error === 'object' && error !== null ? error : {};
}

/**
 * Asks again, of a fresh stub, when the object was lost on the way: a stub that threw stays broken, and all questions may be asked twice.
 * An overloaded object is left alone: asking it again would make it worse.
 */
async function askTwice<Answer>(question: () => Promise<Answer>): Promise<Answer> {
  try {
    return await question();
  } catch (error) {
    const { retryable, overloaded, durableObjectReset } = failureOf(error);
    if (overloaded === true) {
      throw new AppError('upstream_busy', 'The run is asked for more than it can answer.', {
        cause: error,
        retryAfterSeconds: 1,
      });
    }
    if (retryable !== true && durableObjectReset !== true) throw error;
    return await question();
  }
}
