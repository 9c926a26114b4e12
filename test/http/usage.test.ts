import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { UsageReport, UsageRow } from '../../src/accounts/accounts.ts';
import { usageAnswer, usageRoutes } from '../../src/http/routes/usage.ts';
import { expectProblem, makeApi } from './api.ts';
import { caller, routeApp, startOfTest, statusOf, stranger } from './route-app.ts';

const empty: UsageReport = { rows: [], days: [] };

function makeUsageApi(report: UsageReport = empty, scope: 'read' | 'reflect' = 'read') {
  const asked: unknown[] = [];
  const usage = async (...question: unknown[]): Promise<UsageReport> => {
    asked.push(question);
    return report;
  };
  const { send } = routeApp((app) =>
    app.route('/', usageRoutes({ accounts: { ...statusOf(scope), usage }, now: () => startOfTest })),
  );
  return { asked, get: (query = '') => send('GET', `/v1/usage${query}`) };
}

function row(facts: Partial<UsageRow>): UsageRow {
  return {
    day: '2026-09-21',
    model: 'test/large',
    decision: 'voted',
    input_tokens: 0,
    output_tokens: 0,
    cost_usd: 0,
    calls: 0,
    ...facts,
  };
}

describe('the answer', () => {
  test('holds the rows as they are, and their totals', async () => {
    const rows = [
      row({ input_tokens: 100, output_tokens: 10, cost_usd: 0.1, calls: 3 }),
      row({ decision: null, input_tokens: 7, output_tokens: 5, cost_usd: 0.2, calls: 1 }),
    ];
    const days = [
      { day: '2026-09-20', runs: 1, cache_hits: 9 },
      { day: '2026-09-21', runs: 2, cache_hits: 0 },
    ];
    const response = await makeUsageApi({ rows, days }).get();
    expect(response.status).toBe(200);
    expect(usageAnswer.parse(await response.json())).toEqual({
      object: 'usage',
      from: '2026-08-23',
      to: '2026-09-21',
      data: rows,
      days,
      totals: {
        input_tokens: 107,
        output_tokens: 15,
        total_tokens: 122,
        cost_usd: 0.3,
        calls: 4,
        runs: 3,
        cache_hits: 9,
      },
    });
  });

  test('is whole where nothing was used', async () => {
    const answer = usageAnswer.parse(await (await makeUsageApi().get()).json());
    expect(Object.values(answer.totals)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  test('adds up to the nanodollar', async () => {
    const amounts = fc.array(fc.nat({ max: 10_000_000_000 }), { maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(amounts, async (nanodollars) => {
        const rows = nanodollars.map((amount) => row({ cost_usd: amount / 1e9 }));
        const { totals } = usageAnswer.parse(await (await makeUsageApi({ rows, days: [] }).get()).json());
        expect(totals.cost_usd).toBe(nanodollars.reduce((total, amount) => total + amount, 0) / 1e9);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the days', () => {
  test.each([
    ['', '2026-08-23', '2026-09-21'],
    ['?to=2024-03-01', '2024-02-01', '2024-03-01'],
    ['?from=2026-09-21', '2026-09-21', '2026-09-21'],
    ['?from=2024-02-29&to=2025-02-28', '2024-02-29', '2025-02-28'],
    ['?from=2026-12-01&to=2026-12-24', '2026-12-01', '2026-12-24'],
    ['?granularity=hour', '2026-08-23', '2026-09-21'],
  ])('of %j are %s to %s, and the account is asked for its own', async (query, from, to) => {
    const { asked, get } = makeUsageApi();
    expect(await (await get(query)).json()).toMatchObject({ from, to });
    expect(asked).toEqual([[caller.account, from, to, undefined]]);
  });

  test.each([
    ['?from=2026-02-30', ['from']],
    ['?from=2026-9-1', ['from']],
    ['?from=2026-09-01T00:00:00Z', ['from']],
    ['?from=1999-12-31', ['from']],
    ['?from=0000-01-01', ['from']],
    ['?from=', ['from']],
    ['?to=today', ['to']],
    ['?from=x&to=y', ['from', 'to']],
    ['?from=2026-09-22', ['from']],
    ['?from=2026-09-02&to=2026-09-01', ['from']],
    ['?from=2024-01-01&to=2025-01-01', ['from']],
    ['?from=2026-09-01&from=2026-09-02', ['from']],
  ])('of %j are refused', async (query, fields) => {
    const { asked, get } = makeUsageApi();
    const { errors } = await expectProblem(await get(query), 'invalid_request');
    expect(errors?.map(({ field }) => field)).toEqual(fields);
    expect(asked).toEqual([]);
  });
});

test('usage is for keys that may read', async () => {
  const { asked, get } = makeUsageApi(empty, 'reflect');
  await expectProblem(await get(), 'missing_scope');
  expect(asked).toEqual([]);
});

describe('usage of one key', () => {
  test('is asked for by its id, and is not found where it is another account’s', async () => {
    const api = makeApi();
    const { caller: own } = api;
    expect((await api.post('/v1/reflections', { input: 'x' })).status).toBe(200);
    expect((await api.get(`/v1/usage?key=${own.key}`)).status).toBe(200);
    await expectProblem(await api.get(`/v1/usage?key=${stranger.key}`), 'not_found');
    await expectProblem(await api.get('/v1/usage?key=nonsense'), 'invalid_request');
    await expectProblem(await api.get(`/v1/usage?account=${stranger.account}`), 'not_found');
    expect((await api.get(`/v1/usage?account=${own.account}`)).status).toBe(200);
  });
});

describe('the admin token', () => {
  test('reads any account’s usage, which it names', async () => {
    const api = makeApi({ adminToken: 'admin-token' });
    const asking = { authorization: 'Bearer admin-token' };
    const answer = await api.get(`/v1/usage?account=${api.caller.account}`, asking);
    expect(answer.status).toBe(200);
    expect(usageAnswer.parse(await answer.json()).totals.runs).toBe(0);
    expect((await api.get(`/v1/usage?key=${api.caller.key}`, asking)).status).toBe(200);
    const { error } = await expectProblem(await api.get('/v1/usage', asking), 'invalid_request');
    expect(error.param).toBe('account');
    await expectProblem(await api.get('/v1/usage', { authorization: 'Bearer not-the-token' }), 'invalid_api_key');
    // It reads nothing else.
    await expectProblem(await api.get('/v1/reflections', asking), 'invalid_api_key');
  });
});
