import { expect, test } from 'vitest';
import { health } from '../../src/http/routes/health.ts';
import { modelList } from '../../src/http/routes/models.ts';
import type { Roster } from '../../src/reflection/model.ts';
import { makeApi } from './api.ts';

test('GET /v1/models lists one model a tier, in OpenAI’s shape', async () => {
  const response = await makeApi().get('/v1/models');
  expect(response.status).toBe(200);
  const list = modelList.parse(await response.json());
  expect(list.data.map(({ id }) => id)).toEqual(['reflect-fast', 'reflect-balanced', 'reflect-quality', 'reflect-max']);
  expect(list.data[0]?.seats).toMatchObject({ author: ['test/small'], critic: ['test/large'] });
});

test('GET /health says that all is well when it is', async () => {
  const response = await makeApi().get('/health');
  expect(response.status).toBe(200);
  expect(health.parse(await response.json())).toEqual({ status: 'ok', models: [] });
});

test.each(['resting', 'trying', 'gone', 'retired'] as const)(
  'GET /health says so when a model is %s',
  async (status) => {
    const roster: Roster = { author: [], critic: [], reviser: [], judge: [], escalation: [] };
    const rows = [
      { model: 'a', status: 'ok', retires_on: null },
      { model: 'b', status, retires_on: '2026-12-01' },
    ] as const;
    const response = await makeApi({ models: { roster: () => roster, health: async () => rows } }).get('/health');
    expect(response.status).toBe(200);
    expect(health.parse(await response.json())).toEqual({ status: 'degraded', models: rows });
  },
);
