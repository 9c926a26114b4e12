/** Every route, asked with every kind of credential that must not open it. */
import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Scope } from '../../../src/accounts/accounts.ts';
import { createKeyCodec, type KeyMode } from '../../../src/accounts/api-key.ts';
import { newAccountId, newKeyId, type RandomBytes } from '../../../src/accounts/ids.ts';
import { newKey } from '../../../src/http/routes/keys.ts';
import {
  ask,
  expectOrderly,
  expectQuietLog,
  expectRefused,
  keepSecret,
  question,
  type Route,
  routesOf,
  secretKey,
  someKey,
  someRun,
  watchConsole,
  watchStorage,
} from './hostile-api.ts';
import { adminToken, answeringModel, type MadeKey, send } from './worker-api.ts';

const routes = routesOf(someRun, someKey);
const keyed = routes.filter(({ scope }) => scope !== null);
const administered = routes.filter(({ scope }) => scope === null);

const randomBytes: RandomBytes = (count) => crypto.getRandomValues(new Uint8Array(count));

/** A well-tagged key that nobody ever issued. */
async function unissued(mode: KeyMode, tagSecrets = env.KEY_TAG_SECRETS.split(',')): Promise<string> {
  const codec = createKeyCodec({ tagSecrets, mode, randomBytes });
  const { text } = codec.make(newKeyId(newAccountId(randomBytes), randomBytes));
  keepSecret(text);
  return text;
}

function withLetter(text: string, index: number): string {
  const at = index < 0 ? text.length + index : index;
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
}

/** Asks every route so, and expects the refusal on each. */
async function expectClosed(closed: readonly Route[], authorization: string | undefined, code: 'invalid_api_key') {
  for (const { method, path, body } of closed) {
    const response = await ask(
      method,
      path,
      { ...(authorization === undefined ? {} : { authorization }), 'content-type': 'application/json' },
      body && JSON.stringify(body),
    );
    await expectRefused(response, code, [method, path, authorization]);
  }
  expect(env.AI.run).not.toHaveBeenCalled();
}

let key: MadeKey;

beforeEach(async () => {
  watchConsole();
  answeringModel();
  key = await secretKey();
});

afterEach(async () => {
  expectQuietLog();
  vi.restoreAllMocks();
  await reset();
});

describe('no storage is looked at', () => {
  test('for no key, or what only looks like the header of one', async () => {
    const storage = watchStorage();
    const headers = [
      undefined,
      '',
      'Bearer',
      'Bearer ',
      key.key,
      `Basic ${btoa(`user:${key.key}`)}`,
      `Token ${key.key}`,
      `Bearer:${key.key}`,
      `Bearer,${key.key}`,
      `Bearer\t${key.key}`,
      `Bearer "${key.key}"`,
      `Bearer ${key.key}, Bearer ${key.key}`,
      `Bearer ${key.key} ${key.key}`,
      `Bearer Bearer ${key.key}`,
      `Bearer ${key.key};`,
      'Bearer null',
      'Bearer undefined',
      'Bearer {}',
      `Bearer ${'x'.repeat(20_000)}`,
      `Bearer${' '.repeat(20_000)}`,
    ];
    for (const header of headers) await expectClosed(routes, header, 'invalid_api_key');
    expect(storage()).toBe(0);
  });

  test('for a key that is not quite one: cut, lengthened, in other letters, of another mode, with another tag', async () => {
    const forged = [
      key.key.slice(0, -1),
      `${key.key}A`,
      `${key.key}=`,
      `${key.key}%00`,
      key.key.toUpperCase(),
      key.key.replace('er_live_', 'ER_LIVE_'),
      key.key.replace('er_live_', 'er_test_'),
      key.key.replace('er_live_', ''),
      key.key.replace('er_live_', 'er_live_er_live_'),
      await unissued('test'),
      await unissued('live', ['another tag secret of someone']),
      withLetter(key.key, -1),
      withLetter(key.key, -20),
      withLetter(key.key, 20),
      withLetter(key.key, 8),
      `er_live_${'A'.repeat(96)}`,
      `er_live_${'_'.repeat(96)}`,
      `er_live_${'A'.repeat(95)}+`,
      key.id,
      key.account,
      key.webhook_secret,
      adminToken.slice(0, -1),
      `${adminToken}x`,
      adminToken.toUpperCase(),
    ];
    const storage = watchStorage();
    for (const text of forged) {
      if (text !== key.id && text !== key.account) keepSecret(text);
      await expectClosed(routes, `Bearer ${text}`, 'invalid_api_key');
    }
    expect(storage()).toBe(0);
  });

  test('for the admin token where a key is asked for, and for a key where the admin token is', async () => {
    const storage = watchStorage();
    // It may look at any account's usage, and must say whose.
    const others = keyed.filter(({ path }) => path !== '/v1/usage');
    await expectClosed(others, `Bearer ${adminToken}`, 'invalid_api_key');
    await expectRefused(await send('GET', '/v1/usage', adminToken), 'invalid_request', 'usage');
    await expectClosed(administered, `Bearer ${key.key}`, 'invalid_api_key');
    expect(storage()).toBe(0);
  });

  test('for a flood of forged keys', async () => {
    const storage = watchStorage();
    const flood = Array.from({ length: 500 }, async (_, index) => {
      const forged = withLetter(withLetter(key.key, 8 + (index % 90)), -1 - (index % 20));
      return expectRefused(await send('POST', '/v1/reflections', forged, question), 'invalid_api_key', forged);
    });
    await Promise.all(flood);
    expect(storage()).toBe(0);
  });
});

