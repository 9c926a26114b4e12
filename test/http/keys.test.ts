import { describe, expect, test } from 'vitest';
import { accountOf, isKeyId } from '../../src/accounts/ids.ts';
import { adminOnly } from '../../src/http/middleware/admin-only.ts';
import { keyAddresses } from '../../src/http/routes/key-addresses.ts';
import { deletedKey, keyPage, keyRoutes, newKey, shownKey } from '../../src/http/routes/keys.ts';
import { KeyObjects } from '../accounts/memory-key-objects.ts';
import { expectProblem } from './api.ts';
import { routeApp } from './route-app.ts';

const usualLimits = {
  requests_per_minute: 60,
  tokens_per_minute: 100_000,
  concurrent_runs: 8,
  daily_usd: 5,
  refused_per_minute: 60,
};
/** What the memory objects' clock says. */
const nowSeconds = 1_790_000_000;
const unknownId = `key_${'A'.repeat(32)}`;

function makeKeyApi() {
  const objects = new KeyObjects();
  const { send } = routeApp((app) =>
    app.route('/', keyRoutes({ keys: objects.administration, now: () => objects.now })),
  );
  const create = async (body: object = {}) => {
    const response = await send('POST', '/v1/keys', { name: 'team-a', ...body });
    expect(response.status).toBe(201);
    return newKey.parse(await response.json());
  };
  const fieldsRefused = async (method: string, path: string, body: unknown): Promise<string[]> => {
    const { errors } = await expectProblem(await send(method, path, body), 'invalid_request');
    return (errors ?? []).map(({ field }) => field);
  };
  return { objects, send, create, fieldsRefused };
}

test('every address that is known before the code is loaded has its handler in it', () => {
  const { administration } = new KeyObjects();
  const { routes } = keyRoutes({ keys: administration, now: Date.now });
  expect(routes.map(({ method, path }) => [method, path])).toEqual(keyAddresses);
});

