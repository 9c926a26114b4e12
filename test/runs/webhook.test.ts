/**
 * Telling a receiver of a run's end. Signatures are held against the words of the specification, worked out here with Node's own HMAC, as a receiver would.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import type { KeyId } from '../../src/accounts/accounts.ts';
import type { LogEntry } from '../../src/errors.ts';
import { emptyFold } from '../../src/reflection/fold.ts';
import type { Reflection } from '../../src/reflection/record.ts';
import type { Notice } from '../../src/runs/deliver.ts';
import { messageOf, signatureHeaders, type WebhookOptions, webhookDelivery } from '../../src/runs/webhook.ts';
import { nameAnswer, type Zone } from '../support/name-server.ts';

const now = 1_790_000_100_000;
const secret = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const older = `whsec_${Buffer.from('another secret of at least 24 bytes').toString('base64')}`;

const record: Reflection = {
  ...emptyFold.record,
  id: 'refl_abc',
  created_at: 1_790_000_000,
  status: 'completed',
  output: 'The answer.',
  decision: 'kept_draft_pass',
  timing: { total_ms: 4_250, overhead_ms: 0, ttft_ms: null },
  metadata: { order: '77', name: 'Zoë' },
};

const keyId = (id: string): id is KeyId => id.startsWith('key_');

function notice(url: string, part: Partial<Reflection> = {}): Notice {
  const key = 'key_one';
  if (!keyId(key)) throw new Error('No id.');
  return { url, key, record: { ...record, ...part } };
}

const sent = z.object({
  method: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  redirect: z.literal('manual'),
  signal: z.instanceof(AbortSignal),
});

interface World {
  readonly zone?: Zone;
  readonly answer?: () => Response | Promise<Response>;
  readonly options?: Partial<WebhookOptions>;
}

/** A sender whose network is a table of names and one receiver. */
function sender({ zone = { 'hooks.example.com': ['93.184.216.34'] }, answer, options }: World = {}) {
  const calls: { readonly url: string; readonly init: z.output<typeof sent> }[] = [];
  const logged: LogEntry[] = [];
  const deliver = webhookDelivery({
    account: { webhookSecrets: () => [secret] },
    fetch: async (url, init) => {
      const looked = nameAnswer(url, zone);
      if (looked) return looked;
      calls.push({ url, init: sent.parse(init) });
      return answer ? answer() : new Response(null, { status: 204 });
    },
    now: () => now,
    timeout: () => new AbortController().signal,
    log: (entry) => logged.push(entry),
    allowPrivate: false,
    ...options,
  });
  return { deliver, calls, logged };
}

const url = 'https://hooks.example.com/take?token=hush';

function firstOf(calls: ReturnType<typeof sender>['calls']) {
  const [call] = calls;
  if (!call) throw new Error('Nothing was sent.');
  return call.init;
}

