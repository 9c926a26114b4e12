import { describe, expect, test } from 'vitest';
import { isLoopback } from '../../src/http/middleware/loopback-only.ts';
import { expectProblem, makeApi } from './api.ts';

describe('the API without keys', () => {
  test.each([
    'http://localhost:8787',
    'http://127.0.0.1:8787',
    'http://127.9.8.7',
    'http://[::1]:8787',
    'http://LOCALHOST',
  ])('answers at %s', async (address) => {
    expect((await makeApi().get(`${address}/v1/models`)).status).toBe(200);
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
  ])('refuses at %s and says when keys come', async (address) => {
    const response = await makeApi().get(`${address}/v1/models`);
    const { detail } = await expectProblem(response, 'invalid_api_key');
    expect(detail).toContain('next release');
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  });

  test.each([
    { host: 'rebound.example' },
    { host: 'rebound.example:8787' },
    { host: '' },
    { 'x-forwarded-host': 'tunnel.example' },
    { origin: 'https://page.example' },
    { origin: 'null' },
    { origin: 'http://localhost.evil.example' },
  ])('refuses a local address reached under another name: %j', async (headers) => {
    await expectProblem(await makeApi().get('http://127.0.0.1:8787/v1/models', headers), 'invalid_api_key');
  });

  test.each([
    { host: 'localhost:8787' },
    { host: '127.0.0.1' },
    { host: '[::1]:8787' },
    { origin: 'http://localhost:5173' },
  ])('answers %j', async (headers) => {
    expect((await makeApi().get('http://127.0.0.1:8787/v1/models', headers)).status).toBe(200);
  });

  test('refuses on every route, known or not, and runs nothing', async () => {
    const api = makeApi();
    const host = 'https://public.example';
    for (const [method, path] of [
      ['GET', '/v1/models'],
      ['GET', '/health'],
      ['GET', '/v1/reflections/refl_memory1'],
      ['GET', '/v1/reflections/refl_memory1/events'],
      ['POST', '/v1/reflections/refl_memory1/cancel'],
      ['DELETE', '/v1/reflections/refl_memory1'],
      ['GET', '/nowhere'],
      ['PUT', '/v1/models'],
    ] as const) {
      await expectProblem(await api.send(method, `${host}${path}`), 'invalid_api_key');
    }
    await expectProblem(await api.post(`${host}/v1/reflections`, { input: 'hello' }), 'invalid_api_key');
    expect(await api.runs.read('refl_memory1')).toBeUndefined();
  });

  test('knows the whole of 127.0.0.0/8 and nothing near it', () => {
    expect(['127.0.0.1', '127.255.255.255', 'localhost', '[::1]'].every(isLoopback)).toBe(true);
    expect(['', '128.0.0.1', '27.0.0.1', '127.0.0', 'localhost.', '::1', 'xlocalhost'].some(isLoopback)).toBe(false);
  });
});
