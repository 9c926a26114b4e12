import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LimitStanding, limitNames, type Refusal } from '../../src/accounts/accounts.ts';
import { goDuration, limitHeaders, refusalError } from '../../src/http/limit-headers.ts';
import { expectProblem } from './api.ts';
import { routeApp, startOfTest } from './route-app.ts';

const now = startOfTest;

const standings: readonly LimitStanding[] = [
  { limit: 'requests_per_minute', size: 60, remaining: 42, resetsAt: now + 10_001 },
  { limit: 'tokens_per_minute', size: 100_000, remaining: 81_234, resetsAt: now + 60_000 },
  { limit: 'concurrent_runs', size: 8, remaining: 7, resetsAt: now + 120_000 },
  { limit: 'daily_usd', size: 5, remaining: 4.999999, resetsAt: now + 3_600_000 },
];

const refusal: Refusal = {
  code: 'rate_limited',
  limit: 'requests_per_minute',
  size: 60,
  remaining: 0,
  resetsAt: now + 60_000,
  asked: 1,
  retryAfterMs: 10_001,
};

interface Item {
  readonly value: string;
  readonly parameters: Readonly<Record<string, string | number>>;
}

/** The part of a structured field that is used here: a list of strings, each with integers and strings as parameters. https://www.rfc-editor.org/rfc/rfc9651 */
function parseList(field: string): Item[] {
  const string = '"[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]*"';
  const parameter = `;[a-z*][a-z0-9_\\-.*]*=(?:-?\\d{1,15}|${string})`;
  const item = `${string}(?:${parameter})*`;
  expect(field).toMatch(new RegExp(`^${item}(?:, ${item})*$`));
  return [...field.matchAll(new RegExp(`(${string})((?:${parameter})*)`, 'g'))].map(
    ([, value = '', parameters = '']) => ({
      value: value.slice(1, -1),
      parameters: Object.fromEntries(
        [...parameters.matchAll(/;([^=;]+)=(?:"([^"]*)"|(-?\d+))/g)].map(([, name = '', text, number]) => [
          name,
          text ?? Number(number),
        ]),
      ),
    }),
  );
}

describe('the RateLimit fields', () => {
  test('name every limit, its size and its window', () => {
    expect(limitHeaders(standings, now)['ratelimit-policy']).toBe(
      '"requests";q=60;w=60, "tokens";q=100000;qu="tokens";w=60, ' +
        '"concurrent-runs";q=8;qu="concurrent-requests", "daily-usd";q=5000000;qu="microusd";w=86400',
    );
  });

  test('say what is left and when the whole limit is free again', () => {
    expect(limitHeaders(standings, now)['ratelimit']).toBe(
      '"requests";r=42;t=11, "tokens";r=81234;t=60, "concurrent-runs";r=7, "daily-usd";r=4999999;t=3600',
    );
  });

  test('say with a refusal when to come again, and for no other limit a later time', () => {
    const refused = standings.map((standing) =>
      standing.limit === 'requests_per_minute' ? { ...standing, remaining: 0, resetsAt: refusal.resetsAt } : standing,
    );
    expect(limitHeaders(refused, now, refusal)['ratelimit']).toBe(
      '"requests";r=0;t=11, "tokens";r=81234, "concurrent-runs";r=7, "daily-usd";r=4999999',
    );
  });

  test('say nothing of a time where waiting does not help', () => {
    const never: Refusal = { ...refusal, code: 'request_exceeds_limit', asked: 61, retryAfterMs: null };
    expect(limitHeaders(standings, now, never)['ratelimit']).not.toContain(';t=');
  });

  test('are left out where nothing is known', () => {
    expect(limitHeaders([], now)).toEqual({});
  });

  test('count down to zero, and not beyond where clocks differ', () => {
    const past = standings.map((standing) => ({ ...standing, resetsAt: now - 5_000 }));
    const headers = limitHeaders(past, now);
    expect(parseList(headers['ratelimit'] ?? '').map(({ parameters }) => parameters['t'])).toEqual([
      0,
      0,
      undefined,
      0,
    ]);
    expect(headers['x-ratelimit-reset-tokens']).toBe('0s');
  });

  test('are well-made lists of whole numbers for every account', () => {
    const anyStandings = fc.tuple(...limitNames.map(anyStanding));
    const anyRefusal = fc.option(fc.record({ index: fc.nat({ max: 3 }), retryAfterMs: fc.nat({ max: 90_000_000 }) }));
    fc.assert(
      fc.property(anyStandings, anyRefusal, (all, refused) => {
        const by = all[refused?.index ?? -1];
        const why: Refusal | undefined =
          refused && by ? { ...by, code: 'rate_limited', asked: 1, retryAfterMs: refused.retryAfterMs } : undefined;
        const headers = limitHeaders(all, now, why);
        const policies = parseList(headers['ratelimit-policy'] ?? '');
        const limits = parseList(headers['ratelimit'] ?? '');
        expect(limits.map(({ value }) => value)).toEqual(policies.map(({ value }) => value));
        limits.forEach(({ parameters }, index) => {
          expect(parameters['r']).toBeLessThanOrEqual(Number(policies[index]?.parameters['q']));
          expect(parameters['r']).toBeGreaterThanOrEqual(0);
          expect(parameters['t'] ?? 0).toBeGreaterThanOrEqual(0);
          if (!why) return;
          expect(parameters['t'] ?? 0).toBeLessThanOrEqual(refusalError(why).retryAfterSeconds ?? 0);
        });
        for (const { parameters } of policies) expect(parameters['w'] ?? 1).toBeGreaterThan(0);
      }),
    );
  });

  test('tell money in whole millionths, and never more than there is', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1_000_000_000_000_000 }), (nanodollars) => {
        const standing: LimitStanding = { limit: 'daily_usd', size: 1e6, remaining: nanodollars / 1e9, resetsAt: now };
        const [item] = parseList(limitHeaders([standing], now)['ratelimit'] ?? '');
        expect(item?.parameters['r']).toBe(Math.floor(nanodollars / 1_000));
      }),
    );
  });
});

