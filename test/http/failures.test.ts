import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { expectProblem, firstRun, makeApi } from './api.ts';

const runs = makeApi().runs;

describe('failures', () => {
  test('a defect is logged with its place, and answered with a request id and none of its words', async () => {
    const cause = new RangeError('the cause');
    const api = makeApi({
      runs: { ...runs, read: () => Promise.reject(new TypeError('secret internals', { cause })) },
    });
    const response = await api.get('/v1/reflections/refl_x');
    const problem = await expectProblem(response, 'upstream_failed');
    expect(JSON.stringify(problem)).not.toContain('secret');
    expect(api.log).toContainEqual({
      level: 'error',
      event: 'request.failed',
      request_id: problem.request_id,
      error: 'TypeError',
      stack: expect.arrayContaining([expect.stringContaining('failures.test.ts')]),
      cause: { error: 'RangeError', stack: expect.any(Array) },
    });
    expect(JSON.stringify(api.log)).not.toContain('secret');
  });

  test('a defect that quotes what was sent does not bring it into the log, whatever it looks like', async () => {
    const quoting = new SyntaxError('Unexpected token, "my prompt\n    at secret (prompt.ts:1:1)" is not valid JSON');
    const cause = new AppError('upstream_failed', 'Our own words.', { cause: quoting });
    for (const error of [quoting, cause]) {
      const api = makeApi({ runs: { ...runs, read: () => Promise.reject(error) } });
      await expectProblem(await api.get('/v1/reflections/refl_x'), 'upstream_failed');
      expect(JSON.stringify(api.log)).toContain('SyntaxError');
      expect(JSON.stringify(api.log)).not.toMatch(/prompt|secret/);
    }
  });

  test('an engine that breaks fails its run, and the answer shows none of its words', async () => {
    const problem = await expectProblem(await makeApi().post('/v1/reflections', { input: 'break' }), 'upstream_failed');
    expect(JSON.stringify(problem)).not.toContain('secret');
    expect(problem.reflection_id).toMatch(/^refl_/);
  });

  test('a port’s own failure keeps its code, its message and its advice', async () => {
    const busy = new AppError('upstream_busy', 'No capacity just now.', { retryAfterSeconds: 1.2 });
    const api = makeApi({ runs: { ...runs, begin: () => Promise.reject(busy) } });
    const response = await api.post('/v1/reflections', { input: 'hello' });
    expect((await expectProblem(response, 'upstream_busy')).detail).toBe('No capacity just now.');
    expect(response.headers.get('retry-after')).toBe('2');
    expect(api.log).toContainEqual(
      expect.objectContaining({ event: 'request.failed', code: 'upstream_busy', message: 'No capacity just now.' }),
    );
  });

  test('a caller’s mistakes are no errors of ours: only the access log mentions them', async () => {
    const api = makeApi();
    await expectProblem(await api.post('/v1/reflections', {}), 'invalid_request');
    expect(api.log.map(({ event }) => event)).toEqual(['request.answered']);
  });

  test('a run that is deleted while it is waited for is not found', async () => {
    const api = makeApi({
      runs: { ...runs, begin: async () => ({ type: 'started', run: firstRun, standings: [], answer: null }) },
    });
    await expectProblem(await api.post('/v1/reflections', { input: 'hello' }), 'not_found');
  });
});