describe('a well-made key', () => {
  test('that was never issued opens nothing, in no account and in one that is there', async () => {
    await expectClosed(keyed, `Bearer ${await unissued('live')}`, 'invalid_api_key');
    const codec = createKeyCodec({ tagSecrets: env.KEY_TAG_SECRETS.split(','), mode: 'live', randomBytes });
    const { text } = codec.make(newKeyId(newAccountId(randomBytes), randomBytes));
    keepSecret(text);
    await expectClosed(keyed, `Bearer ${text}`, 'invalid_api_key');
  });

  test('opens nothing once it was revoked, and is gone for whoever administers it too', async () => {
    expect((await send('DELETE', `/v1/keys/${key.id}`, adminToken)).status).toBe(200);
    await expectClosed(keyed, `Bearer ${key.key}`, 'invalid_api_key');
    // It stays gone for whoever administers it, too.
    for (const [method, path, body] of [
      ['GET', `/v1/keys/${key.id}`, undefined],
      ['PATCH', `/v1/keys/${key.id}`, { expires_at: null, scopes: ['read'] }],
      ['POST', `/v1/keys/${key.id}/rotate`, {}],
    ] as const) {
      await expectRefused(await send(method, path, adminToken, body), 'not_found', method);
    }
    expect((await send('DELETE', `/v1/keys/${key.id}`, adminToken)).status).toBe(200);
    await expectClosed(keyed, `Bearer ${key.key}`, 'invalid_api_key');
  });

  test('opens nothing once it was rotated away without grace; the new one does', async () => {
    const rotated = await send('POST', `/v1/keys/${key.id}/rotate`, adminToken, { grace_period_s: 0 });
    const fresh = newKey.parse(await rotated.json());
    keepSecret(fresh.key, fresh.webhook_secret);
    await expectClosed(keyed, `Bearer ${key.key}`, 'invalid_api_key');
    expect((await send('GET', '/v1/usage', fresh.key)).status).toBe(200);
  });

  test('opens nothing from the second on at which it expires', async () => {
    const expires_at = Math.floor(Date.now() / 1_000) + 1;
    const patched = await send('PATCH', `/v1/keys/${key.id}`, adminToken, { expires_at });
    expect(patched.status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, expires_at * 1_000 - Date.now()));
    expect(Date.now()).toBeGreaterThanOrEqual(expires_at * 1_000);
    await expectClosed(keyed, `Bearer ${key.key}`, 'invalid_api_key');
    // Now is not to come, and neither is what was a second ago.
    for (const moment of [Math.floor(Date.now() / 1_000), expires_at - 1]) {
      const response = await send('PATCH', `/v1/keys/${key.id}`, adminToken, { expires_at: moment });
      expect((await expectRefused(response, 'invalid_request')).error.param).toBe('expires_at');
    }
  });

  test.each<readonly [Scope[], Scope[]]>([
    [['reflect'], ['read']],
    [['read'], ['reflect']],
    [['export'], ['reflect', 'read']],
  ])('with %j alone opens nothing that asks for %j', async (scopes, closed) => {
    key = await secretKey({ scopes });
    for (const { method, path, body, scope } of keyed) {
      const response = await send(method, path, key.key, body);
      if (scope !== null && closed.includes(scope)) {
        const { detail } = await expectRefused(response, 'missing_scope', [method, path]);
        expect(detail).toContain(`"${scope}"`);
      } else {
        await expectOrderly(response, [method, path]);
        expect([200, 404]).toContain(response.status);
      }
    }
  });

  test.each(['only-if-cached', 'default', 'no-store', 'reload'])(
    'that may not ask is told so, and not what the cache holds, with the mode %s',
    async (mode) => {
      const reader = await secretKey({ scopes: ['read'] });
      const gone = await unissued('live');
      const body = { ...question, cache: { mode } };
      await expectRefused(await send('POST', '/v1/reflections', reader.key, body), 'missing_scope');
      await expectRefused(await send('POST', '/v1/reflections', gone, body), 'invalid_api_key');
    },
  );
});

test('where a wrong key meets a wrong path or method, the key is told first', async () => {
  const storage = watchStorage();
  for (const [method, path] of [
    ['PUT', '/v1/reflections'],
    ['GET', '/v1/nothing'],
    ['OPTIONS', '/v1/usage'],
    ['PUT', '/v1/keys'],
    ['GET', `/v1/keys/${someKey}/rotate`],
    ['GET', '/v1/keys/'],
    ['GET', '/v1/%6beys'],
    ['GET', '/v1//keys'],
    ['GET', '/v1/keys%2f'],
    ['GET', '/v1/./keys'],
    ['GET', '/v1/models/../keys'],
    ['GET', '/v1/models/%2e%2e/keys'],
  ] as const) {
    await expectRefused(await ask(method, path, {}), 'invalid_api_key', [method, path]);
  }
  expect(storage()).toBe(0);
});

test('whoever holds the admin token is told of a wrong path or method as such', async () => {
  const headers = { authorization: `Bearer ${adminToken}` };
  for (const path of [`/v1/keys/${someKey}/secret`, '/v1/keys/a/b/c']) {
    await expectRefused(await ask('GET', path, headers), 'not_found', path);
  }
  for (const [method, path, allow] of [
    ['PUT', '/v1/keys', 'POST, GET, HEAD'],
    ['POST', `/v1/keys/${someKey}`, 'GET, HEAD, PATCH, DELETE'],
    ['GET', `/v1/keys/${someKey}/rotate`, 'POST'],
  ] as const) {
    const response = await ask(method, path, headers);
    expect([path, response.headers.get('allow')]).toEqual([path, allow]);
    await expectRefused(response, 'method_not_allowed', [method, path]);
  }
});
