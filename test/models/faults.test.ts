import { describe, expect, test } from 'vitest';
import { faultOf } from '../../src/models/faults.ts';
import { workersAiErrors } from '../../src/models/workers-ai-errors.ts';

describe('a Workers AI code', () => {
  test.each(Object.entries(workersAiErrors))(
    '%s means the same in every form it comes in',
    (code, { code: meaning, retry }) => {
      const description = 'Something was said.';
      const forms = [
        new Error(`${code}: ${description}`),
        new Error(`AiError: ${code}: ${description}`),
        new Error(`InferenceUpstreamError: AiError: ${code}: ${description} (8a3c1f2e-1111-2222)`),
        { internalCode: Number(code), name: 'AiError', message: description, description },
        { success: false, errors: [{ code: Number(code), message: description }] },
        { error: { code: Number(code), message: description } },
      ];
      for (const error of forms) {
        const fault = faultOf({ error });
        expect(fault).toMatchObject({ code: meaning, kind: { retry } });
        expect(fault.message).toContain(code);
        expect(fault.message).not.toContain(description);
      }
    },
  );

  test.each([
    [3040, 'upstream_busy', 'again'],
    [3036, 'upstream_quota', 'never'],
    [3007, 'upstream_failed', 'again'],
    [3006, 'context_length_exceeded', 'never'],
    [5007, 'upstream_failed', 'next-model'],
    [5028, 'upstream_failed', 'next-model'],
    [3042, 'upstream_failed', 'next-model'],
    [5035, 'upstream_failed', 'next-model'],
    [5016, 'upstream_failed', 'next-model'],
    [3023, 'upstream_failed', 'never'],
    [5004, 'upstream_failed', 'never'],
    [8001, 'upstream_failed', 'never'],
  ])('%i is %s, to be asked %s', (code, meaning, retry) => {
    expect(faultOf({ error: new Error(`${code}: text`) })).toMatchObject({ code: meaning, kind: { retry } });
  });

  test('marks a model as gone', () => {
    const gone = [3042, 5007, 5028, 3040, 5035].map(
      (code) => faultOf({ error: new Error(`${code}: text`) }).kind.gone === true,
    );
    expect(gone).toEqual([true, true, true, false, false]);
  });

  test('is not read out of other numbers', () => {
    expect(faultOf({ error: new Error('request 1234: failed at 12:3040: no') })).toMatchObject({
      kind: { retry: 'again' },
    });
    expect(faultOf({ error: new Error('9999: new kind of error') })).toMatchObject({
      code: 'upstream_failed',
      kind: { retry: 'again' },
    });
  });
});

describe('an HTTP failure', () => {
  test.each([
    [400, { error: { message: 'bad' } }, 'upstream_failed', 'never'],
    [
      400,
      { error: { message: "This model's maximum context length is 8192 tokens" } },
      'context_length_exceeded',
      'never',
    ],
    [
      400,
      { error: { code: 400, type: 'exceed_context_size_error', message: 'too long' } },
      'context_length_exceeded',
      'never',
    ],
    [401, { error: { message: 'Incorrect API key provided: sk-abc' } }, 'upstream_failed', 'never'],
    [403, '', 'upstream_failed', 'never'],
    [402, '', 'upstream_quota', 'never'],
    [404, { error: 'model "x" not found' }, 'upstream_failed', 'next-model'],
    [408, '', 'upstream_failed', 'again'],
    [413, '<html>too large</html>', 'context_length_exceeded', 'never'],
    [429, { error: { message: 'Slow down' } }, 'upstream_busy', 'again'],
    [429, { error: { code: 'insufficient_quota', message: 'no' } }, 'upstream_quota', 'never'],
    [429, { errors: [{ code: 3036, message: 'daily' }] }, 'upstream_quota', 'never'],
    [500, '', 'upstream_failed', 'again'],
    [502, '<html></html>', 'upstream_failed', 'again'],
    [503, { error: { message: 'Loading model' } }, 'upstream_busy', 'again'],
    [200, { error: { code: 503, message: 'Loading model' } }, 'upstream_busy', 'again'],
    [418, null, 'upstream_failed', 'never'],
  ])('%i with %j is %s, to be asked %s', (status, error, code, retry) => {
    const fault = faultOf({ status, error });
    expect(fault).toMatchObject({ code, kind: { retry } });
    expect(fault.message).not.toContain('sk-abc');
  });

  test('tells the operator that the key is wrong, without the key', () => {
    const { message } = faultOf({ status: 401, error: { error: { message: 'Incorrect API key provided: sk-abc' } } });
    expect(message).toMatch(/credentials.*operator.*key.*401/);
  });

  test('says what a local server without a login lacks', () => {
    expect(faultOf({ error: new Error('Binding AI needs to be run remotely') }).message).toContain('Cloudflare login');
  });
});
