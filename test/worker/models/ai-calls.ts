/** What holds of the Worker's calls of the AI binding, whoever makes them: the object that hosts the run, or an entrypoint. */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { problemBody } from '../../../src/http/problem.ts';
import { reflectionRecord } from '../../../src/http/reflection-record.ts';
import { ModelCallsEntrypoint } from '../../../src/model-calls.ts';
import type { AiBinding } from '../../../src/models/workers-ai.ts';
import { type Asked, askedUrl, modelServerUrl } from '../../support/model-server-url.ts';
import { answer, type MadeKey, makeKey, send } from '../http/worker-api.ts';

let key: MadeKey;
let entered: { readonly mock: { readonly calls: readonly unknown[] } };

beforeEach(async () => {
  for (const level of ['info', 'warn'] as const) vi.spyOn(console, level).mockImplementation(() => undefined);
  entered = vi.spyOn(ModelCallsEntrypoint.prototype, 'fetch');
  key = await makeKey();
});

afterEach(() => {
  vi.restoreAllMocks();
});

const ask = (more: object = {}): Promise<Response> =>
  send('POST', '/v1/reflections', key.key, {
    input: 'What is 6 times 7?',
    strategy: 'direct',
    cache: { mode: 'no-store' },
    ...more,
  });

/** The binding as the provider asks it, which gives more shapes than its own type knows. */
const binding: AiBinding = env.AI;

function behave(run: AiBinding['run']): () => number {
  const spy = vi.spyOn(binding, 'run').mockImplementation(run);
  return () => spy.mock.calls.length;
}

const events = [...'42.'].map((response) => `data: ${JSON.stringify({ response })}\n\n`).join('');
const streamed = `${events}data: ${JSON.stringify({ response: '', usage: answer.usage })}\n\ndata: [DONE]\n\n`;

const options = z.looseObject({ signal: z.instanceof(AbortSignal) });

/** For the test file of one of the two ways. */
export function describeAiCalls(way: 'entrypoint' | 'direct'): void {
  Object.assign(env, { MODEL_PROVIDER: 'workers-ai', MODEL_CALLS: way });

  describe(`an answer of the AI binding (${way})`, () => {
    test.each<[string, () => unknown, string, number | null]>([
      ['an object', () => answer, 'The answer is 42.', null],
      ['a stream', () => new Response(streamed).body, '42.', null],
      ['a response', () => new Response(streamed, { headers: { 'cf-ai-neurons': '1.5' } }), '42.', 1.5],
      ['a response of JSON', () => Response.json(answer), 'The answer is 42.', null],
    ])('may be %s', async (_, result, output, neurons) => {
      const asked = behave(async () => result());
      const record = reflectionRecord.parse(await (await ask()).json());
      expect(record).toMatchObject({ status: 'completed', output, usage: { input_tokens: 12, passes: [{ neurons }] } });
      expect(asked()).toBe(1);
      expect(entered.mock.calls).toHaveLength(way === 'direct' ? 0 : 1);
    });
  });

  describe(`a failure of the AI binding (${way})`, () => {
    const failures: readonly [string, () => never | Response, string, number][] = [
      ['3036 thrown', thrown('3036: you have used up your daily free allocation'), 'upstream_quota', 3036],
      ['3040 thrown', thrown('AiError: 3040: Capacity temporarily exceeded'), 'upstream_busy', 3040],
      ['5004 thrown', thrown('5004: Invalid data'), 'upstream_failed', 5004],
      ['5021 thrown', thrown('5021: The estimated number of tokens exceeded'), 'context_length_exceeded', 5021],
      ['3036 in a response', () => Response.json({ internalCode: 3036 }, { status: 429 }), 'upstream_quota', 3036],
      [
        '5021 in a response',
        () => Response.json({ internalCode: 5021 }, { status: 400 }),
        'context_length_exceeded',
        5021,
      ],
    ];

    test.each(failures)('%s means what it says', async (_, run, code, number) => {
      behave(async () => run());
      const { error } = problemBody.parse(await (await ask()).json());
      expect(error).toMatchObject({ code, message: expect.stringContaining(`(Workers AI ${number})`) });
    });

    test('that is thrown as a value means what it says', async () => {
      behave(async () => {
        throw { error: { code: 5021, message: 'too long' } };
      });
      const { error } = problemBody.parse(await (await ask()).json());
      expect(error).toMatchObject({ code: 'context_length_exceeded' });
    });
  });

  test.each([
    ['before its head', { pauseMs: 0, ends: 'never begins' }],
    ['while it streams', { pauseMs: 50 }],
  ] as const)('a request of the AI binding is closed by a deadline, %s', async (_, answering) => {
    const name = crypto.randomUUID();
    behave((_model, _inputs, given) =>
      fetch(modelServerUrl({ ...answering, name }), { signal: options.parse(given).signal }),
    );
    await (await ask({ budget: { deadline_ms: 1_000 } })).body?.cancel();
    const endedAt = Date.now();
    const asked = async (): Promise<Asked> => (await fetch(askedUrl(name))).json();
    let leftAt = (await asked()).leftAt;
    for (; leftAt === null; leftAt = (await asked()).leftAt) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(leftAt - endedAt).toBeLessThanOrEqual(200);
  });
}

function thrown(message: string): () => never {
  return () => {
    throw Object.assign(new Error(message), { name: 'InferenceUpstreamError' });
  };
}
