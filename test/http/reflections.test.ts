import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { describe, expect, test } from 'vitest';
import { AppError, errorKinds } from '../../src/errors.ts';
import { reflectionRecord } from '../../src/http/reflection-record.ts';
import { deletedReflection } from '../../src/http/routes/run.ts';
import { type Api, expectProblem, firstRun, makeApi } from './api.ts';

function eventsOf(text: string): EventSourceMessage[] {
  const events: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => events.push(event) });
  parser.feed(text);
  return events;
}

const idsOf = (events: readonly EventSourceMessage[]): number[] => events.map(({ id }) => Number(id));
/** Where every run ends with this error. */
function failingApi(error: AppError): Api {
  return makeApi({
    async *engine() {
      yield { type: 'run.started', strategy: 'direct', tier: 'fast', small_judge: false };
      throw error;
    },
  });
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

describe('POST /v1/reflections', () => {
  test('answers with the finished record, in the documented shape', async () => {
    const response = await makeApi().post('/v1/reflections', { input: 'What is 6 × 7?', metadata: { user: 'u1' } });
    expect(response.status).toBe(200);
    const record = reflectionRecord.parse(await response.json());
    expect(record).toMatchObject({
      status: 'completed',
      output: 'The answer is 42.',
      decision: 'kept_draft_unverified',
      cache: { status: 'miss', age_s: null },
      metadata: { user: 'u1' },
    });
  });

  test('gives what include asks for, and no more', async () => {
    const api = makeApi();
    const plain = await (await api.post('/v1/reflections', { input: 'hello' })).json();
    expect(plain).not.toHaveProperty('draft');
    const full = reflectionRecord.parse(
      await (await api.post('/v1/reflections', { input: 'hello', include: ['draft', 'diff', 'trace'] })).json(),
    );
    expect(full).toMatchObject({
      draft: 'The answer is 42.',
      diff: expect.any(String),
      trace: [{ pass: 'draft', text: 'The answer is 42.' }],
    });
  });

  test('takes messages in OpenAI’s shape', async () => {
    const messages = [
      { role: 'developer', content: 'Be short.' },
      { role: 'user', content: [{ type: 'text', text: 'hello' }] },
    ];
    expect((await makeApi().post('/v1/reflections', { messages })).status).toBe(200);
  });

  test('with background, answers at once with the record so far and where to find it', async () => {
    const api = makeApi();
    const response = await api.post('/v1/reflections', { input: 'hang', background: true });
    expect(response.status).toBe(202);
    expect(response.headers.get('retry-after')).toBe('1');
    const record = reflectionRecord.parse(await response.json());
    expect(response.headers.get('location')).toBe(`/v1/reflections/${record.id}`);
    expect(['queued', 'running']).toContain(record.status);
    await api.post(`/v1/reflections/${record.id}/cancel`);
  });

  test('with stream, sends every event of the run, numbered from 1 without gaps, and the blocking body last', async () => {
    const api = makeApi();
    const response = await api.post('/v1/reflections', { input: 'hello', stream: true });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    const events = eventsOf(await response.text());
    expect(idsOf(events)).toEqual(upTo(events.length));
    expect(events.at(0)?.event).toBe('run.queued');
    const last = events.at(-1);
    expect(last?.event).toBe('run.completed');
    const { reflection } = JSON.parse(last?.data ?? '');
    expect(reflection).toEqual(await (await api.get(`/v1/reflections/${reflection.id}`)).json());
  });

  test('a reader that leaves a stream loses nothing: the run ends, and can be read', async () => {
    const api = makeApi();
    const response = await api.post('/v1/reflections', { input: 'hello', stream: true });
    const reader = response.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    await reader?.cancel();
    const id = /refl_[\w-]+/.exec(new TextDecoder().decode(value))?.[0] ?? '';
    const record = await api.runs.ended(api.caller.account, id);
    expect(record?.status).toBe('completed');
    expect(await (await api.get(`/v1/reflections/${id}`)).json()).toEqual(record);
  });

  test.each(Object.keys(errorKinds))(
    'a run that failed with %s answers with its status and problem, and stays readable',
    async (code) => {
      const api = makeApi();
      const response = await api.post('/v1/reflections', { input: `fail ${code}` });
      const body = await expectProblem(response, code);
      expect(body.reflection_id).toBe(firstRun);
      const record = await (await api.get(`/v1/reflections/${firstRun}`)).json();
      expect(record).toMatchObject({ status: 'failed', error: { code } });
    },
  );

  test('a failed run’s stream ends with run.failed', async () => {
    const response = await makeApi().post('/v1/reflections', { input: 'fail upstream_failed', stream: true });
    expect(response.status).toBe(200);
    expect(eventsOf(await response.text()).at(-1)?.event).toBe('run.failed');
  });

  test('a model out of capacity says when to come back, and a spent quota says not to', async () => {
    const api = makeApi();
    const busy = await api.post('/v1/reflections', { input: 'fail upstream_busy' });
    expect([busy.status, busy.headers.get('retry-after'), busy.headers.get('x-should-retry')]).toEqual([
      503,
      '5',
      'true',
    ]);
    const quota = await api.post('/v1/reflections', { input: 'fail upstream_quota' });
    expect([quota.status, quota.headers.get('retry-after'), quota.headers.get('x-should-retry')]).toEqual([
      429,
      null,
      'false',
    ]);
  });

  test('what was found wrong with the request, and when to come again, are told also when a run found it', async () => {
    const fields = [{ field: 'budget', message: 'too small for one draft' }];
    const refusing = new AppError('request_exceeds_limit', 'The budget is too small.', { fields });
    const response = await failingApi(refusing).post('/v1/reflections', { input: 'hello' });
    expect((await expectProblem(response, 'request_exceeds_limit')).errors).toEqual(fields);
    const busy = new AppError('upstream_busy', 'Every model is busy.', { retryAfterSeconds: 17 });
    expect((await failingApi(busy).post('/v1/reflections', { input: 'hello' })).headers.get('retry-after')).toBe('17');
  });

  test('a run cancelled while it is waited for answers with its record', async () => {
    const api = makeApi();
    const waiting = api.post('/v1/reflections', { input: 'hang' });
    while ((await api.runs.read(api.caller.account, firstRun))?.status !== 'running')
      await new Promise((resolve) => setImmediate(resolve));
    await api.post(`/v1/reflections/${firstRun}/cancel`);
    const response = await waiting;
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: 'cancelled' });
  });
});

