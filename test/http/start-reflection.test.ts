/** How a request finds its answer: what is asked for it, and when. */
import { expect, test } from 'vitest';
import type { Accounts } from '../../src/accounts/accounts.ts';
import { defaultLimits } from '../../src/accounts/accounts.ts';
import type { ReflectionCache } from '../../src/cache/reflection-cache.ts';
import { AppError } from '../../src/errors.ts';
import { answered } from '../support/cached-answers.ts';
import { makeApi } from './api.ts';

const never = async () => {
  throw new Error('Nobody asks for this here.');
};

/** An account that answers once the cache is read, and a cache that answers once the account was asked. */
function waitingForEachOther(status: Accounts['status'], kept: Awaited<ReturnType<ReflectionCache['read']>>) {
  const account = Promise.withResolvers<void>();
  const read = Promise.withResolvers<void>();
  const accounts: Accounts = {
    status: async (caller) => {
      account.resolve();
      await read.promise;
      return status(caller);
    },
    countHits: async () => undefined,
    stored: never,
    usage: never,
  };
  const cache: ReflectionCache = {
    read: async () => {
      read.resolve();
      await account.promise;
      return kept;
    },
    write: never,
    remove: never,
  };
  return makeApi({ accounts, cache });
}

test('the cache and the account are asked at the same time', async () => {
  const kept = await answered('An answer.', Date.now());
  const api = waitingForEachOther(async () => ({ scopes: ['reflect'], limits: defaultLimits }), kept);
  const response = await api.post('/v1/reflections', { input: 'x' });
  expect(await response.json()).toMatchObject({ output: 'An answer.', cache: { status: 'hit' } });
});

const revoked: Accounts['status'] = async () => {
  throw new AppError('invalid_api_key', 'It was revoked.');
};

test('a kept answer is not given to a key that the account does not know', async () => {
  const api = waitingForEachOther(revoked, await answered('An answer.', Date.now()));
  expect((await api.post('/v1/reflections', { input: 'x' })).status).toBe(401);
});

test('without a kept answer the object that begins the run says whether the key may', async () => {
  expect((await waitingForEachOther(revoked, undefined).post('/v1/reflections', { input: 'x' })).status).toBe(200);
});