describe('making a key', () => {
  test('shows its secrets once, in the answer that made it', async () => {
    const { objects, send } = makeKeyApi();
    const response = await send('POST', '/v1/keys', { name: 'team-a' });
    expect(response.status).toBe(201);
    const made = newKey.parse(await response.json());
    expect(response.headers.get('location')).toBe(`/v1/keys/${made.id}`);
    expect(made).toEqual({
      object: 'key',
      id: expect.stringMatching(/^key_[\w-]{32}$/),
      account: expect.stringMatching(/^acct_[\w-]{22}$/),
      key: expect.stringMatching(/^er_test_[\w-]{96}$/),
      webhook_secret: expect.stringMatching(/^whsec_/),
      name: 'team-a',
      scopes: ['reflect', 'read'],
      limits: usualLimits,
      created_at: nowSeconds,
      expires_at: null,
      last4: made.key.slice(-4),
    });
    expect(await objects.use(made.key)).toEqual({ scopes: ['reflect', 'read'], limits: usualLimits });

    const { key: _, webhook_secret: __, ...shown } = made;
    const read = await send('GET', `/v1/keys/${made.id}`);
    expect(read.status).toBe(200);
    expect(await read.json()).toEqual(shown);
  });

  test('takes every wish', async () => {
    const { create } = makeKeyApi();
    const first = await create();
    const made = await create({
      name: '組'.repeat(64),
      account: first.account,
      scopes: ['export'],
      limits: { requests_per_minute: 1_000_000, daily_usd: 0 },
      expires_at: nowSeconds + 1,
    });
    expect(made).toMatchObject({
      account: first.account,
      scopes: ['export'],
      limits: { ...usualLimits, requests_per_minute: 1_000_000, daily_usd: 0 },
      expires_at: nowSeconds + 1,
    });
  });

  test('takes null for what is left out, in the limits too', async () => {
    const nulls = { account: null, scopes: null, expires_at: null };
    const limits = { daily_usd: 2, tokens_per_minute: null };
    const { create } = makeKeyApi();
    expect(await create({ ...nulls, limits })).toMatchObject({
      scopes: ['reflect', 'read'],
      limits: { ...usualLimits, daily_usd: 2 },
      expires_at: null,
    });
    expect(await create({ ...nulls, limits: null })).toMatchObject({ limits: usualLimits });
  });

  test.each([
    [{}, ['name']],
    [{ name: null }, ['name']],
    [{ name: '' }, ['name']],
    [{ name: ' \n' }, ['name']],
    [{ name: 'x'.repeat(65) }, ['name']],
    [{ name: 'a', scopes: [] }, ['scopes']],
    [{ name: 'a', scopes: ['read', 'read'] }, ['scopes']],
    [{ name: 'a', scopes: ['admin'] }, ['scopes[0]']],
    [{ name: 'a', scopes: 'read' }, ['scopes']],
    [{ name: 'a', limits: [] }, ['limits']],
    [{ name: 'a', limits: { requests_per_minute: 0 } }, ['limits.requests_per_minute']],
    [{ name: 'a', limits: { requests_per_minute: 1_000_001 } }, ['limits.requests_per_minute']],
    [{ name: 'a', limits: { tokens_per_minute: 0 } }, ['limits.tokens_per_minute']],
    [{ name: 'a', limits: { tokens_per_minute: 1_000_000_001 } }, ['limits.tokens_per_minute']],
    [{ name: 'a', limits: { concurrent_runs: 10_001 } }, ['limits.concurrent_runs']],
    [{ name: 'a', limits: { concurrent_runs: '8' } }, ['limits.concurrent_runs']],
    [{ name: 'a', limits: { daily_usd: -0.01 } }, ['limits.daily_usd']],
    [{ name: 'a', limits: { daily_usd: 1_000_001 } }, ['limits.daily_usd']],
    [{ name: 'a', limits: { per_year: null } }, ['limits.per_year']],
    [{ name: 'a', expires_at: nowSeconds }, ['expires_at']],
    [{ name: 'a', expires_at: nowSeconds * 1_000 }, ['expires_at']],
    [{ name: 'a', expires_at: '2027-01-01' }, ['expires_at']],
    [{ name: 'a', account: 7 }, ['account']],
    [{ name: 'a', last4: 'abcd' }, ['last4']],
    [{ name: 'a', owner: null }, ['owner']],
    [[], ['']],
    [{ scopes: [], owner: 'me' }, ['name', 'scopes', 'owner']],
  ])('refuses %j and names what is wrong', async (body, fields) => {
    const { objects, fieldsRefused } = makeKeyApi();
    expect((await fieldsRefused('POST', '/v1/keys', body)).toSorted()).toEqual(fields.toSorted());
    expect(objects.calls).toEqual([]);
  });

  test.each([`acct_${'A'.repeat(22)}`, 'acct_', '', 'key_x', '../x'])('finds no account %j', async (account) => {
    const { send } = makeKeyApi();
    await expectProblem(await send('POST', '/v1/keys', { name: 'a', account }), 'not_found');
  });
});

describe('looking at keys', () => {
  test('lists the newest first, page by page, and never a secret', async () => {
    const { send, create } = makeKeyApi();
    const ids: string[] = [];
    for (let number = 0; number < 5; number++) ids.unshift((await create({ name: `team-${number}` })).id);
    const page = async (query: string) => keyPage.parse(await (await send('GET', `/v1/keys${query}`)).json());
    const first = await page('?limit=2');
    expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect(first).toMatchObject({ first_id: ids[0], last_id: ids[1], has_more: true });
    const rest = await page(`?limit=100&after=${first.last_id}`);
    expect(rest.data.map(({ id }) => id)).toEqual(ids.slice(2));
    expect(rest).toMatchObject({ first_id: ids[2], last_id: ids[4], has_more: false });
    expect((await page('')).data).toHaveLength(5);
  });

  test('has an empty list before there are keys', async () => {
    const { send } = makeKeyApi();
    const response = await send('GET', '/v1/keys');
    expect(await response.json()).toEqual({ object: 'list', data: [], first_id: null, last_id: null, has_more: false });
  });

  test('shows twenty keys where nothing is said', async () => {
    const { send, create } = makeKeyApi();
    for (let number = 0; number < 21; number++) await create();
    const page = keyPage.parse(await (await send('GET', '/v1/keys')).json());
    expect(page.data).toHaveLength(20);
    expect(page.has_more).toBe(true);
  });

  test.each(['limit=0', 'limit=101', 'limit=', 'limit=-1', 'limit=2.0', 'limit=1e1', 'limit=5&limit=6'])(
    'refuses ?%s',
    async (query) => {
      const { fieldsRefused } = makeKeyApi();
      expect(await fieldsRefused('GET', `/v1/keys?${query}`, undefined)).toEqual(['limit']);
    },
  );

  test('refuses two cursors, and does not find one that never was', async () => {
    const { send, fieldsRefused } = makeKeyApi();
    expect(await fieldsRefused('GET', '/v1/keys?after=a&after=b', undefined)).toEqual(['after']);
    for (const after of [unknownId, 'key_x', '']) {
      await expectProblem(await send('GET', `/v1/keys?after=${after}`), 'not_found');
    }
  });

  test.each([
    ['GET', '', undefined],
    ['PATCH', '', { name: 'b' }],
    ['DELETE', '', undefined],
    ['POST', '/rotate', undefined],
  ])('%s /v1/keys/{id}%s does not find what is no key', async (method, rest, body) => {
    const { send } = makeKeyApi();
    for (const id of [unknownId, 'x', '%2e%2e%2fkeys', '%00', '%ff']) {
      await expectProblem(await send(method, `/v1/keys/${id}${rest}`, body), 'not_found');
    }
    const { detail } = await expectProblem(await send(method, `/v1/keys/${'x'.repeat(500)}${rest}`, body), 'not_found');
    expect(detail).toContain(`"${'x'.repeat(80)}"`);
  });
});

