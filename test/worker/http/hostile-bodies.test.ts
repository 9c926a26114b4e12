/** Bodies that no client sends by accident, to every route that reads one. */
import { reset } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ErrorCode } from '../../../src/errors.ts';
import { reflectionRecord } from '../../../src/http/reflection-record.ts';
import { newKey, shownKey } from '../../../src/http/routes/keys.ts';
import {
  ask,
  expectOrderly,
  expectQuietLog,
  expectRefused,
  keepSecret,
  question,
  secretKey,
  watchConsole,
  watchStorage,
} from './hostile-api.ts';
import { adminToken, answeringModel, type MadeKey, origin, send } from './worker-api.ts';

interface Target {
  readonly method: string;
  readonly path: string;
  readonly token: string;
  /** A body that is right, as JSON. */
  readonly right: string;
  /** An empty body is right as well. */
  readonly mayBeEmpty: boolean;
}

let key: MadeKey;
let targets: readonly Target[];

beforeEach(async () => {
  watchConsole();
  answeringModel();
  key = await secretKey();
  const answered = await send('POST', '/v1/reflections', key.key, question);
  const { id } = reflectionRecord.parse(await answered.json());
  const target = (method: string, path: string, right: object, mayBeEmpty = false): Target => ({
    method,
    path,
    token: path.startsWith('/v1/keys') ? adminToken : key.key,
    right: JSON.stringify(right),
    mayBeEmpty,
  });
  targets = [
    target('POST', '/v1/reflections', question),
    target('POST', `/v1/reflections/${id}/feedback`, { rating: 'up' }),
    target('POST', `/v1/reflections/${id}/cancel`, {}, true),
    target('POST', '/v1/keys', { name: 'x' }),
    target('PATCH', `/v1/keys/${key.id}`, {}),
    target('POST', `/v1/keys/${key.id}/rotate`, {}, true),
  ];
});

afterEach(async () => {
  expectQuietLog();
  vi.restoreAllMocks();
  await reset();
});

type Body = string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;

function sendTo({ method, path, token }: Target, body: Body, headers: Record<string, string> = {}): Promise<Response> {
  const usual = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return ask(method, path, { ...usual, ...headers }, body);
}

async function expectRefusedEverywhere(code: ErrorCode, bodyOf: (target: Target) => Body, context: string) {
  for (const target of targets) {
    const { detail } = await expectRefused(await sendTo(target, bodyOf(target)), code, [target.path, context]);
    expect(detail.length).toBeLessThan(4_000);
  }
}

const utf8 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(new TextEncoder().encode(text));
const nested = (open: string, close: string, depth: number): string => open.repeat(depth) + close.repeat(depth);

/** In pieces, so that nobody can say beforehand how much there is. */
function inPieces(text: string, count: number): ReadableStream<Uint8Array> {
  const bytes = utf8(text);
  const length = Math.ceil(bytes.length / count);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(at, at + length));
      at += length;
    },
  });
}

describe('of a size', () => {
  const padded = ({ right }: Target, bytes: number): string => right.padEnd(bytes, ' ');

  test('of one byte more than a megabyte are refused, told or not, and of a megabyte they are read', async () => {
    await expectRefusedEverywhere('body_too_large', (target) => padded(target, 1_048_577), 'whole');
    await expectRefusedEverywhere('body_too_large', (target) => inPieces(padded(target, 1_048_577), 7), 'in pieces');
    for (const target of targets) {
      const text = await expectOrderly(await sendTo(target, padded(target, 1_048_576)).then(withoutSecrets));
      expect([target.path, text.includes('"errors"')]).toEqual([target.path, false]);
    }
  });

  test('without an end are left alone after a megabyte', async () => {
    for (const target of targets) {
      let sent = 0;
      const endless = new ReadableStream<Uint8Array>({
        pull(controller) {
          sent += 65_536;
          controller.enqueue(new Uint8Array(65_536).fill(32));
        },
      });
      await expectRefused(await sendTo(target, endless), 'body_too_large', target.path);
      expect(sent).toBeLessThan(4_000_000);
    }
  });
});

/** The new secrets that two of the routes tell are theirs to tell. */
async function withoutSecrets(response: Response): Promise<Response> {
  if (!response.ok) return response;
  const text = await response.text();
  const told = newKey.safeParse(JSON.parse(text));
  if (!told.success) return new Response(text, response);
  keepSecret(told.data.key, told.data.webhook_secret);
  return new Response('{}', response);
}

