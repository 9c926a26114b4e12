import { expect, test } from 'vitest';
import { makeApi } from '../api.ts';

const ask = async (body: object) => {
  const messages = [{ role: 'user', content: 'What is it?' }];
  const response = await makeApi().post('/v1/chat/completions', { model: 'reflect-balanced', messages, ...body });
  return { response, body: JSON.parse(await response.text()) };
};

test('a chat completion sums up its reflection under x_reflection', async () => {
  const { body } = await ask({});
  expect(body.x_reflection).toEqual({
    ...{ id: body.id, status: 'completed', decision: 'kept_draft_unverified', changed: false, passed: null },
    ...{ checks: [], degraded: null, exhausted: null, cache: { status: 'bypass', age_s: null } },
  });
});

test('what x_reflection wants included stands there', async () => {
  const { body } = await ask({ x_reflection: { include: ['draft', 'trace'] } });
  expect(body.x_reflection).toMatchObject({ draft: 'The answer is 42.', trace: [{ pass: 'draft' }] });
});