describe('changing a key', () => {
  test('changes what is given and leaves the rest', async () => {
    const { objects, send, create } = makeKeyApi();
    const { key, webhook_secret: _, ...shown } = await create();
    const body = { name: 'team-b', scopes: ['read'], limits: { concurrent_runs: 1 }, expires_at: nowSeconds + 60 };
    const response = await send('PATCH', `/v1/keys/${shown.id}`, body);
    const changed = { ...shown, ...body, limits: { ...usualLimits, concurrent_runs: 1 } };
    expect(shownKey.parse(await response.json())).toEqual(changed);
    expect(await (await send('PATCH', `/v1/keys/${shown.id}`, {})).json()).toEqual(changed);
    expect(await objects.use(key)).toMatchObject({ scopes: ['read'] });
  });

  test('lets a key last for ever again with null, which leaves everything else as it is', async () => {
    const { send, create } = makeKeyApi();
    const { id } = await create({ expires_at: nowSeconds + 60 });
    const change = async (body: object) =>
      shownKey.parse(await (await send('PATCH', `/v1/keys/${id}`, body)).json()).expires_at;
    expect(await change({ name: null, scopes: null, limits: null })).toBe(nowSeconds + 60);
    expect(await change({ limits: { daily_usd: null } })).toBe(nowSeconds + 60);
    expect(await change({ expires_at: null })).toBeNull();
  });

  test('gives an expired key more time, and none in the past', async () => {
    const { objects, send, create, fieldsRefused } = makeKeyApi();
    const { id, key } = await create({ expires_at: nowSeconds + 1 });
    objects.now += 60_000;
    await expect(objects.use(key)).rejects.toMatchObject({ code: 'invalid_api_key' });
    expect(await fieldsRefused('PATCH', `/v1/keys/${id}`, { expires_at: nowSeconds + 30 })).toEqual(['expires_at']);
    expect((await send('PATCH', `/v1/keys/${id}`, { expires_at: nowSeconds + 90 })).status).toBe(200);
    expect(await objects.use(key)).toMatchObject({ scopes: ['reflect', 'read'] });
  });

  test.each([
    [{ account: null }, 'account'],
    [{ name: '' }, 'name'],
    [{ scopes: ['read', 'all'] }, 'scopes[1]'],
    [{ limits: { daily_usd: Number.MAX_VALUE } }, 'limits.daily_usd'],
    [{ key: 'er_live_mine' }, 'key'],
  ])('refuses %j', async (body, field) => {
    const { create, fieldsRefused } = makeKeyApi();
    const { id } = await create();
    expect(await fieldsRefused('PATCH', `/v1/keys/${id}`, body)).toEqual([field]);
  });
});