test('64 levels are read, and one more is not, of lists, objects and both', async () => {
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
    ['[{"a":', '}]'],
  ] as const) {
    for (const depth of [65, 1_000, 100_000]) {
      const text = nested(open, close, depth).replace('"a":}', '"a":1}');
      await expectRefusedEverywhere('invalid_request', () => text, `${depth} of ${open}`);
      await expectRefusedEverywhere('invalid_request', () => open.repeat(depth), `${depth} of ${open}, left open`);
    }
  }
  const schema = nested('{"not":', '}', 60).replace('"not":}', '"not":{}}');
  const body = `{"input":"x","strategy":"direct","checks":[{"type":"json_schema","schema":${schema}}]}`;
  const response = await ask(
    'POST',
    '/v1/reflections',
    { authorization: `Bearer ${key.key}`, 'content-type': 'application/json' },
    body,
  );
  await expectOrderly(response, 'a schema of 60 levels');
});

describe('of bytes', () => {
  test.each<readonly [string, Uint8Array<ArrayBuffer>]>([
    ['a lone continuation', Uint8Array.of(0x22, 0x80, 0x22)],
    ['a cut sequence', Uint8Array.of(0x22, 0xe2, 0x82, 0x22)],
    ['an overlong slash', Uint8Array.of(0x22, 0xc0, 0xaf, 0x22)],
    ['an overlong NUL', Uint8Array.of(0x22, 0xe0, 0x80, 0x80, 0x22)],
    ['a surrogate', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22)],
    ['beyond Unicode', Uint8Array.of(0x22, 0xf4, 0x90, 0x80, 0x80, 0x22)],
    ['five bytes', Uint8Array.of(0x22, 0xf8, 0x88, 0x80, 0x80, 0x80, 0x22)],
    ['Latin-1', Uint8Array.of(0x22, 0xe9, 0x22)],
    ['UTF-16', Uint8Array.of(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00)],
    ['UTF-16 of the other end', Uint8Array.of(0xfe, 0xff, 0x00, 0x7b, 0x00, 0x7d)],
    ['a cut sequence at the end', Uint8Array.of(0x7b, 0x7d, 0xf0, 0x9f)],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 0x08, 0x00)],
  ])('that are no UTF-8 are refused: %s', async (name, bytes) => {
    await expectRefusedEverywhere('invalid_request', () => bytes, name);
    await expectRefusedEverywhere(
      'invalid_request',
      () => {
        const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
        const writer = writable.getWriter();
        void (async () => {
          for (const byte of bytes) await writer.write(Uint8Array.of(byte));
          await writer.close();
        })().catch(() => undefined);
        return readable;
      },
      `${name}, byte by byte`,
    );
  });

  test.each([
    ['nothing but spaces', ' \n\t\r '],
    ['a NUL', '\u0000'],
    ['a NUL after the end', '{}\u0000'],
    ['two marks of byte order', '\ufeff\ufeff{}'],
    ['a mark within', '{\ufeff}'],
    ['a form feed', '\f{}'],
    ['a no-break space', '\u00a0{}'],
    ['a raw control character', '{"a":"\u0001"}'],
    ['a raw line break in a string', '{"a":"\n"}'],
    ['NaN', '{"a":NaN}'],
    ['Infinity', '{"a":-Infinity}'],
    ['a hexadecimal number', '{"a":0x10}'],
    ['an octal number', '{"a":010}'],
    ['a plus', '{"a":+1}'],
    ['a bare point', '{"a":.5}'],
    ['a comment', '{/*a*/}'],
    ['a comma at the end', '{"a":1,}'],
    ['single quotes', "{'a':1}"],
    ['a bare name', '{a:1}'],
    ['undefined', 'undefined'],
    ['two values', '{}{}'],
    ['lines of JSON', '{}\n{}'],
    ['a bad escape', '{"a":"\\x41"}'],
    ['a cut escape', '{"a":"\\ud8'],
    ['a form', 'input=hello&strategy=direct'],
    ['a prefix against scripts', ")]}',\n{}"],
  ])('that are no JSON are refused: %s', async (name, text) => {
    await expectRefusedEverywhere('invalid_request', () => text, name);
  });

  test.each(['[]', '[[]]', '[{}]', '"{}"', '0', '-0', '1e999', 'null', 'true', '"\\ud800"', '[null]'])(
    'that are JSON and no object are refused: %s',
    async (text) => {
      await expectRefusedEverywhere('invalid_request', () => text, text);
    },
  );

  test('with one mark of byte order are read', async () => {
    for (const target of targets) {
      const response = await sendTo(target, `\ufeff${target.right}`).then(withoutSecrets);
      expect([target.path, response.ok]).toEqual([target.path, true]);
      await expectOrderly(response);
    }
  });
});

