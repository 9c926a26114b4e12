import { describe, expect, test } from 'vitest';
import { parseConfig } from '../src/config.ts';

const secrets = { KEY_TAG_SECRETS: 'the first tag secret' };
const usual = {
  KEY_TAG_SECRETS: ['the first tag secret'],
  KEY_MODE: 'live',
  WEBHOOK_PRIVATE_ADDRESSES: 'refuse',
  ACCESS_LOG: 'brief',
  MODEL_CALLS: 'entrypoint',
  STORED_DAYS: 30,
};
const compatible = {
  ...secrets,
  MODEL_PROVIDER: 'openai-compatible',
  UPSTREAM_URL: 'http://127.0.0.1:8080/v1',
  UPSTREAM_MODEL: 'local',
};

describe('parseConfig', () => {
  test('takes what is needed, fills in the rest, and leaves out what is none of its business', () => {
    expect(parseConfig({ ...secrets, MODEL_PROVIDER: 'workers-ai', AI: {}, RUNS: {}, SECRET: 'x' })).toEqual({
      ...usual,
      MODEL_PROVIDER: 'workers-ai',
      MODEL_REQUESTS_PER_MINUTE: 300,
    });
    expect(parseConfig(compatible)).toEqual({
      ...compatible,
      ...usual,
      UPSTREAM_CLASS: 'large',
      UPSTREAM_CONTEXT: 8_192,
    });
  });

  test('reads several tag secrets, the one that makes tags first', () => {
    const { KEY_TAG_SECRETS } = parseConfig({
      ...compatible,
      KEY_TAG_SECRETS: 'the second tag secret, the first tag secret',
    });
    expect(KEY_TAG_SECRETS).toEqual(['the second tag secret', 'the first tag secret']);
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
    [{ ...compatible, KEY_TAG_SECRETS: undefined }, 'KEY_TAG_SECRETS: expected secrets of at least 16 letters'],
    [{ ...compatible, KEY_TAG_SECRETS: ' , ' }, 'KEY_TAG_SECRETS'],
    [{ ...compatible, KEY_TAG_SECRETS: 'the first tag secret,short' }, 'KEY_TAG_SECRETS'],
    [{ ...compatible, ADMIN_TOKEN: 'short' }, 'ADMIN_TOKEN: expected a secret of at least 16 letters'],
    [{ ...compatible, ADMIN_TOKEN: 'with a space in between' }, 'ADMIN_TOKEN'],
    [{ ...compatible, KEY_MODE: 'prod' }, 'KEY_MODE'],
    [{ ...compatible, MODEL_CALLS: 'object' }, 'MODEL_CALLS: expected "entrypoint" or "direct"'],
    [{ ...compatible, STORED_DAYS: '0' }, 'STORED_DAYS: expected a number of days'],
    [{ ...compatible, WEBHOOK_PRIVATE_ADDRESSES: 'yes' }, 'WEBHOOK_PRIVATE_ADDRESSES'],
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
