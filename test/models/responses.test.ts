import { expect, test } from 'vitest';
import { createOpenAiCompatible } from '../../src/models/openai-compatible.ts';
import { retryAfterSeconds } from '../../src/models/responses.ts';
import { callOf, hear, modelOf } from './calls.ts';

test.each<[Record<string, string>, number | undefined]>([
  [{ 'retry-after': '7' }, 7],
  [{ 'retry-after': ' 1.5 ' }, 1.5],
  [{ 'retry-after': '0' }, 0],
  [{}, undefined],
  [{ 'retry-after': '' }, undefined],
  [{ 'retry-after': '-3' }, undefined],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '1e9' }, undefined],
  [{ 'retry-after': '999999999' }, 86_400],
  [{ 'retry-after': 'Wed, 25 Nov 2026 10:00:30 GMT', date: 'Wed, 25 Nov 2026 10:00:00 GMT' }, 30],
  [{ 'retry-after': 'Wed, 25 Nov 2026 10:00:00 GMT', date: 'Wed, 25 Nov 2026 10:00:30 GMT' }, undefined],
  [{ 'retry-after': 'Fri, 25 Nov 2050 10:00:00 GMT', date: 'Wed, 25 Nov 2026 10:00:00 GMT' }, 86_400],
])('what a server says of when to come again is read: %o', (headers, seconds) => {
  expect(retryAfterSeconds(new Response(null, { headers }))).toBe(seconds);
});

test('a date is held against this clock where the server does not tell its own', () => {
  const headers = { 'retry-after': new Date(Date.now() + 60_000).toUTCString() };
  const seconds = retryAfterSeconds(new Response(null, { headers })) ?? 0;
  expect(seconds).toBeGreaterThan(50);
  expect(seconds).toBeLessThanOrEqual(60);
});

test('a redirect is not followed: it would take the key and the conversation elsewhere', async () => {
  const asked: RequestInit[] = [];
  const provider = createOpenAiCompatible({
    baseUrl: 'http://model.test/v1',
    apiKey: 'secret',
    async fetch(_, init) {
      asked.push(init);
      return new Response(null, { status: 307, headers: { location: 'http://elsewhere.test/' } });
    },
  });
  const { error } = await hear(provider.stream(modelOf('m'), callOf(), new AbortController().signal));
  expect(error).toMatchObject({ code: 'upstream_failed', kind: { retry: 'never' } });
  expect(asked).toMatchObject([{ redirect: 'manual' }]);
});
