/** Anything at all, to every route of the real Worker: an answer of the table, and never a 5xx. */
import { reset } from 'cloudflare:test';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { reflectionRecord } from '../../../src/http/reflection-record.ts';
import { newKey } from '../../../src/http/routes/keys.ts';
import { reflectionBody } from '../../../src/reflection/request.ts';
import {
  ask,
  expectOrderly,
  expectQuietLog,
  keepSecret,
  question,
  type Route,
  routesOf,
  secretKey,
  someKey,
  someRun,
  watchConsole,
} from './hostile-api.ts';
import { adminToken, answeringModel, type MadeKey, send } from './worker-api.ts';

const runs = 400;

let key: MadeKey;
let routes: readonly Route[];

beforeEach(async () => {
  watchConsole();
  answeringModel();
  key = await secretKey();
  const answered = await send('POST', '/v1/reflections', key.key, question);
  const { id } = reflectionRecord.parse(await answered.json());
  const there = routesOf(id, key.id);
  // What is there is not to be removed or shut by the way: those ids are of nothing.
  const gone = routesOf(someRun, someKey);
  routes = there.map((route, index) => (isFinal(route) ? (gone[index] ?? route) : route));
});

afterEach(async () => {
  expectQuietLog();
  vi.restoreAllMocks();
  await reset();
});

function isFinal({ method, path }: Route): boolean {
  return method === 'DELETE' || method === 'PATCH' || path.endsWith('/rotate');
}

/** Any of the routes, chosen when it is known. */
const choice = fc.nat(1_000).map((index) => (): Route => {
  const route = routes[index % routes.length];
  if (!route) throw new Error('There are no routes.');
  return route;
});

const rightly = (route: Route): Record<string, string> => ({
  authorization: `Bearer ${route.scope === null ? adminToken : key.key}`,
  'content-type': 'application/json',
});

async function expectAnswer(
  route: Route,
  headers: Record<string, string>,
  body: string | Uint8Array<ArrayBuffer> | undefined,
) {
  const { method, path } = route;
  const response = await ask(method, path, headers, method === 'GET' ? undefined : body);
  // A key that came of it is told this once.
  if (response.status === 201) {
    const made = newKey.parse(await response.json());
    return keepSecret(made.key, made.webhook_secret);
  }
  // Nobody has waited for anything upstream, so no failure of it may be told.
  const text = await expectOrderly(response, [method, path, headers, body]);
  expect(text).not.toContain('upstream_failed');
}

test('bytes as the body', async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string({ unit: 'binary', maxLength: 100 }).map((text) => new TextEncoder().encode(text)),
    // Nearly JSON: one byte of a right body is another.
    fc.tuple(fc.nat(40), fc.nat(255)).map(([at, byte]) => {
      const right = new TextEncoder().encode(JSON.stringify(question));
      right[at % right.length] = byte;
      return right;
    }),
  );
  await fc.assert(
    fc.asyncProperty(choice, bytes, async (chosen, body) => {
      await expectAnswer(chosen(), rightly(chosen()), Uint8Array.from(body));
    }),
    { numRuns: runs },
  );
});

test('JSON as the body, of the right names with any values and of any names', async () => {
  const names = [
    ...Object.keys(reflectionBody.shape),
    ...['name', 'scopes', 'limits', 'expires_at', 'account', 'grace_period_s', 'rating', 'comment', 'preferred_output'],
    ...['__proto__', 'constructor', ''],
  ];
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    fc.constantFrom('x', 'up', 'direct', 'fast', 'acct_', '\ud800', '\u0000', 1e308, -1, 0, null, [], {}, ['read']),
    fc.constantFrom<unknown>(
      [{ type: 'json_schema', schema: { $ref: '#' } }],
      [{ type: 'regex', pattern: '(a+)+$' }],
      [{ role: 'user', content: [{ type: 'text', text: 'x' }] }],
      { max_calls: 1, deadline_ms: 1_000 },
      { mode: 'only-if-cached' },
    ),
  );
  const body = fc.oneof(
    fc.json({ maxDepth: 6 }),
    fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 5 }).map((members) => JSON.stringify(members)),
    fc
      .dictionary(fc.constantFrom(...names), value, { maxKeys: 4 })
      .map((members) => JSON.stringify({ ...question, ...members })),
  );
  await fc.assert(
    fc.asyncProperty(choice, body, async (chosen, text) => {
      // An answer out of the cache that is not there is the one 504 that a caller can ask for.
      if (text.includes('only-if-cached')) return;
      await expectAnswer(chosen(), rightly(chosen()), text);
    }),
    { numRuns: runs * 2 },
  );
});

