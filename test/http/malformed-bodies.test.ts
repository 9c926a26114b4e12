import { describe, expect, test } from 'vitest';
import { expectProblem, firstRun, makeApi } from './api.ts';

const many = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);

const bad: readonly (readonly [field: string, body: unknown])[] = [
  ['input', {}],
  ['input', { input: '' }],
  ['input', { input: 3 }],
  ['input', { input: null }],
  ['input', { input: 'x', messages: [{ role: 'user', content: 'x' }] }],
  ['messages', { messages: [] }],
  ['messages', { messages: 'x' }],
  ['messages', { messages: many(201, { role: 'user', content: 'x' }) }],
  ['messages', { messages: [{ role: 'assistant', content: 'x' }] }],
  ['messages[0].role', { messages: [{ role: 'function', content: 'x' }] }],
  ['messages[0].content', { messages: [{ role: 'user', content: 3 }] }],
  ['messages[0].content', { messages: [{ role: 'user' }] }],
  ['messages[0].name', { messages: [{ role: 'user', content: 'x', name: 'Bob Smith' }] }],
  ['messages[0].nick', { messages: [{ role: 'user', content: 'x', nick: 'bob' }] }],
  ['instructions', { input: 'x', instructions: '' }],
  ['tier', { input: 'x', tier: 'turbo' }],
  ['strategy', { input: 'x', strategy: 'guess' }],
  ['max_rounds', { input: 'x', max_rounds: 4 }],
  ['max_rounds', { input: 'x', max_rounds: 0.5 }],
  ['allow_small_judge', { input: 'x', allow_small_judge: 'yes' }],
  ['temperature', { input: 'x', temperature: 2.1 }],
  ['temperature', { input: 'x', temperature: -0.1 }],
  ['top_p', { input: 'x', top_p: 0 }],
  ['seed', { input: 'x', seed: 1.5 }],
  ['stop', { input: 'x', stop: ['a', 'b', 'c', 'd', 'e'] }],
  ['stop[0]', { input: 'x', stop: [''] }],
  ['max_output_tokens', { input: 'x', max_output_tokens: 0 }],
  ['max_output_tokens', { input: 'x', max_output_tokens: 8_193 }],
  ['checks', { input: 'x', checks: many(33, { type: 'words', max: 5 }) }],
  ['checks[0].type', { input: 'x', checks: [{ type: 'vibes' }] }],
  ['infer_checks', { input: 'x', infer_checks: 1 }],
  ['sources', { input: 'x', sources: many(33, { id: 's', text: 't' }) }],
  ['sources[0].text', { input: 'x', sources: [{ id: 's', text: '' }] }],
  ['sources[0].id', { input: 'x', sources: [{ id: 'x'.repeat(65), text: 't' }] }],
  ['budget.max_calls', { input: 'x', budget: { max_calls: 0 } }],
  ['budget.deadline_ms', { input: 'x', budget: { deadline_ms: 999 } }],
  ['budget.deadline_ms', { input: 'x', budget: { deadline_ms: 600_001 } }],
  ['budget.max_cost_usd', { input: 'x', budget: { max_cost_usd: 0 } }],
  ['budget.max_tokens', { input: 'x', budget: { max_tokens: 5 } }],
  ['stream', { input: 'x', stream: 'true' }],
  ['background', { input: 'x', background: 1 }],
  ['webhook', { input: 'x', webhook: 'not a url' }],
  ['cache.mode', { input: 'x', cache: { mode: 'never' } }],
  ['cache.ttl', { input: 'x', cache: { ttl: 59 } }],
  ['include[0]', { input: 'x', include: ['everything'] }],
  ['include', { input: 'x', include: ['draft', 'diff', 'trace', 'draft'] }],
  ['messages[0].content', { messages: [{ role: 'user', content: many(65, { type: 'text', text: 'x' }) }] }],
  ['store', { input: 'x', store: 'yes' }],
  ['metadata', { input: 'x', metadata: Object.fromEntries(many(17, '').map((_, index) => [`k${index}`, 'v'])) }],
  ['metadata.k', { input: 'x', metadata: { k: 3 } }],
  ['metadata.k', { input: 'x', metadata: { k: 'v'.repeat(513) } }],
  ['model', { input: 'x', model: 'gpt-4' }],
  ['', []],
  ['', 'text'],
  ['', null],
  ['', 3],
];

