import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createUnconfiguredApp } from '../../src/app.ts';
import { isLoopback } from '../../src/http/middleware/loopback-only.ts';
import { expectProblem } from './api.ts';

const missing = 'UPSTREAM_URL: expected an http or https URL';

async function ask(address: string, init: RequestInit = {}): Promise<Response> {
  return createUnconfiguredApp(new Error(missing)).request(`${address}/v1/models`, init);
}

beforeEach(() => {
  vi.restoreAllMocks();
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
});

describe('a service that is not configured', () => {
  test.each([
    'http://localhost:8787',
    'http://127.0.0.1:8787',
    'http://127.9.8.7',
    'http://[::1]:8787',
    'http://LOCALHOST',
  ])('says at %s what is missing', async (address) => {
    expect((await expectProblem(await ask(address), 'upstream_failed')).detail).toBe(missing);
  });

  test.each([
    'https://edge-reflection.example.workers.dev',
    'http://192.168.1.5:8787',
    'http://0.0.0.0:8787',
    'http://localhost.evil.example',
    'http://127.0.0.1.nip.io',
    'http://1270.0.0.1.example',
    'http://[::2]:8787',
    'http://[::ffff:127.0.0.1]:8787',
  ])('does not say it at %s', async (address) => {
    expect((await expectProblem(await ask(address), 'invalid_api_key')).detail).not.toContain('UPSTREAM_URL');
  });

  test.each([
    { host: 'rebound.example' },
    { host: 'rebound.example:8787' },
    { host: '' },
    { 'x-forwarded-host': 'tunnel.example' },
    { origin: 'https://page.example' },
    { origin: 'null' },
    { origin: 'http://localhost.evil.example' },
  ])('does not say it at a local address reached under another name: %j', async (headers) => {
    await expectProblem(await ask('http://127.0.0.1:8787', { headers }), 'invalid_api_key');
  });

  test.each([
    { host: 'localhost:8787' },
    { host: '127.0.0.1' },
    { host: '[::1]:8787' },
    { origin: 'http://localhost:5173' },
  ])('says it to %j', async (headers) => {
    await expectProblem(await ask('http://127.0.0.1:8787', { headers }), 'upstream_failed');
  });

  test.each(['http://127.0.0.1:8787', 'https://edge-reflection.example.workers.dev'])(
    'gives its answers at %s what every answer has, and logs them',
    async (address) => {
      const response = await ask(address, { headers: { 'x-request-id': 'Trace-1' } });
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'x-request-id': 'Trace-1',
        'access-control-allow-origin': '*',
        'cache-control': 'no-store',
        'server-timing': expect.stringMatching(/^total;dur=\d+$/),
      });
      expect(console.info).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/"request\.answered".*"Trace-1"/));
    },
  );

  test('answers a preflight', async () => {
    const headers = { origin: 'https://page.example', 'access-control-request-method': 'POST' };
    const response = await ask('http://127.0.0.1:8787', { method: 'OPTIONS', headers });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });
});

test('knows the whole of 127.0.0.0/8 and nothing near it', () => {
  expect(['127.0.0.1', '127.255.255.255', 'localhost', '[::1]'].every(isLoopback)).toBe(true);
  expect(['', '128.0.0.1', '27.0.0.1', '127.0.0', 'localhost.', '::1', 'xlocalhost'].some(isLoopback)).toBe(false);
});
