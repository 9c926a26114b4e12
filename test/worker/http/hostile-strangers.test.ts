/** Two accounts that must not touch: whatever names something of the other is answered as if it did not exist. */
import { reset } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { reflectionRecord } from '../../../src/http/reflection-record.ts';
import { keyPage } from '../../../src/http/routes/keys.ts';
import { reflectionPage } from '../../../src/http/routes/stored.ts';
import { usageAnswer } from '../../../src/http/routes/usage.ts';
import {
  ask,
  expectOrderly,
  expectQuietLog,
  expectRefused,
  question,
  secretKey,
  someKey,
  someRun,
  watchConsole,
  watchStorage,
} from './hostile-api.ts';
import { adminToken, answeringModel, type MadeKey, send, silentModel } from './worker-api.ts';

let owner: MadeKey;
let stranger: MadeKey;

beforeEach(async () => {
  watchConsole();
  answeringModel();
  [owner, stranger] = await Promise.all([secretKey(), secretKey()]);
});

afterEach(async () => {
  expectQuietLog();
  vi.restoreAllMocks();
  await reset();
});

async function run(key: MadeKey, body: Record<string, unknown> = {}, headers: Record<string, string> = {}) {
  const response = await send('POST', '/v1/reflections', key.key, { ...question, ...body }, headers);
  return reflectionRecord.parse(await response.json());
}

/** Everything that can be done to a run. */
const deeds = [
  ['GET', ''],
  ['HEAD', ''],
  ['GET', '/events'],
  ['GET', '/events?starting_after=1'],
  ['GET', '/events?starting_after=999999'],
  ['POST', '/cancel'],
  ['POST', '/feedback', { rating: 'down', comment: 'mine now' }],
  ['DELETE', ''],
] as const;

describe('a run of another account', () => {
  test.each([['that has ended'], ['that goes on']])('%s is as good as none, in the very words', async (state) => {
    if (state === 'that goes on') silentModel();
    const { id } = await run(owner, { background: true, store: true });
    const words = async (path: string, method: string, body: unknown): Promise<string> => {
      const response = await send(method, `/v1/reflections/${path}`, stranger.key, body);
      expect([method, path, response.status]).toEqual([method, path, 404]);
      const named = path.split(/[/?]/)[0] ?? '';
      const text = (await expectOrderly(response)).replaceAll(named, '…');
      return text.replaceAll(response.headers.get('x-request-id') ?? '', '…');
    };
    for (const [method, path, body] of deeds) {
      expect(await words(`${id}${path}`, method, body)).toBe(await words(`${someRun}${path}`, method, body));
    }
    const record = reflectionRecord.parse(await (await send('GET', `/v1/reflections/${id}`, owner.key)).json());
    expect(record.status).not.toBe('cancelled');
    await send('POST', `/v1/reflections/${id}/cancel`, owner.key);
  });

  test('is no place to go on after in a list, and the lists are kept apart', async () => {
    const { id } = await run(owner, { store: true });
    await expectRefused(await send('GET', `/v1/reflections?after=${id}`, stranger.key), 'not_found');
    await run(stranger, { store: true });
    await expectRefused(await send('GET', `/v1/reflections?after=${id}&limit=1`, stranger.key), 'not_found');
    const page = reflectionPage.parse(await (await send('GET', '/v1/reflections', stranger.key)).json());
    expect(page.data.map((record) => record.id)).not.toContain(id);
  });

  test('is not on the other’s bill', async () => {
    await run(owner);
    await vi.waitFor(async () => {
      const mine = usageAnswer.parse(await (await send('GET', '/v1/usage', owner.key)).json());
      expect(mine.totals.runs).toBe(1);
    });
    const theirs = usageAnswer.parse(await (await send('GET', '/v1/usage', stranger.key)).json());
    expect(theirs.totals).toMatchObject({ runs: 0, calls: 0, cost_usd: 0, cache_hits: 0 });
  });

  test('is neither joined nor found in the cache, by an identical request', async () => {
    const calls = answeringModel(100);
    const [mine, theirs] = await Promise.all([run(owner), run(stranger)]);
    expect(mine.id).not.toBe(theirs.id);
    expect([mine.cache.status, theirs.cache.status]).toEqual(['miss', 'miss']);
    expect(calls()).toBe(2);
  });

  test('is not replayed by its idempotency key, and the key tells nothing', async () => {
    const headers = { 'idempotency-key': 'shared-by-accident' };
    const mine = await run(owner, {}, headers);
    const another = await send('POST', '/v1/reflections', stranger.key, { ...question, input: 'Else?' }, headers);
    expect([another.status, another.headers.get('idempotent-replayed')]).toEqual([200, null]);
    expect(reflectionRecord.parse(await another.json()).id).not.toBe(mine.id);
    const same = await send('POST', '/v1/reflections', owner.key, question, headers);
    expect([same.headers.get('idempotent-replayed'), reflectionRecord.parse(await same.json()).id]).toEqual([
      'true',
      mine.id,
    ]);
  });

  test('is shared with another key of the same account, whichever asked', async () => {
    const sister = await secretKey({ account: owner.account });
    const { id } = await run(owner, {}, { 'idempotency-key': 'abc' });
    expect((await run(sister, {}, { 'idempotency-key': 'abc' })).id).toBe(id);
    expect((await send('DELETE', `/v1/reflections/${id}`, sister.key)).status).toBe(200);
    await expectRefused(await send('GET', `/v1/reflections/${id}`, owner.key), 'not_found');
  });
});

