import { describe, expect, test } from 'vitest';
import { reflectionRecord } from '../../src/http/reflection-record.ts';
import { expectProblem, firstRun, makeApi } from './api.ts';

describe('request ids', () => {
  test('a sane one is kept, in the header, in the problem and in the log', async () => {
    const api = makeApi();
    const response = await api.get('/nowhere', { 'x-request-id': 'Trace-1.2:3_x' });
    expect((await expectProblem(response, 'not_found')).request_id).toBe('Trace-1.2:3_x');
    expect(api.log).toContainEqual(expect.objectContaining({ request_id: 'Trace-1.2:3_x' }));
  });

  test.each(['', 'a b', '<script>', '-dash', 'x'.repeat(129), '{"a":1}'])(
    '%j is replaced by a random one',
    async (id) => {
      const api = makeApi({ randomId: () => 'random' });
      expect((await api.get('/v1/models', { 'x-request-id': id })).headers.get('x-request-id')).toBe('req_random');
    },
  );
});

describe('CORS', () => {
  test('a preflight is answered without asking who it is, for the methods and headers of the API', async () => {
    const api = makeApi();
    const response = await api.send('OPTIONS', 'https://public.example/v1/reflections', {
      origin: 'https://page.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization, content-type',
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-methods')).toContain('DELETE');
    expect(response.headers.get('access-control-allow-headers')).toMatch(/Authorization.*Content-Type.*Last-Event-ID/);
    expect(response.headers.has('access-control-allow-credentials')).toBe(false);
  });

  test('errors and answers alike may be read by any page, with the headers it needs', async () => {
    const api = makeApi();
    for (const path of ['/v1/models', '/nowhere']) {
      const { headers } = await api.get(path);
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('access-control-expose-headers')).toMatch(
        /Retry-After.*RateLimit.*X-Request-Id.*X-RateLimit-Remaining-Tokens/,
      );
    }
  });
});

describe('methods', () => {
  test.each([
    ['PUT', '/v1/models', 'GET, HEAD'],
    ['OPTIONS', '/v1/models', 'GET, HEAD'],
    ['PUT', '/v1/reflections', 'POST, GET, HEAD'],
    ['PATCH', '/v1/reflections/refl_x', 'GET, HEAD, DELETE'],
    ['GET', '/v1/reflections/refl_x/cancel', 'POST'],
    ['DELETE', '/v1/reflections/refl_x/events', 'GET, HEAD'],
    ['POST', '/health', 'GET, HEAD'],
    ['BREW', '/health', 'GET, HEAD'],
  ])('%s %s is refused with the methods that would do', async (method, path, allow) => {
    const response = await makeApi().send(method, path);
    await expectProblem(response, 'method_not_allowed');
    expect(response.headers.get('allow')).toBe(allow);
  });

  test('HEAD answers as GET does, without a body', async () => {
    const api = makeApi();
    const response = await api.send('HEAD', '/v1/models');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.text()).toBe('');
    expect((await api.send('HEAD', '/nowhere')).status).toBe(404);
  });

  test('HEAD on a running run’s events leaves no reader behind', async () => {
    let cancelled = false;
    const runs = makeApi().runs;
    const bytes = new ReadableStream<Uint8Array>({
      cancel() {
        cancelled = true;
      },
    });
    const response = await makeApi({ runs: { ...runs, follow: async () => bytes } }).send(
      'HEAD',
      '/v1/reflections/refl_x/events',
    );
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(cancelled).toBe(true);
  });

  test.each(['/', '/v1', '/v1/reflections/a/b', '/v1/models/%ff', '/.env', '//v1/models'])(
    'nothing is at %s',
    async (path) => {
      await expectProblem(await makeApi().get(`http://localhost${path}`), 'not_found');
    },
  );
});