describe('rotating a key', () => {
  test.each([
    ['no body', undefined],
    ['an empty body', {}],
    ['null', { grace_period_s: null }],
  ])('with %s lets the old secret hold for a day', async (_, body) => {
    const { objects, send, create } = makeKeyApi();
    const made = await create();
    const response = await send('POST', `/v1/keys/${made.id}/rotate`, body);
    expect(response.status).toBe(200);
    const rotated = newKey.parse(await response.json());
    expect(rotated).toEqual({
      ...made,
      key: expect.not.stringContaining(made.key),
      webhook_secret: expect.not.stringContaining(made.webhook_secret),
      last4: rotated.key.slice(-4),
    });
    objects.now += 86_400_000 - 1;
    expect(await objects.use(made.key)).toMatchObject({ scopes: made.scopes });
    objects.now += 1;
    await expect(objects.use(made.key)).rejects.toMatchObject({ code: 'invalid_api_key' });
    expect(await objects.use(rotated.key)).toMatchObject({ scopes: made.scopes });
  });

  test('with no grace ends the old secret at once', async () => {
    const { objects, send, create } = makeKeyApi();
    const { id, key } = await create();
    expect((await send('POST', `/v1/keys/${id}/rotate`, { grace_period_s: 0 })).status).toBe(200);
    await expect(objects.use(key)).rejects.toMatchObject({ code: 'invalid_api_key' });
  });

  test.each([-1, 604_801, 0.5, '60'])('refuses a grace period of %j', async (grace_period_s) => {
    const { create, fieldsRefused } = makeKeyApi();
    const { id } = await create();
    expect(await fieldsRefused('POST', `/v1/keys/${id}/rotate`, { grace_period_s })).toEqual(['grace_period_s']);
  });
});

test('a revoked key is gone', async () => {
  const { objects, send, create } = makeKeyApi();
  const { id, key } = await create();
  const response = await send('DELETE', `/v1/keys/${id}`);
  expect(response.status).toBe(200);
  expect(deletedKey.parse(await response.json())).toEqual({ id, object: 'key.deleted', deleted: true });
  await expect(objects.use(key)).rejects.toMatchObject({ code: 'invalid_api_key' });
  await expectProblem(await send('GET', `/v1/keys/${id}`), 'not_found');
});

test('a key’s account can be read from its id', async () => {
  const { id, account } = await makeKeyApi().create();
  expect(isKeyId(id) && accountOf(id)).toBe(account);
});

describe('the admin token', () => {
  const token = 'correct horse battery staple'.replaceAll(' ', '-');
  const guarded = (adminToken: string | undefined) => {
    const objects = new KeyObjects();
    const { send } = routeApp((app) =>
      app
        .use('/v1/keys/*', adminOnly(adminToken))
        .route('/', keyRoutes({ keys: objects.administration, now: Date.now })),
    );
    return { objects, get: (headers: Record<string, string>) => send('GET', '/v1/keys', undefined, headers) };
  };

  test('opens the keys', async () => {
    for (const authorization of [`Bearer ${token}`, `bearer   ${token}  `]) {
      expect((await guarded(token).get({ authorization })).status).toBe(200);
    }
  });

  test.each([
    {},
    { authorization: '' },
    { authorization: 'Bearer' },
    { authorization: 'Bearer x' },
    { authorization: token },
    { authorization: `Basic ${btoa(`admin:${token}`)}` },
    { authorization: `Bearer ${token.slice(0, -1)}` },
    { authorization: `Bearer ${token}x` },
    { authorization: `Bearer ${token.toUpperCase()}` },
    { authorization: `Bearer ${token} ${token}` },
    { 'x-api-key': token },
  ])('keeps out %j', async (headers) => {
    const { objects, get } = guarded(token);
    const response = await get(headers);
    const problem = await expectProblem(response, 'invalid_api_key');
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(JSON.stringify(problem)).not.toContain(token);
    expect(objects.calls).toEqual([]);
  });

  test.each([undefined, ''])('lets nobody in where it is %j, and says so', async (adminToken) => {
    for (const authorization of ['', 'Bearer ', 'Bearer undefined', `Bearer ${token}`]) {
      const { detail } = await expectProblem(await guarded(adminToken).get({ authorization }), 'invalid_api_key');
      expect(detail).toContain('operator');
    }
  });
});