describe('requests that are refused before anything is run', () => {
  test.each([
    ['tier_policy', { input: 'x', strategy: 'always', tier: 'fast' }, 'strategy'],
    ['context_length_exceeded', { input: 'word '.repeat(10_000) }, 'input'],
    ['context_length_exceeded', { messages: [{ role: 'user', content: 'word '.repeat(10_000) }] }, 'messages'],
    ['request_exceeds_limit', { input: 'x', budget: { max_output_tokens: 1 } }, 'budget.max_output_tokens'],
    ['invalid_request', { input: 'x', webhook: 'https://127.1/hook' }, 'webhook'],
    ['invalid_request', { input: 'x', webhook: 'http://hook.example' }, 'webhook'],
    ['unsupported_parameter', { input: 'x', stream: true, background: true }, 'background'],
  ])('%s: %o', async (code, body, param) => {
    const small = { id: 's', class: 'small', contextTokens: 8_000, price: { input: 0, output: 0 } } as const;
    const roster = { author: [small], critic: [small], reviser: [small], judge: [small], escalation: [] };
    const api = makeApi({ models: { roster: () => roster, health: async () => [] } });
    const problem = await expectProblem(await api.post('/v1/reflections', body), code);
    expect(problem.error.param).toBe(param);
    expect(problem.errors?.map(({ field }) => field)).toEqual([param]);
    expect(await api.runs.read(api.caller.account, firstRun)).toBeUndefined();
  });

  test.each(['', '""', 'two words', 'x'.repeat(256)])('an idempotency key that is none: %j', async (key) => {
    const response = await makeApi().post('/v1/reflections', { input: 'x' }, { 'idempotency-key': key });
    expect((await expectProblem(response, 'invalid_request')).error.param).toBe('Idempotency-Key');
  });

  test('only-if-cached finds no cache', async () => {
    const api = makeApi();
    const response = await api.post('/v1/reflections', { input: 'x', cache: { mode: 'only-if-cached' } });
    await expectProblem(response, 'only_if_cached_miss');
    expect(response.headers.get('x-should-retry')).toBe('false');
    expect(await api.runs.read(api.caller.account, firstRun)).toBeUndefined();
  });
});