describe('the keys of an account', () => {
  test('are not to be had by whoever holds one of them, nor is a key in an account of somebody’s', async () => {
    for (const path of ['/v1/keys', `/v1/keys/${owner.id}`, `/v1/keys/${stranger.id}`]) {
      await expectRefused(await send('GET', path, owner.key), 'invalid_api_key', path);
    }
    const wish = { name: 'mine', account: stranger.account, scopes: ['reflect', 'read', 'export'] };
    await expectRefused(await send('POST', '/v1/keys', owner.key, wish), 'invalid_api_key');
    const page = keyPage.parse(await (await send('GET', '/v1/keys', adminToken)).json());
    expect(page.data).toHaveLength(2);
  });

  test('join no account that is none', async () => {
    const accounts = [
      '',
      'acct_',
      `acct_${'A'.repeat(22)}`,
      `acct_${'A'.repeat(21)}B`,
      `acct_${'A'.repeat(23)}`,
      owner.account.toUpperCase(),
      ` ${owner.account}`,
      `${owner.account}\n`,
      `${owner.account}\u0000`,
      owner.id,
      owner.key,
      'directory',
      'constructor',
      '../keys',
    ];
    for (const account of accounts) {
      const response = await send('POST', '/v1/keys', adminToken, { name: 'x', account });
      await expectRefused(response, 'not_found', account);
    }
  });

  test('change nothing of a namesake: a key’s id made of another account’s is no key', async () => {
    // The first 16 of its 24 bytes are the account's.
    const mixed = `key_${owner.id.slice(4, 25)}${stranger.id.slice(25)}`;
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { limits: { daily_usd: 0 } }],
      ['POST', '/rotate', {}],
      ['DELETE', '', undefined],
    ] as const) {
      for (const id of [mixed, someKey, 'key_', 'directory', owner.account, owner.id.toUpperCase(), `${owner.id}A`]) {
        await expectRefused(await send(method, `/v1/keys/${id}${path}`, adminToken, body), 'not_found', [method, id]);
      }
    }
    const { limits } = keyPage.parse(await (await send('GET', '/v1/keys', adminToken)).json()).data[0] ?? {};
    expect(limits?.daily_usd).toBeGreaterThan(0);
  });
});

/** As parts of a path, after `/v1/reflections/` and `/v1/keys/`. */
const oddIds = [
  '%00',
  '%0d%0aset-cookie:%20x=1',
  '%ff%fe',
  '%c0%af',
  '%ed%a0%80',
  '%F0%9F%98%80',
  '%e2%80%ae',
  '%',
  '%zz',
  '%25',
  '%2f%2e%2e%2f',
  `${someRun}%00`,
  `${someRun}%20`,
  `${someRun}=`,
  `${someRun.slice(0, -1)}B`,
  'refl_%2b%2f%2b',
  '__proto__',
  'constructor',
  'toString',
  '*',
  ':id',
  "'%20OR%201=1--",
  '%3Cscript%3Ealert(1)%3C/script%3E',
  '$%7B7*7%7D',
  '{{7*7}}',
  'x'.repeat(8_000),
  '%41'.repeat(2_000),
] as const;

test('an id of odd bytes is not found, whatever is asked of it', async () => {
  const storage = watchStorage();
  for (const id of oddIds) {
    for (const [method, path, body] of deeds) {
      const headers = { authorization: `Bearer ${owner.key}`, 'content-type': 'application/json' };
      const response = await ask(method, `/v1/reflections/${id}${path}`, headers, body && JSON.stringify(body));
      const text = await expectOrderly(response, [id, method]);
      expect([id, method, path, response.status]).toEqual([id, method, path, 404]);
      expect(text.length).toBeLessThan(2_000);
      expect([...response.headers.keys()]).not.toContain('set-cookie');
    }
    for (const path of [id, `${id}/rotate`]) {
      const headers = { authorization: `Bearer ${adminToken}` };
      const method = path === id ? 'GET' : 'POST';
      await expectRefused(await ask(method, `/v1/keys/${path}`, headers), 'not_found', path);
    }
  }
  // The key was looked at once; no run's place and no directory was.
  expect(storage()).toBeLessThanOrEqual(oddIds.length);
});

test('a cursor of odd bytes is not found, and a page of odd size is refused', async () => {
  const lists = [
    ['/v1/reflections', owner.key],
    ['/v1/keys', adminToken],
  ] as const;
  for (const [path, token] of lists) {
    for (const after of [
      '',
      '%00',
      '%ff',
      '%ed%a0%80',
      someRun,
      `${someKey}`,
      'x'.repeat(8_000),
      "'--",
      owner.account,
    ]) {
      const response = await ask('GET', `${path}?after=${after}`, { authorization: `Bearer ${token}` });
      await expectRefused(response, 'not_found', [path, after]);
    }
    for (const limit of [
      '',
      '0',
      '-1',
      '101',
      '1e2',
      '1.0',
      '+5',
      '%205',
      '٣',
      '0x10',
      'NaN',
      'Infinity',
      '9'.repeat(99),
    ]) {
      const response = await ask('GET', `${path}?limit=${limit}`, { authorization: `Bearer ${token}` });
      expect((await expectRefused(response, 'invalid_request', [path, limit])).error.param).toBe('limit');
    }
    for (const twice of ['limit=1&limit=2', 'after=a&after=b', 'limit=1&LIMIT=0&limit=1']) {
      await expectRefused(
        await ask('GET', `${path}?${twice}`, { authorization: `Bearer ${token}` }),
        'invalid_request',
        [path, twice],
      );
    }
  }
});