describe('a slash at the end of a path', () => {
  test.each(['/v1/models', '/v1/reflections', '/health'])('changes nothing at %s', async (path) => {
    const api = makeApi();
    const [plain, slashed] = [await api.get(path), await api.get(`${path}/`)];
    expect(slashed.status).toBe(200);
    expect(await slashed.text()).toBe(await plain.text());
  });

  test('changes nothing for a call that starts a run, nor for its record', async () => {
    const api = makeApi();
    const started = await api.post('/v1/reflections/', { input: 'x' });
    expect(started.status).toBe(200);
    const { id } = reflectionRecord.parse(await started.json());
    expect((await api.get(`/v1/reflections/${id}/`)).status).toBe(200);
    expect((await api.get(`/v1/reflections/${id}/events/`)).status).toBe(200);
    expect((await api.send('PUT', '/v1/reflections/')).status).toBe(405);
  });
});

describe('headers of every answer', () => {
  test('keep browsers from guessing, framing and caching', async () => {
    const { headers } = await makeApi().get('/v1/models');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('tell the time taken, by stage', async () => {
    let clock = 1_000;
    const api = makeApi({ now: () => clock++ });
    expect((await api.get('/v1/models')).headers.get('server-timing')).toMatch(/^total;dur=\d+$/);
    const response = await api.post('/v1/reflections', { input: 'hello' });
    expect(response.headers.get('server-timing')).toMatch(/^run;dur=\d+, total;dur=\d+$/);
  });
});

test('a forged key is refused with its body unread, and its answer has what every answer has', async () => {
  const api = makeApi();
  const forged = { authorization: `Bearer er_test_${'A'.repeat(96)}`, 'x-request-id': 'Trace-1' };
  const response = await api.post('/v1/reflections', '{"input": ', forged);
  expect((await expectProblem(response, 'invalid_api_key')).request_id).toBe('Trace-1');
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'x-request-id': 'Trace-1',
    'access-control-allow-origin': '*',
    'cache-control': 'no-store',
    'server-timing': expect.stringMatching(/^total;dur=\d+$/),
    'www-authenticate': 'Bearer',
  });
  expect(api.log).toEqual([
    expect.objectContaining({ request_id: 'Trace-1', route: '/v1/reflections', status: 401, code: 'invalid_api_key' }),
  ]);
});

describe('the access log', () => {
  test('names the route and not the id, and holds nothing that was asked or answered', async () => {
    const api = makeApi();
    await api.post('/v1/reflections?key=er_live_secret', { input: 'my secret question' });
    await api.get(`/v1/reflections/${firstRun}`);
    await api.get('/v1/reflections/refl_unknown');
    expect(api.log).toEqual([
      expect.objectContaining({
        event: 'request.answered',
        method: 'POST',
        route: '/v1/reflections',
        status: 200,
        code: null,
        decision: 'kept_draft_unverified',
      }),
      expect.objectContaining({ method: 'GET', route: '/v1/reflections/:id', status: 200 }),
      expect.objectContaining({ method: 'GET', route: '/v1/reflections/:id', status: 404, code: 'not_found' }),
    ]);
    expect(JSON.stringify(api.log)).not.toMatch(/secret|answer is|refl_|er_test/);
  });

  test('names the path without its query where the operator asks for all of it', async () => {
    const api = makeApi({ accessLog: 'full' });
    await api.get('/v1/reflections/refl_unknown?key=er_live_secret');
    expect(api.log).toEqual([
      expect.objectContaining({ path: '/v1/reflections/refl_unknown', status: 404, decision: null }),
    ]);
  });

  test('of a stream comes when that has ended, with the decision, where the operator asks for all of it', async () => {
    const api = makeApi({ accessLog: 'full' });
    const response = await api.post('/v1/reflections', { input: 'hello', stream: true });
    expect(api.log).toEqual([]);
    expect(await response.text()).toContain('event: run.completed');
    expect(api.log).toEqual([
      expect.objectContaining({ path: '/v1/reflections', status: 200, decision: 'kept_draft_unverified' }),
    ]);
  });

  test('of a stream that is left comes without a decision, and the stream is left behind it too', async () => {
    const api = makeApi({ accessLog: 'full' });
    const response = await api.post('/v1/reflections', { input: 'hang', stream: true });
    await response.body?.cancel();
    expect(api.log).toEqual([expect.objectContaining({ status: 200, decision: null })]);
  });
});
