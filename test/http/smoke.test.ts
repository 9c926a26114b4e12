import { expect, test } from 'vitest';
import { makeApi } from './api.ts';

test('x', async () => {
  const api = makeApi();
  const r = await api.post('/v1/reflections', { input: 'hi' });
  console.log(r.status, [...r.headers], await r.json());
  for (const p of [
    ['GET', '/nope'],
    ['PUT', '/v1/models'],
    ['OPTIONS', '/v1/models'],
    ['HEAD', '/v1/models'],
    ['GET', '/v1/reflections/x/events?starting_after=a'],
  ] as const) {
    const q = await api.send(p[0], p[1]);
    console.log(q.status, [...q.headers], await q.text());
  }
  const q = await api.post('/v1/reflections', '{"input": 3, "a": {}, "__proto__": 3}');
  console.log(await q.text());
  const s = await api.post('/v1/reflections', { input: 'hi', stream: true });
  console.log(await s.text());
  console.log(api.log);
  expect(r.status).toBe(200);
});
