/** Webhooks that would have the Worker knock at doors behind its own: refused when asked for, or left alone when told. */
import { reset, runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { reflectionRecord } from '../../../src/http/reflection-record.ts';
import { usageAnswer } from '../../../src/http/routes/usage.ts';
import { addressOf } from '../../../src/runs/run-id.ts';
import { nameAnswer, type Zone } from '../../support/name-server.ts';
import { refusedAddresses } from '../../support/webhook-addresses.ts';
import {
  expectQuietLog,
  expectRefused,
  logged,
  question,
  secretKey,
  watchConsole,
  watchStorage,
} from './hostile-api.ts';
import { answeringModel, type MadeKey, send } from './worker-api.ts';

const hook = 'https://hooks.example.com/take?token=hush';
const behind = 'http://169.254.169.254/latest/meta-data/';

// A test file has its own isolate, and its Worker takes the clock at the first request.
const { now } = Date;
let ahead = 0;
Date.now = () => now() + ahead;

let key: MadeKey;

beforeEach(async () => {
  ahead = 0;
  watchConsole();
  answeringModel();
  key = await secretKey();
});

afterEach(async () => {
  expectQuietLog();
  vi.restoreAllMocks();
  await reset();
});

const asks = (webhook: unknown): Promise<Response> =>
  send('POST', '/v1/reflections', key.key, { ...question, webhook });

describe('when a reflection is asked for', () => {
  test('every address that is not public is refused in all its spellings, and nothing is spent or looked up', async () => {
    const storage = watchStorage();
    const fetched = vi.spyOn(globalThis, 'fetch');
    for (const webhook of refusedAddresses) {
      const { error, errors } = await expectRefused(await asks(webhook), 'invalid_request', webhook);
      expect([webhook, error.param, errors?.length]).toEqual([webhook, 'webhook', 1]);
      expect(errors?.[0]?.message).toMatch(/^expected |^Invalid URL$/);
    }
    // How often a key may be refused is looked up once in five seconds.
    expect(storage()).toBeLessThanOrEqual(1);
    expect([fetched.mock.calls, vi.mocked(env.AI.run).mock.calls]).toEqual([[], []]);
  });

  test.each([
    [1],
    [true],
    [[]],
    [{}],
    [['https://hooks.example.com/']],
    [{ url: 'https://hooks.example.com/' }],
    ['\u0000https://127.0.0.1/'],
    [' https://127.0.0.1/ '],
    ['https:127.0.0.1'],
    ['https:\\\\127.0.0.1\\'],
    ['https://127.0.0.1\t/'],
    ['h\nttps://127.0.0.1/'],
    ['https://127.0.0.1#@hooks.example.com/'],
    ['https://[::ffff:127.0.0.1]:443/'],
    ['https://\ud800.example.com/'],
  ])('what is no address, or hides one, is refused: %j', async (webhook) => {
    expect((await expectRefused(await asks(webhook), 'invalid_request', webhook)).error.param).toBe('webhook');
  });
});

const init = z.object({ method: z.string(), redirect: z.literal('manual') });

/** Names as the zone has them, and one receiver; gives what it was sent. */
function receiver(zone: () => Zone, answer: () => Response): readonly string[] {
  const sent: string[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, given) => {
    const url = String(input);
    const looked = nameAnswer(url, zone());
    if (looked) return looked;
    sent.push(`${init.parse(given).method} ${url}`);
    return answer();
  });
  return sent;
}

async function finishedRun(): Promise<string> {
  const response = await asks(hook);
  const { id, status } = reflectionRecord.parse(await response.json());
  expect([response.status, status]).toEqual([200, 'completed']);
  return id;
}

const undelivered = () => logged('webhook.undelivered').length;

/** Time passes and the run's object is woken, until it has tried for the second time. */
async function triedAgain(id: string): Promise<void> {
  const address = addressOf(id);
  if (address === undefined) throw new Error(`${id} is no run's id.`);
  await vi.waitFor(() => expect(undelivered()).toBe(1));
  await vi.waitFor(async () => {
    // It may be on its way to noting the first failure still, from which on it waits 5 s.
    ahead += 6_000;
    await runDurableObjectAlarm(env.ACCOUNTS.get(env.ACCOUNTS.idFromString(address)));
    expect(undelivered()).toBe(2);
  });
}

describe('when the run has ended', () => {
  test.each([
    ['IPv4', ['10.0.0.1']],
    ['IPv4 among public ones', ['93.184.216.34', '192.168.0.1']],
    ['IPv6', ['fd00::1']],
    ['IPv6 that holds an IPv4 address', ['::ffff:127.0.0.1']],
    ['IPv6 beside a public IPv4', ['93.184.216.34', '::1']],
    ['no address', []],
  ])('nothing is sent to a name that leads to %s', async (_, addresses) => {
    const sent = receiver(
      () => ({ 'hooks.example.com': addresses }),
      () => new Response(),
    );
    const id = await finishedRun();
    await triedAgain(id);
    expect(sent).toEqual([]);
    expect(logged('webhook.undelivered').join()).not.toContain('hush');
  });

  test.each([
    'https://hooks.example.com\\@127.0.0.1/',
    'https://hooks.example.com/\u0000',
    'https://hooks.example.com?@127.0.0.1/',
  ])('what only looks like another address is looked up and called by its true name: %j', async (webhook) => {
    const sent = receiver(
      () => ({ 'hooks.example.com': ['93.184.216.34'] }),
      () => new Response(),
    );
    expect((await asks(webhook)).status).toBe(200);
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    expect(new URL(sent[0]?.slice('POST '.length) ?? '').host).toBe('hooks.example.com');
  });

  test('a name that leads elsewhere the next time is asked for each time', async () => {
    let addresses = ['93.184.216.34'];
    const sent = receiver(
      () => ({ 'hooks.example.com': addresses }),
      () => new Response(null, { status: 503 }),
    );
    const id = await finishedRun();
    await vi.waitFor(() => expect(undelivered()).toBe(1));
    expect(sent).toEqual([`POST ${hook}`]);
    addresses = ['127.0.0.1'];
    await triedAgain(id);
    expect(sent).toHaveLength(1);
  });

  test.each([301, 302, 303, 307, 308])('a redirection is not followed: %i', async (status) => {
    const sent = receiver(
      () => ({ 'hooks.example.com': ['93.184.216.34'] }),
      () => new Response(null, { status, headers: { location: behind } }),
    );
    const id = await finishedRun();
    await triedAgain(id);
    expect(sent).toEqual([`POST ${hook}`, `POST ${hook}`]);
    const record = await send('GET', `/v1/reflections/${id}`, key.key);
    expect(await record.json()).toMatchObject({ status: 'completed' });
    const usage = usageAnswer.parse(await (await send('GET', '/v1/usage', key.key)).json());
    expect(usage.totals).toMatchObject({ runs: 1, calls: 1 });
  });
});