test('headers of any visible and invisible letters', async () => {
  const letter = fc.oneof(
    { weight: 60, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
    { weight: 40, arbitrary: fc.constantFrom(0x09, 0x22, 0x2c, 0x3b, 0x3d) },
    // Rare, since workerd warns of each.
    { weight: 1, arbitrary: fc.integer({ min: 0x80, max: 0xff }) },
  );
  const text = fc
    .array(letter, { maxLength: 40 })
    .map((codes) => String.fromCharCode(...codes).replace(/^[\t ]+|[\t ]+$/g, ''));
  const telling = fc.constantFrom(
    ...['no-cache', 'max-age=-1', 'max-age=1e9', 'no-store="', 'application/json;charset=utf-8;charset=x', 'identity'],
    ...[
      'Bearer',
      'Bearer  ',
      '9'.repeat(400),
      '-1',
      '0',
      '1',
      'x'.repeat(4_000),
      'null',
      '*/*',
      'https://evil.example',
    ],
  );
  const headers = fc.dictionary(
    fc.constantFrom(
      ...['authorization', 'content-type', 'content-encoding', 'idempotency-key', 'x-request-id', 'cache-control'],
      ...['last-event-id', 'accept', 'origin', 'access-control-request-method', 'access-control-request-headers'],
      ...['if-none-match', 'range', 'expect', 'x-forwarded-host', 'x-http-method-override', 'cf-connecting-ip'],
    ),
    fc.oneof(text, telling),
    { maxKeys: 5 },
  );
  await fc.assert(
    fc.asyncProperty(choice, headers, fc.boolean(), async (chosen, given, isRight) => {
      const route = chosen();
      if (/only-if-cached/i.test(given['cache-control'] ?? '')) return;
      await expectAnswer(route, { ...(isRight ? rightly(route) : {}), ...given }, JSON.stringify(route.body ?? {}));
    }),
    { numRuns: runs },
  );
});

test('paths and queries', async () => {
  const segment = fc.oneof(
    fc.webSegment(),
    fc.constantFrom(...['v1', 'reflections', 'keys', 'events', '..', '%2e%2e', '%00', '%ff', '%', '', 'usage']),
    fc.constantFrom(someRun, someKey, '*', ':id', 'health', '%2f', 'x'.repeat(2_000)),
  );
  const query = fc.oneof(
    fc.webQueryParameters(),
    fc
      .tuple(
        fc.constantFrom(...['limit', 'after', 'from', 'to', 'starting_after']),
        fc.oneof(fc.webSegment(), fc.constantFrom('-1', '0', '1e3', '2026-02-30', '9999-12-31', '%ff', '９')),
      )
      .map(([name, value]) => `${name}=${value}`),
  );
  const path = fc
    .tuple(fc.array(segment, { maxLength: 4 }), fc.boolean(), query)
    .map(([segments, isUnder, asked]) => `/${[...(isUnder ? ['v1'] : []), ...segments].join('/')}?${asked}`);
  const method = fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE');
  const own = fc.boolean();
  await fc.assert(
    fc.asyncProperty(method, fc.oneof(path, query), own, async (verb, asked, isAdmin) => {
      const at = asked.startsWith('/') ? asked : `/v1/usage?${asked}`;
      const route: Route = { method: verb, path: at, scope: isAdmin ? null : 'read' };
      await expectAnswer(route, rightly(route), verb === 'GET' ? undefined : '{}');
    }),
    { numRuns: runs },
  );
});
