import { describe, expect, test } from 'vitest';
import { parseConfig } from '../src/config.ts';

const compatible = {
  MODEL_PROVIDER: 'openai-compatible',
  UPSTREAM_URL: 'http://127.0.0.1:8080/v1',
  UPSTREAM_MODEL: 'local',
};

describe('parseConfig', () => {
  test('takes what is needed, fills in the rest, and leaves out what is none of its business', () => {
    expect(parseConfig({ MODEL_PROVIDER: 'workers-ai', AI: {}, RUNS: {}, SECRET: 'x' })).toEqual({
      MODEL_PROVIDER: 'workers-ai',
    });
    expect(parseConfig(compatible)).toEqual({ ...compatible, UPSTREAM_CLASS: 'large', UPSTREAM_CONTEXT: 8_192 });
  });

  test('reads numbers from text, and takes an empty variable for none', () => {
    const config = parseConfig({
      ...compatible,
      UPSTREAM_CLASS: 'small',
      UPSTREAM_CONTEXT: '2048',
      UPSTREAM_KEY: '',
      MODELS: '{}',
    });
    expect(config).toMatchObject({ UPSTREAM_CLASS: 'small', UPSTREAM_CONTEXT: 2_048, MODELS: '{}' });
    expect(config).not.toHaveProperty('UPSTREAM_KEY', expect.anything());
  });

  test.each([
    [{}, 'MODEL_PROVIDER'],
    [{ MODEL_PROVIDER: 'openai' }, 'MODEL_PROVIDER: expected "workers-ai" or "openai-compatible"'],
    [{ MODEL_PROVIDER: 'openai-compatible' }, 'UPSTREAM_URL'],
    [{ MODEL_PROVIDER: 'openai-compatible' }, 'UPSTREAM_MODEL'],
    [{ ...compatible, UPSTREAM_URL: 'localhost:8080' }, 'UPSTREAM_URL: expected an http or https URL'],
    [{ ...compatible, UPSTREAM_URL: 'file:///etc/passwd' }, 'UPSTREAM_URL'],
    [{ ...compatible, UPSTREAM_CLASS: 'medium' }, 'UPSTREAM_CLASS'],
    [{ ...compatible, UPSTREAM_CONTEXT: '8k' }, 'UPSTREAM_CONTEXT: expected a number of tokens'],
  ])('names what is wrong in %j', (environment, problem) => {
    expect(() => parseConfig(environment)).toThrow(problem);
  });

  test('never repeats a value, which may be a key', () => {
    const run = (): unknown => parseConfig({ ...compatible, UPSTREAM_URL: 'sk-secret', UPSTREAM_CONTEXT: 'sk-secret' });
    expect(run).toThrow();
    expect(run).not.toThrow('sk-secret');
  });
});