describe('/v1/reflections/{id}', () => {
  const unknown: readonly (readonly [string, string])[] = [
    ['GET', '/v1/reflections/refl_unknown'],
    ['DELETE', '/v1/reflections/refl_unknown'],
    ['GET', '/v1/reflections/refl_unknown/events'],
    ['POST', '/v1/reflections/refl_unknown/cancel'],
    ['GET', '/v1/reflections/%00%ff"<x>'],
  ];
  test.each(unknown)('%s %s is not found', async (method, path) => {
    await expectProblem(await makeApi().send(method, path), 'not_found');
  });

  test('the record grows while the run goes on, and cancel ends it', async () => {
    const api = makeApi();
    await api.post('/v1/reflections', { input: 'hang', background: true });
    const cancelled = reflectionRecord.parse(await (await api.post(`/v1/reflections/${firstRun}/cancel`)).json());
    expect(cancelled.status).toBe('cancelled');
    const again = await api.post(`/v1/reflections/${firstRun}/cancel`);
    expect([again.status, await again.json()]).toEqual([200, cancelled]);
  });

  test('cancel leaves a finished run as it was', async () => {
    const api = makeApi();
    const record = await (await api.post('/v1/reflections', { input: 'hello' })).json();
    expect(await (await api.post(`/v1/reflections/${record.id}/cancel`)).json()).toEqual(record);
  });

  test('cancel takes no body, or an empty object', async () => {
    const api = makeApi();
    const { id } = await (await api.post('/v1/reflections', { input: 'hello' })).json();
    const path = `/v1/reflections/${id}/cancel`;
    expect((await api.send('POST', path)).status).toBe(200);
    expect((await api.post(path)).status).toBe(200);
    expect((await api.post(path, {})).status).toBe(200);
  });

  test('cancel refuses any other body, and goes on', async () => {
    const api = makeApi();
    const { id } = await (await api.post('/v1/reflections', { input: 'hang', background: true })).json();
    const path = `/v1/reflections/${id}/cancel`;
    const named = await expectProblem(await api.post(path, { reason: 'late', force: null }), 'invalid_request');
    expect(named.errors).toEqual([
      { field: 'reason', message: 'unknown field' },
      { field: 'force', message: 'unknown field' },
    ]);
    for (const body of ['[]', 'null', '"x"', '{', 'x']) {
      const problem = await expectProblem(await api.post(path, body), 'invalid_request');
      expect(problem.errors?.map(({ field }) => field)).toEqual(['']);
    }
    const plain = await api.post(path, 'reason=late', { 'content-type': 'application/x-www-form-urlencoded' });
    await expectProblem(plain, 'unsupported_media_type');
    expect((await (await api.get(`/v1/reflections/${id}`)).json()).status).not.toBe('cancelled');
    await api.post(path);
  });

  test('delete ends a running run for its followers', async () => {
    const api = makeApi();
    await api.post('/v1/reflections', { input: 'hang', background: true });
    const following = (await api.get(`/v1/reflections/${firstRun}/events`)).text();
    await api.send('DELETE', `/v1/reflections/${firstRun}`);
    expect(eventsOf(await following).at(-1)?.event).toBe('run.cancelled');
  });

  test('delete removes the run for good', async () => {
    const api = makeApi();
    await api.post('/v1/reflections', { input: 'hello' });
    const response = await api.send('DELETE', `/v1/reflections/${firstRun}`);
    expect(deletedReflection.parse(await response.json())).toEqual({
      id: firstRun,
      object: 'reflection.deleted',
      deleted: true,
    });
    await expectProblem(await api.get(`/v1/reflections/${firstRun}`), 'not_found');
    await expectProblem(await api.send('DELETE', `/v1/reflections/${firstRun}`), 'not_found');
  });

  test('delete takes a run off the list also when whoever removed it was lost before that', async () => {
    const api = makeApi();
    await api.post('/v1/reflections', { input: 'hello', store: true });
    await api.runs.delete(api.caller.account, firstRun);
    await expectProblem(await api.send('DELETE', `/v1/reflections/${firstRun}`), 'not_found');
    expect(api.objects.of(api.caller.account).ledger.stored(null, 10)).toMatchObject({ runs: [] });
  });
});

