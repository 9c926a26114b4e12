/** What holds of the Worker's model calls, whoever makes them: the object that hosts the run, or an entrypoint in a context of its own. */

import { abortAllDurableObjects } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ModelCallsEntrypoint } from '../../../src/model-calls.ts';
import { parseReflectionBody } from '../../../src/reflection/request.ts';
import { describeRuns, endlessQuestion } from '../../contracts/runs.ts';
import { MockUpstream } from '../../support/mock-upstream.ts';
import { type Answering, type Asked, askedUrl, modelServerUrl } from '../../support/model-server-url.ts';
import { WaitingHeads } from '../../support/waiting-heads.ts';
import { account, runs, start, until, wait } from '../runs/place.ts';

type ModelCalls = 'entrypoint' | 'direct';

const request = (more: object = {}) =>
  parseReflectionBody({ input: 'Tell me a story.', strategy: 'direct', cache: { mode: 'no-store' }, ...more });

/** The contexts of the entrypoint's calls, each by the signal of the request that began it. */
let contexts: WeakMap<AbortSignal, object>;
const objectContext = {};
/** How many calls the entrypoint has made in this test. */
let entered: number;

beforeEach(() => {
  contexts = new WeakMap();
  entered = 0;
  const { fetch } = ModelCallsEntrypoint.prototype;
  vi.spyOn(ModelCallsEntrypoint.prototype, 'fetch').mockImplementation(function (this: ModelCallsEntrypoint, call) {
    entered += 1;
    contexts.set(call.signal, {});
    return fetch.call(this, call);
  });
  for (const level of ['info', 'warn'] as const) vi.spyOn(console, level).mockImplementation(() => undefined);
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Where a call is made: in the object, unless an entrypoint's request is its own. */
function contextOf(init: RequestInit | undefined): object {
  return (init?.signal && contexts.get(init.signal)) ?? objectContext;
}

const realFetch = globalThis.fetch;

/** A server over a real connection that answers the next request so. Gives what it knows of that request; undefined before it came. */
function upstream(answering: Omit<Answering, 'name'>): () => Promise<Asked | undefined> {
  const name = crypto.randomUUID();
  vi.spyOn(globalThis, 'fetch').mockImplementation((_url, init) =>
    realFetch(modelServerUrl({ ...answering, name }), init),
  );
  return async () => (await (await realFetch(askedUrl(name))).json()) ?? undefined;
}

async function untilAsked(asked: () => Promise<Asked | undefined>): Promise<void> {
  while (!(await asked())) await wait(5);
}

const closingMs = 200;

/** When the server saw the asker leave. */
async function closedAt(asked: () => Promise<Asked | undefined>): Promise<number> {
  for (;;) {
    const leftAt = (await asked())?.leftAt;
    if (leftAt) return leftAt;
    await wait(5);
  }
}

/** A server's states in which it may be left. */
const servers = [
  ['before its head', { pauseMs: 0, ends: 'never begins' }],
  ['while it streams', { pauseMs: 50 }],
  ['while it is silent in mid-stream', { pauseMs: 5, words: 3, ends: 'stays silent' }],
] as const satisfies readonly (readonly [string, Answering])[];

/** For the test file of one of the two ways. */
export function describeModelCalls(way: ModelCalls): void {
  Object.assign(env, { MODEL_CALLS: way });

  describe('runs', () => {
    beforeEach(() => {
      const upstream = new MockUpstream((messages) => {
        const endless = messages.some(({ content }) => content.includes(endlessQuestion));
        return { words: Array.from({ length: endless ? 5_000 : 4 }, () => 'word '), everyMs: 3 };
      });
      vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => upstream.fetch(input, init));
    });

    test(`are of calls that ${way === 'direct' ? 'no' : 'the'} entrypoint makes`, async () => {
      const id = await start(request());
      expect(await runs.ended(account, id)).toMatchObject({ status: 'completed', output: 'word word word word' });
      expect(entered).toBe(way === 'direct' ? 0 : 1);
    });

    describeRuns(`whose models are called so (${way})`, () => runs);
  });

  describe.each(servers)('a request to a model, %s,', (_, answering) => {
    test.each([false, true])('is closed within 200 ms of a cancel (background: %s)', async (background) => {
      const asked = upstream(answering);
      const id = await start(request({ background }));
      await untilAsked(asked);
      await wait(100);
      const from = Date.now();
      expect(await runs.cancel(account, id)).toMatchObject({ status: 'cancelled' });
      expect((await closedAt(asked)) - from).toBeLessThanOrEqual(closingMs);
    });

    test('is closed within 200 ms of the deadline', async () => {
      const asked = upstream(answering);
      const id = await start(request({ budget: { deadline_ms: 1_000 } }));
      await untilAsked(asked);
      await runs.ended(account, id);
      const from = Date.now();
      expect((await closedAt(asked)) - from).toBeLessThanOrEqual(closingMs);
    });

    test('is closed when the object is lost', async () => {
      const asked = upstream(answering);
      const id = await start(request());
      await untilAsked(asked);
      const from = Date.now();
      await abortAllDurableObjects();
      expect((await closedAt(asked)) - from).toBeLessThanOrEqual(closingMs);
      vi.restoreAllMocks();
      await runs.delete(account, id);
    });
  });

  test('twenty runs of one account wait for the heads of their answers as the platform lets them', async () => {
    const heads = new WaitingHeads();
    const upstream = new MockUpstream(() => ({ words: ['word '], everyMs: 1 }));
    let silent = true;
    vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) =>
      heads.send(contextOf(init), async () => {
        while (silent) await wait(5);
        return upstream.fetch(input, init);
      }),
    );
    const ids = await Promise.all(Array.from({ length: 20 }, () => start(request())));
    await until(() => heads.made === 20);
    // The account's object has one context for all of its runs.
    expect(heads.sent).toBe(way === 'direct' ? 6 : 20);
    silent = false;
    for (const id of ids) expect(await runs.ended(account, id)).toMatchObject({ status: 'completed' });
    expect(heads.sent).toBe(20);
  });

  describe('what a server refuses is told', () => {
    test.each<[string, () => Response | Promise<Response>, string]>([
      ['a wrong key', () => new Response('{"error":{"message":"no"}}', { status: 401 }), 'upstream_failed'],
      ['a busy server', () => new Response('', { status: 429, headers: { 'retry-after': '0' } }), 'upstream_busy'],
      [
        'a spent quota',
        () => Response.json({ error: { code: 'insufficient_quota', message: 'billing' } }, { status: 429 }),
        'upstream_quota',
      ],
      [
        'a long prompt',
        () => Response.json({ error: { message: 'maximum context length is 8' } }, { status: 400 }),
        'context_length_exceeded',
      ],
      [
        'a redirect',
        () => new Response(null, { status: 307, headers: { location: 'http://elsewhere.test/' } }),
        'upstream_failed',
      ],
      ['a server that is not there', () => Promise.reject(new TypeError('refused')), 'upstream_failed'],
      ['a server that gives no answer', () => new Response(null, { status: 204 }), 'upstream_failed'],
    ])('%s', async (_, answer, code) => {
      vi.spyOn(globalThis, 'fetch').mockImplementation(async () => answer());
      const id = await start(request());
      expect(await runs.ended(account, id)).toMatchObject({ status: 'failed', error: { code } });
    });
  });
}
