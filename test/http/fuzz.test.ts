/** Whatever is sent, wherever: an answer of the table, never a crash. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorKinds } from '../../src/errors.ts';
import { problemBody } from '../../src/http/problem.ts';
import { reflectionBody } from '../../src/reflection/request.ts';
import { type Api, firstRun, makeApi } from './api.ts';

const routes: readonly (readonly [method: string, path: string])[] = [
  ['POST', '/v1/reflections'],
  ['GET', `/v1/reflections/${firstRun}`],
  ['DELETE', `/v1/reflections/${firstRun}`],
  ['GET', `/v1/reflections/${firstRun}/events`],
  ['POST', `/v1/reflections/${firstRun}/cancel`],
  ['GET', '/v1/models'],
  ['GET', '/health'],
];

async function expectWithinTheTable(method: string, response: Response): Promise<void> {
  const text = await response.text();
  if (method === 'HEAD') {
    expect(response.status).toBeLessThan(500);
    expect(text).toBe('');
    return;
  }
  if (response.status < 400) return;
  const problem = problemBody.parse(JSON.parse(text));
  expect(errorKinds).toHaveProperty(problem.error.code);
  expect([400, 401, 403, 404, 405, 413, 415, 422, 429, 502, 503, 504]).toContain(problem.status);
  // Nothing here fails upstream, so a failure would be a defect of the API's own.
  expect(problem.error.code).not.toBe('upstream_failed');
}

async function send(
  api: Api,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string | Uint8Array<ArrayBuffer>,
): Promise<void> {
  const hasBody = body !== undefined && method !== 'GET';
  await expectWithinTheTable(method, await api.app.request(path, { method, headers, ...(hasBody ? { body } : {}) }));
}

const json = { 'content-type': 'application/json' };

describe('anything at all', () => {
  test('as bytes, to every route', async () => {
    const api = makeApi();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...routes), fc.uint8Array({ maxLength: 400 }), async ([method, path], bytes) => {
        await send(api, method, path, json, new Uint8Array(bytes));
      }),
      { numRuns: 500 },
    );
  });

  test('as JSON, to every route', async () => {
    const api = makeApi();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...routes), fc.json({ maxDepth: 6 }), async ([method, path], text) => {
        await send(api, method, path, json, text);
      }),
      { numRuns: 500 },
    );
  });

  test('as a body with the right names and any values', async () => {
    const names = Object.keys(reflectionBody.shape);
    const values = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom(true, false, 0, 1, 'x', [], {}, 'always', 'fast'),
    );
    const body = fc.dictionary(fc.constantFrom(...names), values, { maxKeys: 6 });
    await fc.assert(
      fc.asyncProperty(body, async (value) => {
        await send(makeApi(), 'POST', '/v1/reflections', json, JSON.stringify({ input: 'hello', ...value }));
      }),
      { numRuns: 500 },
    );
  });

  test('as a path, a query, a method and headers', async () => {
    const api = makeApi();
    const segment = fc.oneof(
      fc.webSegment(),
      fc.constantFrom('v1', 'reflections', 'events', '..', '%2e%2e', '%00', '%ff', firstRun),
    );
    const path = fc.tuple(fc.array(segment, { maxLength: 5 }), fc.webQueryParameters());
    const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PURGE');
    const headerValue = fc.string({
      unit: fc.constantFrom('a', '1', '-', ';', '"', ' ', ',', ':', '/', '[', ']'),
      maxLength: 12,
    });
    const headers = fc.dictionary(
      fc.constantFrom(
        'content-type',
        'content-length',
        'last-event-id',
        'x-request-id',
        'origin',
        'host',
        'access-control-request-method',
        'idempotency-key',
      ),
      headerValue,
    );
    await fc.assert(
      fc.asyncProperty(method, path, headers, async (verb, [segments, query], extra) => {
        await send(api, verb, `http://localhost/${segments.join('/')}?${query}`, extra);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a megabyte of it', () => {
  /** As many of a value as make a body of almost a megabyte. */
  const many = (value: unknown): unknown[] => {
    const length = Math.floor(1_040_000 / (JSON.stringify(value).length + 1));
    return Array.from({ length }, () => value);
  };
  const names = (value: unknown) => Object.fromEntries(many('12345678901').map((_, index) => [`k${index}`, value]));
  const parts = (content: unknown) => ({ messages: [{ role: 'user', content }] });
  const places: Readonly<Record<string, (items: unknown[]) => unknown>> = {
    'the body': (items) => items,
    messages: (items) => ({ messages: items }),
    'a message’s content': parts,
    stop: (items) => ({ input: 'x', stop: items }),
    checks: (items) => ({ input: 'x', checks: items }),
    sources: (items) => ({ input: 'x', sources: items }),
    include: (items) => ({ input: 'x', include: items }),
    metadata: (items) => ({ input: 'x', metadata: items }),
    budget: (items) => ({ input: 'x', budget: items }),
    cache: (items) => ({ input: 'x', cache: items }),
    'a keyword check': (items) => ({ input: 'x', checks: [{ type: 'keywords', keywords: items }] }),
    'a choice check': (items) => ({ input: 'x', checks: [{ type: 'choice', choices: items }] }),
    'a schema’s enum': (items) => ({ input: 'x', checks: [{ type: 'json_schema', schema: { enum: items } }] }),
  };
  const items: readonly unknown[] = [1, '', [], {}, 'draft', { type: 'text', text: 'a' }, { type: 'words' }];

  /** Refused, in an answer that is no megabyte itself. */
  async function expectShortRefusal(body: unknown): Promise<void> {
    const text = JSON.stringify(body);
    expect(text.length).toBeLessThanOrEqual(1_048_576);
    const response = await makeApi().post('/v1/reflections', text);
    expect(response.status).toBe(400);
    const answer = await response.text();
    expect(problemBody.parse(JSON.parse(answer)).error.code).toBe('invalid_request');
    expect(answer.length).toBeLessThan(64_000);
  }

  test.each(Object.entries(places))('in one list is refused in a few words: %s', async (_, place) => {
    for (const item of items) await expectShortRefusal(place(many(item)));
  });

  test('in one record is refused in a few words', async () => {
    for (const value of [1, 'x'])
      for (const body of [
        names(value),
        { input: 'x', metadata: names(value) },
        { input: 'x', budget: names(value) },
        parts([names(value)]),
        { input: 'x', checks: [{ type: 'words', ...names(value) }] },
        { input: 'x', sources: [names(value)] },
      ])
        await expectShortRefusal(body);
  });

  test('in one name or value is refused in a few words', async () => {
    const long = 'x'.repeat(1_000_000);
    for (const body of [
      { [long]: 1 },
      { input: 'x', metadata: { [long]: 'x' } },
      { input: 'x', tier: long },
      { input: 'x', webhook: long },
      { input: 'x', checks: [{ type: long }] },
      { input: 'x', checks: [{ type: 'words', max: 1, id: long }] },
      { input: 'x', checks: [{ type: 'regex', pattern: `(${long}` }] },
    ])
      await expectShortRefusal(body);
  });
});
