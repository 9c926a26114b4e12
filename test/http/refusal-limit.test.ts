import { expect, test } from 'vitest';
import { makeApi, otherKey } from './api.ts';

const bad = '{"input": ';

test('after as many refused bodies as the limit says no body of the key is read for a while', async () => {
  const api = makeApi({}, { refused_per_minute: 3 });
  const refused = [bad, { input: 'x', colour: 'red' }, { input: 'x', checks: [{ type: 'regex', pattern: '(' }] }];
  for (const body of refused) expect((await api.post('/v1/reflections', body)).status).toBe(400);
  const answer = await api.post('/v1/reflections', { input: 'x' });
  expect(answer.status).toBe(429);
  expect(answer.headers.get('retry-after')).toBe('60');
  expect(answer.headers.get('x-should-retry')).toBe('true');
  expect(await answer.json()).toMatchObject({
    error: { code: 'rate_limited', limit: 'refused_per_minute', size: 3, remaining: 0, retry_after_s: 60 },
  });
});

test('neither another key nor what needs no body is held up by it', async () => {
  const api = makeApi({}, { refused_per_minute: 1 });
  expect((await api.post('/v1/reflections', bad)).status).toBe(400);
  expect((await api.get('/v1/reflections')).status).toBe(200);
  const other = { authorization: `Bearer ${otherKey}` };
  expect((await api.post('/v1/reflections', { input: 'x' }, other)).status).toBe(200);
  expect((await api.post('/v1/reflections', { input: 'x' })).status).toBe(429);
});

test('a body of another type or that is too large counts as well, and one that is served does not', async () => {
  const api = makeApi({}, { refused_per_minute: 2 });
  for (let served = 0; served < 4; served += 1)
    expect((await api.post('/v1/reflections', { input: `x${served}` })).status).toBe(200);
  expect((await api.post('/v1/reflections', 'x', { 'content-type': 'text/plain' })).status).toBe(415);
  expect((await api.post('/v1/reflections', `{"input": "${'x'.repeat(1_100_000)}"}`)).status).toBe(413);
  expect((await api.post('/v1/reflections', { input: 'x' })).status).toBe(429);
});

test('a revoked key is told so, whatever was refused before', async () => {
  const api = makeApi({}, { refused_per_minute: 1 });
  expect((await api.post('/v1/reflections', bad)).status).toBe(400);
  api.objects.of(api.caller.account).keyring.revoke(api.caller.key);
  expect((await api.post('/v1/reflections', { input: 'x' })).status).toBe(401);
});
