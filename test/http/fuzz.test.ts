/** Whatever is sent, wherever: an answer of the table, never a crash. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorKinds } from '../../src/errors.ts';
import { problemBody } from '../../src/http/problem.ts';
import { reflectionBody } from '../../src/reflection/request.ts';
import { type Api, makeApi } from './api.ts';

const routes: readonly (readonly [method: string, path: string])[] = [
  ['POST', '/v1/reflections'],
  ['GET', '/v1/reflections/refl_memory1'],
  ['DELETE', '/v1/reflections/refl_memory1'],
  ['GET', '/v1/reflections/refl_memory1/events'],
  ['POST', '/v1/reflections/refl_memory1/cancel'],
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
      fc.constantFrom('v1', 'reflections', 'events', '..', '%2e%2e', '%00', '%ff', 'refl_memory1'),
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