describe('a body that is wrong', () => {
  test.each(bad)('is refused with the name %j', async (field, body) => {
    const api = makeApi();
    const problem = await expectProblem(await api.post('/v1/reflections', JSON.stringify(body)), 'invalid_request');
    expect(problem.errors?.map((error) => error.field)).toContain(field);
    expect(problem.error.param).toBe(field === '' ? null : problem.errors?.[0]?.field);
    for (const { message } of problem.errors ?? []) expect(message).not.toBe('Invalid input');
    expect(await api.runs.read(api.caller.account, firstRun)).toBeUndefined();
  });

  test('is told every mistake at once', async () => {
    const body = { input: 3, tier: 'turbo', budget: { max_calls: 99 }, surprise: 1, 'and another': 2 };
    const problem = await expectProblem(await makeApi().post('/v1/reflections', body), 'invalid_request');
    expect(problem.errors?.map(({ field }) => field)).toEqual(
      expect.arrayContaining(['input', 'tier', 'budget.max_calls', 'surprise', 'and another']),
    );
  });

  test('is told twenty of very many mistakes, and how many there are', async () => {
    const names = many(57, '').map((_, index) => `${'k'.repeat(100)}${index}`);
    const body = { input: 'x', ...Object.fromEntries(names.map((name) => [name, 1])) };
    const problem = await expectProblem(await makeApi().post('/v1/reflections', body), 'invalid_request');
    expect(problem.errors).toHaveLength(21);
    expect(problem.errors?.[0]).toEqual({ field: `${'k'.repeat(79)}…`, message: 'unknown field' });
    expect(problem.errors?.at(-1)).toEqual({ field: '', message: 'and 37 more' });
  });

  test.each([
    ['{"input": "x",}', 'line 1, column 15'],
    ['{"input": "x"', 'line 1, column 14'],
    ['', 'empty'],
    ['[[[['.repeat(100), 'nested deeper'],
  ])('that is no JSON is told where: %j', async (text, place) => {
    const response = await makeApi().post('/v1/reflections', text);
    expect((await expectProblem(response, 'invalid_request')).detail).toContain(place);
  });

  test('that is no JSON by its type, or too large, is not read', async () => {
    const api = makeApi();
    await expectProblem(
      await api.post('/v1/reflections', '{"input":"x"}', { 'content-type': 'text/plain' }),
      'unsupported_media_type',
    );
    await expectProblem(await api.post('/v1/reflections', { input: 'x'.repeat(1_048_576) }), 'body_too_large');
    await expectProblem(
      await api.post('/v1/reflections/refl_x/cancel', undefined, { 'content-length': '1048577' }),
      'body_too_large',
    );
  });

  test('cannot reach a prototype, and may repeat a key', async () => {
    const api = makeApi();
    const polluted = await expectProblem(
      await api.post('/v1/reflections', '{"input": "x", "__proto__": {"stream": true}}'),
      'invalid_request',
    );
    expect(polluted.errors).toEqual([{ field: '__proto__', message: 'unknown field' }]);
    expect('stream' in {}).toBe(false);
    expect((await api.post('/v1/reflections', '{"input": "a", "input": "b"}')).status).toBe(200);
    expect((await api.post('/v1/reflections', '{"input": "a", "metadata": {"constructor": "y"}}')).status).toBe(200);
    const lost = await expectProblem(
      await api.post('/v1/reflections', '{"input": "a", "metadata": {"__proto__": "x"}}'),
      'invalid_request',
    );
    expect(lost.errors).toEqual([{ field: 'metadata', message: 'expected no pair named __proto__' }]);
  });
});