function anyStanding(limit: LimitStanding['limit']): fc.Arbitrary<LimitStanding> {
  return fc
    .tuple(
      fc.nat({ max: 1_000_000_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: -9e7, max: 9e7 }),
    )
    .map(([size, left, later]) =>
      limit === 'daily_usd'
        ? { limit, size: size / 1e3, remaining: Math.floor(size * 1e6 * left) / 1e9, resetsAt: now + later }
        : { limit, size, remaining: Math.floor(size * left), resetsAt: now + later },
    );
}

describe('OpenAI’s headers', () => {
  test('tell of requests and tokens', () => {
    const { ratelimit: _, 'ratelimit-policy': __, ...headers } = limitHeaders(standings, now);
    expect(headers).toEqual({
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '42',
      'x-ratelimit-reset-requests': '10.001s',
      'x-ratelimit-limit-tokens': '100000',
      'x-ratelimit-remaining-tokens': '81234',
      'x-ratelimit-reset-tokens': '1m0s',
    });
  });

  test.each([
    [0, '0s'],
    [1, '1ms'],
    [999, '999ms'],
    [1_000, '1s'],
    [1_500, '1.5s'],
    [59_999, '59.999s'],
    [60_000, '1m0s'],
    [360_000, '6m0s'],
    [3_599_999, '59m59.999s'],
    [3_600_000, '1h0m0s'],
    [86_400_000, '24h0m0s'],
  ])('write %i ms as %s', (milliseconds, text) => {
    expect(goDuration(milliseconds)).toBe(text);
  });

  test('write times that say what they were', () => {
    const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };
    fc.assert(
      fc.property(fc.nat({ max: 1_000_000_000 }), (milliseconds) => {
        const parts = [...goDuration(milliseconds).matchAll(/([\d.]+)(ms|[hms])/g)];
        const read = parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (units[unit] ?? Number.NaN), 0);
        expect(Math.round(read)).toBe(milliseconds);
      }),
    );
  });
});

describe('a refusal', () => {
  const answerTo = (refused: Refusal) =>
    routeApp((app) =>
      app.post('/', (context) => {
        for (const [name, value] of Object.entries(limitHeaders(standings, now, refused))) context.header(name, value);
        throw refusalError(refused);
      }),
    ).send('POST', '/');

  test('by a rate says which limit, what is left, and when to come again', async () => {
    const response = await answerTo(refusal);
    const { error, detail } = await expectProblem(response, 'rate_limited');
    expect(response.status).toBe(429);
    expect(detail).toBe(
      'The account may use 60 requests in 60 seconds, of which 0 are left, and this request needs 1. Send it again in 11 s.',
    );
    expect(error).toEqual({
      message: detail,
      type: 'rate_limit_error',
      param: null,
      code: 'rate_limited',
      limit: 'requests_per_minute',
      size: 60,
      remaining: 0,
      resets_at: now / 1_000 + 60,
      retry_after_s: 11,
    });
    expect(response.headers.get('retry-after')).toBe('11');
    expect(response.headers.get('x-should-retry')).toBe('true');
    expect(response.headers.get('ratelimit')).toContain('"requests";r=42;t=11');
    expect(response.headers.get('x-ratelimit-limit-requests')).toBe('60');
  });

  test('by the budget names the moment at which there is money again, and asks for no retry', async () => {
    const midnight = Date.UTC(2026, 8, 22);
    const response = await answerTo({
      code: 'budget_exhausted',
      limit: 'daily_usd',
      size: 5,
      remaining: 0.001,
      resetsAt: midnight,
      asked: 0.01,
      retryAfterMs: midnight - now,
    });
    const { error, detail } = await expectProblem(response, 'budget_exhausted');
    expect(response.status).toBe(429);
    expect(error).toMatchObject({ type: 'insufficient_quota', limit: 'daily_usd', remaining: 0.001 });
    expect(detail).toContain('2026-09-22T00:00:00.000Z');
    expect(response.headers.get('retry-after')).toBe(String((midnight - now) / 1_000));
    expect(response.headers.get('x-should-retry')).toBe('false');
  });

  test('of what never could pass is a 400 with no time in it', async () => {
    const response = await answerTo({
      ...refusal,
      code: 'request_exceeds_limit',
      limit: 'tokens_per_minute',
      size: 100_000,
      asked: 200_000,
      retryAfterMs: null,
    });
    const { error } = await expectProblem(response, 'request_exceeds_limit');
    expect(response.status).toBe(400);
    expect(error).toMatchObject({ limit: 'tokens_per_minute', size: 100_000, retry_after_s: null });
    expect(response.headers.get('retry-after')).toBeNull();
    expect(response.headers.get('x-should-retry')).toBe('false');
  });

  test.each([
    [1, 1],
    [1_000, 1],
    [1_001, 2],
  ])('for %i ms is one for %i s', (retryAfterMs, seconds) => {
    const error = refusalError({ ...refusal, retryAfterMs });
    expect(error.retryAfterSeconds).toBe(seconds);
    expect(error.limit?.retry_after_s).toBe(seconds);
  });

  test.each(limitNames)('by %s says what is counted', (limit) => {
    const words = {
      requests_per_minute: 'requests',
      tokens_per_minute: 'tokens',
      concurrent_runs: 'runs',
      daily_usd: 'USD',
    };
    expect(refusalError({ ...refusal, limit }).message).toContain(words[limit]);
  });
});