describe('GET /v1/reflections/{id}/events', () => {
  test('replays from any event on, by query or by header', async () => {
    const api = makeApi();
    await api.post('/v1/reflections', { input: 'hello' });
    const path = `/v1/reflections/${firstRun}/events`;
    const all = eventsOf(await (await api.get(path)).text());
    expect(idsOf(all)).toEqual(upTo(all.length));
    for (let after = 0; after <= all.length; after++) {
      expect(eventsOf(await (await api.get(`${path}?starting_after=${after}`)).text())).toEqual(all.slice(after));
      expect(eventsOf(await (await api.get(path, { 'last-event-id': String(after) })).text())).toEqual(
        all.slice(after),
      );
    }
  });

  test('the header wins over the query, which a reconnecting browser repeats', async () => {
    const api = makeApi();
    await api.post('/v1/reflections', { input: 'hello' });
    const response = await api.get(`/v1/reflections/${firstRun}/events?starting_after=1`, { 'last-event-id': '4' });
    expect(eventsOf(await response.text()).at(0)?.id).toBe('5');
  });

  test('follows a run that still goes on to its end', async () => {
    const api = makeApi();
    await api.post('/v1/reflections', { input: 'hang', background: true });
    const following = (await api.get(`/v1/reflections/${firstRun}/events?starting_after=2`)).text();
    await api.post(`/v1/reflections/${firstRun}/cancel`);
    const events = eventsOf(await following);
    expect(idsOf(events)).toEqual(upTo(events.length + 2).slice(2));
    expect(events.at(-1)?.event).toBe('run.cancelled');
  });

  test('refuses to go on after an event that an ended run never had, by the name of where it stood', async () => {
    const api = makeApi();
    await api.post('/v1/reflections', { input: 'hello' });
    const path = `/v1/reflections/${firstRun}/events`;
    const { length } = eventsOf(await (await api.get(path)).text());
    for (const after of [length + 1, 999_999_999_999_999]) {
      const query = await expectProblem(await api.get(`${path}?starting_after=${after}`), 'invalid_request');
      expect(query.errors).toEqual([{ field: 'starting_after', message: `the run ended with event ${length}` }]);
      const header = await expectProblem(await api.get(path, { 'last-event-id': String(after) }), 'invalid_request');
      expect(header.error.param).toBe('Last-Event-ID');
    }
  });

  test('waits with an event that a running run has not reached, and gives its end in any case', async () => {
    const api = makeApi();
    await api.post('/v1/reflections', { input: 'hang', background: true });
    const following = (await api.get(`/v1/reflections/${firstRun}/events?starting_after=1000`)).text();
    await api.post(`/v1/reflections/${firstRun}/cancel`);
    expect(eventsOf(await following).map(({ event }) => event)).toEqual(['run.cancelled']);
  });

  test('refuses a number that is given twice', async () => {
    const api = makeApi();
    await api.post('/v1/reflections', { input: 'hello' });
    const path = `/v1/reflections/${firstRun}/events?starting_after=1&starting_after=2`;
    const problem = await expectProblem(await api.get(path), 'invalid_request');
    expect(problem.errors).toEqual([{ field: 'starting_after', message: 'given 2 times; expected one number' }]);
    await expectProblem(await api.get(path, { 'last-event-id': '3' }), 'invalid_request');
  });

  test('ignores what else is in the query', async () => {
    const api = makeApi();
    await api.post('/v1/reflections', { input: 'hello' });
    expect((await api.get(`/v1/reflections/${firstRun}/events?utm_source=x&starting_after=2`)).status).toBe(200);
  });

  test.each(['', '-1', '1.5', 'x', '1e3', ' 1', '9'.repeat(16), '0x1'])(
    'refuses %j as an event’s number, by the name of where it stood',
    async (value) => {
      const api = makeApi();
      await api.post('/v1/reflections', { input: 'hello' });
      const path = `/v1/reflections/${firstRun}/events`;
      const query = await expectProblem(
        await api.get(`${path}?starting_after=${encodeURIComponent(value)}`),
        'invalid_request',
      );
      expect(query.errors?.map(({ field }) => field)).toEqual(['starting_after']);
      if (value.trim() !== value) return;
      const header = await expectProblem(await api.get(path, { 'last-event-id': value }), 'invalid_request');
      expect(header.errors?.map(({ field }) => field)).toEqual(['Last-Event-ID']);
    },
  );
});
