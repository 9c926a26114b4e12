/** How accounts' objects are called: who is asked again, what is remembered, and what becomes of a request when they cannot be asked. */
import { describe, expect, test } from 'vitest';
import { type Accounts, type Caller, defaultLimits, type KeyStatus } from '../../src/accounts/accounts.ts';
import { durableAccounts, type RemoteAccount } from '../../src/accounts/durable-accounts.ts';
import { type Outcome, outcomeOf, valueIn } from '../../src/accounts/outcome.ts';
import { AppError, type LogEntry } from '../../src/errors.ts';
import { madeUpKey } from '../support/made-up-key.ts';

const status: KeyStatus = { scopes: ['read'], limits: defaultLimits };
const refused: Outcome<never> = { failure: { code: 'invalid_api_key', message: 'This API key was revoked.' } };

/** Objects that fail as told, one after the other, and then answer. */
function world(failures: readonly unknown[] = []) {
  const left = [...failures];
  const asked: string[] = [];
  const logged: LogEntry[] = [];
  const time = { now: 1_000_000 };
  const answers = { status: { value: status } as Outcome<KeyStatus> };
  let stubs = 0;
  const answer = async <Answer>(question: string, value: Answer): Promise<Answer> => {
    asked.push(question);
    const failure = left.shift();
    if (failure) throw failure;
    return value;
  };
  const stub: RemoteAccount = {
    status: () => answer('status', answers.status),
    countHits: (hits) => answer(`countHits ${hits}`, undefined),
    stored: () => answer('stored', { failure: { code: 'not_found', message: 'It is not on the list.' } }),
    usage: () => answer('usage', { rows: [], days: [] }),
  };
  const accounts = durableAccounts({
    accounts: {
      getByName: (name) => {
        stubs += 1;
        expect(name).toMatch(/^acct_/);
        return stub;
      },
    },
    now: () => time.now,
    log: (entry) => logged.push(entry),
  });
  return { accounts, asked, logged, time, answers, stubs: () => stubs };
}

const newCaller = (): Caller => madeUpKey().caller;
const lost = (facts: object) => Object.assign(new Error('lost'), facts);

describe('an account that cannot be asked', () => {
  test('is asked once more, through a fresh stub, when it was lost on the way', async () => {
    for (const facts of [{ retryable: true }, { durableObjectReset: true }]) {
      const { accounts, stubs } = world([lost(facts)]);
      expect(await accounts.status(newCaller())).toEqual(status);
      expect(stubs()).toBe(2);
    }
  });

  test('lets nobody in and tells nothing, whatever is wrong with it', async () => {
    const caller = newCaller();
    for (const failure of [
      lost({ retryable: true, overloaded: true }),
      new TypeError('a bug'),
      'not even an error',
      lost({ retryable: true }),
    ]) {
      for (const ask of [
        (accounts: Accounts) => accounts.status(caller),
        (accounts: Accounts) => accounts.stored(caller.account, null, 10),
        (accounts: Accounts) => accounts.usage(caller.account, '2000-01-01', '2999-12-31'),
      ]) {
        const { accounts } = world([failure, failure]);
        await expect(ask(accounts)).rejects.toMatchObject({ code: 'upstream_busy', retryAfterSeconds: 1 });
      }
    }
  });

  test('is no reason to fail for a hit that is not counted, nor to count it twice', async () => {
    const { accounts, asked, logged } = world([lost({ retryable: true })]);
    await accounts.countHits(newCaller().account, 3);
    expect(asked).toEqual(['countHits 3']);
    expect(logged).toMatchObject([{ level: 'warn', event: 'hit.uncounted', hits: 3 }]);
  });
});

describe('what is known of a key', () => {
  test('is remembered for less than five seconds', async () => {
    const { accounts, asked, time } = world();
    const caller = newCaller();
    for (const later of [0, 1, 4_998]) {
      time.now += later;
      expect(await accounts.status(caller)).toEqual(status);
    }
    expect(asked).toEqual(['status']);
    time.now += 1;
    await accounts.status(caller);
    expect(asked).toEqual(['status', 'status']);
  });

  test('is as old as the question, not as the answer', async () => {
    const { accounts, asked, time, answers } = world();
    const caller = newCaller();
    const waiting = accounts.status(caller);
    time.now += 4_999;
    await waiting;
    answers.status = refused;
    time.now += 1;
    await expect(accounts.status(caller)).rejects.toMatchObject({ code: 'invalid_api_key' });
    expect(asked).toHaveLength(2);
  });

  test('is remembered also when it is that the key may nothing', async () => {
    const { accounts, asked, answers } = world();
    answers.status = refused;
    const caller = newCaller();
    for (let count = 0; count < 3; count++) {
      await expect(accounts.status(caller)).rejects.toMatchObject({
        code: 'invalid_api_key',
        message: 'This API key was revoked.',
      });
    }
    expect(asked).toHaveLength(1);
  });

  test('is not remembered of an account that could not be asked', async () => {
    const { accounts } = world([new Error('down')]);
    const caller = newCaller();
    await expect(accounts.status(caller)).rejects.toMatchObject({ code: 'upstream_busy' });
    expect(await accounts.status(caller)).toEqual(status);
  });

  test('is of one secret of one key', async () => {
    const { accounts, asked } = world();
    const caller = newCaller();
    await accounts.status(caller);
    await accounts.status({ ...caller, secretHash: '1'.repeat(64) });
    await accounts.status({ ...caller, key: newCaller().key });
    expect(asked).toHaveLength(3);
  });

  test('is not remembered of more than a thousand keys, the oldest going first', async () => {
    const { accounts, asked } = world();
    const callers = Array.from({ length: 1_001 }, newCaller);
    for (const caller of callers) await accounts.status(caller);
    asked.length = 0;
    for (const caller of callers.slice(1)) await accounts.status(caller);
    expect(asked).toEqual([]);
    for (const caller of callers.slice(0, 1)) await accounts.status(caller);
    expect(asked).toEqual(['status']);
  });

  test('is asked again when the clock stepped back', async () => {
    const { accounts, asked, time } = world();
    const caller = newCaller();
    await accounts.status(caller);
    time.now -= 60_000;
    await accounts.status(caller);
    expect(asked).toHaveLength(2);
  });
});

test('a failure of the account’s own arrives as what it was', async () => {
  const { accounts } = world();
  await expect(accounts.stored(newCaller().account, 'refl_1', 10)).rejects.toMatchObject({
    name: 'AppError',
    code: 'not_found',
    message: 'It is not on the list.',
  });
  const failing = (error: Error) => () => {
    throw error;
  };
  expect(() => valueIn(outcomeOf(failing(new AppError('missing_scope', 'No.'))))).toThrow('No.');
  expect(() => outcomeOf(failing(new RangeError('A bug.')))).toThrow(RangeError);
});