/** As the specification tells receivers to do it; throws where the message is not ours, or older than five minutes. */
function verify(body: string, headers: Readonly<Record<string, string>>, known: string, nowMs = now): void {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures = '' } = headers;
  if (Math.abs(nowMs / 1_000 - Number(timestamp)) > 300) throw new Error('The message is too old or too new.');
  const key = Buffer.from(known.replace('whsec_', ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
  const given = signatures.split(' ').map((signature) => signature.split(','));
  const matches = given.some(([version, text = '']) => {
    const bytes = Buffer.from(text, 'base64');
    return version === 'v1' && bytes.length === expected.length && timingSafeEqual(bytes, expected);
  });
  if (!matches) throw new Error('No signature matches.');
}

describe('a notice', () => {
  test('tells what became of the run and nothing of what was said', async () => {
    const { deliver, calls, logged } = sender();
    expect(await deliver(notice(url))).toEqual({ type: 'delivered' });
    const [call] = calls;
    expect(calls).toHaveLength(1);
    expect(call?.url).toBe(url);
    expect(call?.init.method).toBe('POST');
    expect(call?.init.headers['content-type']).toBe('application/json');
    expect(JSON.parse(call?.init.body ?? '')).toEqual({
      type: 'reflection.completed',
      timestamp: '2026-09-21T14:13:24.250Z',
      data: {
        id: 'refl_abc',
        status: 'completed',
        decision: 'kept_draft_pass',
        metadata: { order: '77', name: 'Zoë' },
      },
    });
    expect(logged).toEqual([]);
  });

  test.each(['completed', 'failed', 'cancelled'] as const)('is of a type that says how the run ended: %s', (status) => {
    expect(JSON.parse(messageOf({ ...record, status, decision: null }).body)).toMatchObject({
      type: `reflection.${status}`,
      data: { status, decision: null },
    });
  });

  test('is signed so that a receiver can tell it from any other', async () => {
    const { deliver, calls } = sender();
    await deliver(notice(url));
    const { body, headers } = firstOf(calls);
    verify(body, headers, secret);
    expect(() => verify(body, headers, older)).toThrow('No signature');
    expect(() => verify(body.replace('77', '78'), headers, secret)).toThrow('No signature');
    expect(() => verify(body, { ...headers, 'webhook-id': 'msg_other' }, secret)).toThrow('No signature');
    expect(() => verify(body, { ...headers, 'webhook-timestamp': '1790000101' }, secret)).toThrow('No signature');
    expect(() => verify(body, headers, secret, now + 301_000)).toThrow('too old');
  });

  test('is signed with each secret while they are rotated, newest first', async () => {
    const { deliver, calls } = sender({ options: { account: { webhookSecrets: () => [secret, older] } } });
    await deliver(notice(url));
    const { body, headers } = firstOf(calls);
    verify(body, headers, secret);
    verify(body, headers, older);
    expect(headers['webhook-signature']).toMatch(/^v1,[A-Za-z0-9+/]{43}= v1,[A-Za-z0-9+/]{43}=$/);
    const { 'webhook-signature': first } = await signatureHeaders(
      headers['webhook-id'] ?? '',
      Number(headers['webhook-timestamp']),
      body,
      [secret],
    );
    expect(headers['webhook-signature']).toMatch(new RegExp(`^${first?.replace(/[+/]/g, '\\$&')} `));
  });

  test('has the same id and body each time it is sent, and the time of the attempt', async () => {
    let time = now;
    const { deliver, calls } = sender({ options: { now: () => time } });
    await deliver(notice(url));
    time += 7_200_999;
    await deliver(notice(url));
    const [first, second] = calls.map(({ init }) => init);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(first?.headers['webhook-id']).not.toContain('.');
    expect(second?.body).toBe(first?.body);
    expect([first, second].map((each) => each?.headers['webhook-timestamp'])).toEqual(['1790000100', '1790007300']);
    verify(second?.body ?? '', second?.headers ?? {}, secret, time);
  });
});

describe('an answer', () => {
  const answering = (status: number, headers: Record<string, string> = {}) =>
    sender({ answer: () => new Response(null, { status, headers }) });

  test.each([200, 201, 202, 204, 299])('of %i has taken the notice', async (status) => {
    expect(await answering(status).deliver(notice(url))).toEqual({ type: 'delivered' });
  });

  test.each([300, 301, 302, 307, 308, 304, 400, 401, 404, 408, 429, 500, 502, 503, 504])(
    'of %i has not',
    async (status) => {
      const { deliver, calls, logged } = answering(status, { location: 'https://10.0.0.1/' });
      expect(await deliver(notice(url))).toEqual({ type: 'failed', retryAfterMs: null });
      expect(calls).toHaveLength(1);
      expect(logged).toEqual([
        {
          level: 'warn',
          event: 'webhook.undelivered',
          reflection_id: 'refl_abc',
          host: 'hooks.example.com',
          outcome: 'failed',
          reason: `status ${status}`,
        },
      ]);
    },
  );

  test('of 410 wants no more', async () => {
    expect(await answering(410, { 'retry-after': '5' }).deliver(notice(url))).toEqual({ type: 'refused' });
  });

  test.each([
    ['120', 120_000],
    ['0', 0],
    [new Date(now + 90_000).toUTCString(), 90_000],
    [new Date(now - 90_000).toUTCString(), 0],
    ['soon', null],
    ['-5', null],
    ['', null],
  ])('may say when to come again: %j', async (header, retryAfterMs) => {
    const delivery = await answering(503, { 'retry-after': header }).deliver(notice(url));
    expect(delivery).toEqual({ type: 'failed', retryAfterMs });
  });

  test('that never ends is not read', async () => {
    let cancelled = false;
    let pulls = 0;
    const endless = new ReadableStream(
      {
        pull: (controller) => {
          pulls += 1;
          controller.enqueue(new Uint8Array(1_024));
        },
        cancel: () => {
          cancelled = true;
        },
      },
      { highWaterMark: 0 },
    );
    const { deliver } = sender({ answer: () => new Response(endless) });
    expect(await deliver(notice(url))).toEqual({ type: 'delivered' });
    expect(cancelled).toBe(true);
    expect(pulls).toBe(0);
  });
});

describe('nothing is sent', () => {
  test.each([
    ['to an address that is not allowed', 'https://169.254.169.254/', {}, 'refused'],
    ['by plain http', 'http://hooks.example.com/', {}, 'refused'],
    [
      'to a name that leads to a private address',
      url,
      { 'hooks.example.com': ['93.184.216.34', '10.0.0.1'] },
      'failed',
    ],
    ['to a name that leads nowhere', url, {}, 'failed'],
    ['to a name that cannot be looked up', url, { 'hooks.example.com': 'down' }, 'failed'],
  ] as const)('%s', async (_, to, zone, type) => {
    const { deliver, calls, logged } = sender({ zone });
    expect(await deliver(notice(to))).toMatchObject({ type });
    expect(calls).toEqual([]);
    expect(logged).toMatchObject([{ event: 'webhook.undelivered', outcome: type }]);
  });

  test('that could not be signed, since the key is gone', async () => {
    const { deliver, calls } = sender({ options: { account: { webhookSecrets: () => [] } } });
    expect(await deliver(notice(url))).toEqual({ type: 'refused' });
    expect(calls).toEqual([]);
  });

  test('to a public literal’s look-up: it is no name', async () => {
    const { deliver, calls } = sender({ zone: {} });
    expect(await deliver(notice('https://93.184.216.34/'))).toEqual({ type: 'delivered' });
    expect(calls).toHaveLength(1);
  });
});

test('whatever goes wrong is a failure to be tried again, and the log tells neither address nor secret', async () => {
  const broken = (): never => {
    throw new TypeError(`connect ECONNREFUSED ${url} ${secret}`);
  };
  const worlds = [
    sender({ answer: broken }),
    sender({ options: { account: { webhookSecrets: () => broken() } } }),
    sender({ options: { account: { webhookSecrets: () => ['whsec_§§§'] } } }),
    sender({ options: { timeout: () => AbortSignal.abort() }, zone: { 'hooks.example.com': 'down' } }),
  ];
  for (const { deliver, logged } of worlds) {
    expect(await deliver(notice(url))).toEqual({ type: 'failed', retryAfterMs: null });
    expect(logged).toHaveLength(1);
    expect(JSON.stringify(logged)).not.toMatch(/hush|whsec_|§/);
  }
});

describe('over a real connection', () => {
  const open: (() => void)[] = [];
  afterEach(() => {
    for (const close of open.splice(0)) close();
  });

  async function receiver(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    open.push(() => {
      server.close();
      server.closeAllConnections();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('No port.');
    return `http://127.0.0.1:${address.port}/hook`;
  }

  const real: Partial<WebhookOptions> = { fetch, allowPrivate: true, timeout: AbortSignal.timeout };

  async function textOf(request: IncomingMessage): Promise<string> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }

  test('the bytes that arrive are the bytes that were signed', async () => {
    const taken = Promise.withResolvers<{ body: string; headers: Record<string, string> }>();
    const to = await receiver(async (request, response) => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      taken.resolve({ body: await textOf(request), headers });
      response.writeHead(200).end('thanks');
    });
    expect(await sender({ options: real }).deliver(notice(to))).toEqual({ type: 'delivered' });
    const { body, headers } = await taken.promise;
    verify(body, headers, secret);
    expect(body).toContain('Zoë');
  });

  test('a redirection is not followed', async () => {
    let followed = false;
    const to = await receiver((request, response) => {
      if (request.url === '/elsewhere') followed = true;
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect(await sender({ options: real }).deliver(notice(to))).toEqual({ type: 'failed', retryAfterMs: null });
    expect(followed).toBe(false);
  });

  test('a receiver that does not answer is left', async () => {
    const left = Promise.withResolvers<void>();
    const to = await receiver((request) => {
      request.on('close', () => left.resolve());
    });
    const patience: number[] = [];
    const timeout = (milliseconds: number): AbortSignal => {
      patience.push(milliseconds);
      return AbortSignal.timeout(20);
    };
    const { deliver, logged } = sender({ options: { ...real, timeout } });
    expect(await deliver(notice(to))).toEqual({ type: 'failed', retryAfterMs: null });
    await left.promise;
    expect(patience).toEqual([15_000]);
    expect(logged).toHaveLength(1);
  });
});