describe('of a type', () => {
  test.each<readonly [string, Record<string, string>]>([
    ['none', { 'content-type': '' }],
    ['text', { 'content-type': 'text/plain' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['parts', { 'content-type': 'multipart/form-data; boundary=x' }],
    ['nearly JSON', { 'content-type': 'application/jsonp' }],
    ['JSON lines', { 'content-type': 'application/json-seq' }],
    ['JSON and another', { 'content-type': 'application/json, text/plain' }],
    ['JSON in Latin-1', { 'content-type': 'application/json; charset=iso-8859-1' }],
    ['JSON in UTF-16', { 'content-type': 'application/json;charset=utf-16le' }],
    ['compressed', { 'content-encoding': 'gzip' }],
    ['compressed twice', { 'content-encoding': 'identity, br' }],
    ['in a coding that nobody knows', { 'content-encoding': '*' }],
  ])('that is not taken are refused: %s', async (name, headers) => {
    for (const target of targets) {
      const response = await sendTo(target, target.right, headers);
      await expectRefused(response, 'unsupported_media_type', [target.path, name]);
    }
  });

  test('that is missing are refused, and no body at all is where one is needed', async () => {
    for (const { method, path, token, right, mayBeEmpty } of targets) {
      const body = new Blob([right]).stream();
      const headers = { authorization: `Bearer ${token}` };
      const untyped = await exports.default.fetch(`${origin}${path}`, { method, headers, body });
      await expectRefused(untyped, 'unsupported_media_type', path);
      const empty = await ask(method, path, { ...headers, 'content-type': 'application/json' }).then(withoutSecrets);
      if (mayBeEmpty) expect(empty.status).toBe(200);
      else expect((await expectRefused(empty, 'invalid_request', path)).errors?.[0]?.field).toBe('');
    }
  });
});

describe('with members', () => {
  test('that nobody knows are refused by name, those of every object included', async () => {
    const names = [
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'hasOwnProperty',
      '',
      ' ',
      '\u0000',
      '😀',
      '$ref',
    ];
    for (const target of targets) {
      for (const name of names) {
        for (const value of ['{"scopes":["export"],"name":"x"}', 'null', '1']) {
          const body = target.right.replace(/^\{/, () => `{${JSON.stringify(name)}:${value},`).replace(',}', '}');
          const { errors } = await expectRefused(await sendTo(target, body), 'invalid_request', [target.path, body]);
          expect([body, errors?.length]).toEqual([body, 1]);
        }
      }
    }
    expect(Object.hasOwn(Object.prototype, 'scopes')).toBe(false);
    expect(({} as Record<string, unknown>)['scopes']).toBeUndefined();
  });

  test('that nobody knows are refused within others', async () => {
    for (const [path, token, body] of [
      ['/v1/keys', adminToken, '{"name":"x","limits":{"__proto__":{"daily_usd":9}}}'],
      ['/v1/keys', adminToken, '{"name":"x","limits":{"constructor":null}}'],
      ['/v1/reflections', key.key, '{"input":"x","budget":{"__proto__":{}}}'],
      ['/v1/reflections', key.key, '{"input":"x","cache":{"__proto__":null}}'],
      ['/v1/reflections', key.key, '{"input":"x","checks":[{"type":"__proto__"}]}'],
      ['/v1/reflections', key.key, '{"input":"x","checks":[{"type":"constructor"}]}'],
      ['/v1/reflections', key.key, '{"input":"x","checks":[{"type":"words","max":3,"__proto__":{}}]}'],
      ['/v1/reflections', key.key, '{"input":"x","tier":"__proto__"}'],
      ['/v1/reflections', key.key, '{"input":"x","strategy":"constructor"}'],
      ['/v1/reflections', key.key, '{"messages":[{"role":"user","content":"x","__proto__":{}}]}'],
      ['/v1/reflections', key.key, '{"messages":{"length":1,"0":{"role":"user","content":"x"}}}'],
    ] as const) {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      await expectRefused(await ask('POST', path, headers, body), 'invalid_request', body);
    }
  });

  test('given twice count as the last, also where the first was right', async () => {
    const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
    const twice = '{"name":"first","scopes":["export"],"name":"last","scopes":["read"]}';
    const made = newKey.parse(await (await ask('POST', '/v1/keys', headers, twice)).json());
    keepSecret(made.key, made.webhook_secret);
    expect(made).toMatchObject({ name: 'last', scopes: ['read'] });
    const bad = '{"name":"right","name":""}';
    await expectRefused(await ask('POST', '/v1/keys', headers, bad), 'invalid_request');
  });
});

describe('with values', () => {
  const numbers = [
    '1e999',
    '-1e999',
    '1e308',
    '9007199254740993',
    '-1',
    '0.5',
    '1e-400',
    '"1"',
    '[1]',
    '{}',
    'true',
    '9'.repeat(5_000),
  ];

  test('that are no number of the right size are refused where one belongs', async () => {
    const places = [
      ['/v1/keys', '"limits":{"requests_per_minute":N}', 'limits.requests_per_minute'],
      ['/v1/keys', '"limits":{"tokens_per_minute":N}', 'limits.tokens_per_minute'],
      ['/v1/keys', '"limits":{"concurrent_runs":N}', 'limits.concurrent_runs'],
      ['/v1/keys', '"expires_at":N', 'expires_at'],
      ['/v1/reflections', '"budget":{"max_calls":N}', 'budget.max_calls'],
      ['/v1/reflections', '"budget":{"deadline_ms":N}', 'budget.deadline_ms'],
      ['/v1/reflections', '"cache":{"ttl":N}', 'cache.ttl'],
      ['/v1/reflections', '"max_output_tokens":N', 'max_output_tokens'],
    ] as const;
    const storage = watchStorage();
    for (const [path, member, field] of places) {
      const isKeys = path === '/v1/keys';
      const headers = { authorization: `Bearer ${isKeys ? adminToken : key.key}`, 'content-type': 'application/json' };
      for (const number of numbers) {
        const body = `{${isKeys ? '"name":"x"' : '"input":"x"'},${member.replace('N', number)}}`;
        const { error } = await expectRefused(
          await ask('POST', path, headers, body),
          'invalid_request',
          body.slice(0, 99),
        );
        expect(error.param).toBe(field);
      }
    }
    for (const grace of ['-1', '604801', '1e999', '0.1', '"1"', '[]', 'false']) {
      const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
      const refused = await ask('POST', `/v1/keys/${key.id}/rotate`, headers, `{"grace_period_s":${grace}}`);
      expect((await expectRefused(refused, 'invalid_request', grace)).error.param).toBe('grace_period_s');
    }
    // How often a key may be refused is looked up once in five seconds.
    expect(storage()).toBeLessThanOrEqual(1);
  });

  test('of half a character, NUL and all of Unicode come back as they were sent, or are refused', async () => {
    const texts = ['\\ud800', '\\udc00\\ud800', '\\u0000', '\\uffff', '\\u202e', '\\u2028', '😀', '\\"\\\\', '\\u0007'];
    for (const text of texts) {
      const value: string = JSON.parse(`"a${text}"`);
      const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
      const changed = await ask('PATCH', `/v1/keys/${key.id}`, headers, `{"name":"a${text}"}`);
      if (!value.isWellFormed() || /\p{Cc}/u.test(value)) {
        expect((await expectRefused(changed, 'invalid_request', text)).error.param).toBe('name');
        continue;
      }
      expect(shownKey.parse(JSON.parse(await expectOrderly(changed, text))).name).toBe(value);
      const read = await send('GET', `/v1/keys/${key.id}`, adminToken);
      expect(shownKey.parse(await read.json()).name).toBe(value);

      const keyed = { authorization: `Bearer ${key.key}`, 'content-type': 'application/json' };
      const body = `{"input":"a${text}","strategy":"direct","metadata":{"k":"a${text}"}}`;
      const record = reflectionRecord.parse(
        JSON.parse(await expectOrderly(await ask('POST', '/v1/reflections', keyed, body), text)),
      );
      expect(record.metadata).toEqual({ k: value });
      const again = await send('GET', `/v1/reflections/${record.id}`, key.key);
      expect(reflectionRecord.parse(await again.json()).metadata).toEqual({ k: value });
      const feedback = `{"rating":"up","comment":"a${text}"}`;
      const rated = await ask('POST', `/v1/reflections/${record.id}/feedback`, keyed, feedback);
      expect(JSON.parse(await expectOrderly(rated, text))).toMatchObject({ comment: value });
    }
  });

  test('of the wrong kind in each place of a key are refused', async () => {
    const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
    const wrong: Readonly<Record<string, readonly unknown[]>> = {
      name: ['', ' ', '\u2003', 'x'.repeat(65), 1, [], {}, ['x'], true],
      scopes: [[], ['read', 'read'], ['admin'], ['READ'], ['*'], 'read', {}, [['read']], [null], ['__proto__']],
      limits: [[], 'x', 1, { daily_usd: -1 }, { daily_usd: 1_000_001 }, { daily_usd: '1' }, { other: 1 }],
      expires_at: ['2030-01-01', 0, -1, 1, 253_402_300_800, [], {}, true],
    };
    for (const [name, values] of Object.entries(wrong)) {
      for (const value of values) {
        for (const [method, path] of [
          ['POST', '/v1/keys'],
          ['PATCH', `/v1/keys/${key.id}`],
        ] as const) {
          const body = JSON.stringify({ name: 'x', [name]: value });
          const { error } = await expectRefused(await ask(method, path, headers, body), 'invalid_request', body);
          expect(error.param).toMatch(new RegExp(`^${name}`));
        }
      }
    }
    expect(env.AI.run).toHaveBeenCalledTimes(1);
  });
});
