/** The OpenAPI document and the reference page: what is generated, all routes and no other, and examples that work. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openApiFiles } from '../../docs/generate-openapi.ts';
import { openApiDocument } from '../../docs/openapi/document.ts';
import { examples } from '../../docs/openapi/examples.ts';
import { chatCompletionAnswer, deletedResponse, responseAnswer } from '../../docs/openapi/openai-answers.ts';
import { operations } from '../../docs/openapi/operations.ts';
import { KeyObjects } from '../accounts/memory-key-objects.ts';
import { apiKey, makeApi } from '../http/api.ts';

describe('the generated files', () => {
  test('are what docs/generate-openapi.ts would write', async () => {
    for (const [path, text] of Object.entries(await openApiFiles())) {
      const written = readFileSync(new URL(`../../public/${path}`, import.meta.url), 'utf8');
      expect(written === text, `public/${path}: run \`npm run docs\``).toBe(true);
    }
  });

  test('refer to nothing that is not there', async () => {
    const text = JSON.stringify(await openApiDocument());
    const document = JSON.parse(text);
    const refs = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path.split('/'));
    expect(refs.length).toBeGreaterThan(50);
    for (const path of refs) {
      expect(
        path.reduce((held, part) => held?.[part], document),
        path.join('/'),
      ).toBeTypeOf('object');
    }
    const page = (await openApiFiles())['docs/index.html'] ?? '';
    const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    for (const [, id = ''] of page.matchAll(/href="#([^"]+)"/g)) expect(ids, id).toContain(id);
  });
});

test('every route is described, and nothing else is', () => {
  const routes = makeApi()
    .app.routes.filter(({ method, path }) => method !== 'ALL' && !path.startsWith('/channels/'))
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
  const described = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  expect(described.toSorted()).toEqual([...new Set(routes)].toSorted());
});

describe('an example', () => {
  const sent = operations.filter(({ id }) => id in examples);

  test.each(sent.map((operation) => [operation.id, operation] as const))(
    'of %s works as it is',
    async (id, operation) => {
      const keys = new KeyObjects().administration;
      const api = makeApi({ keys: async () => keys, adminToken: 'admin-token' });
      const admin = { authorization: 'Bearer admin-token' };
      const run = await (await api.post('/v1/reflections', { input: 'hello' })).json();
      const key = await (await api.post('/v1/keys', examples['createKey'], admin)).json();
      const { method, path, access, answers } = operation;
      const answer = await api.app.request(path.replace('{id}', access === 'admin' ? key.id : run.id), {
        method: method.toUpperCase(),
        headers: {
          'content-type': 'application/json',
          ...(access === 'admin' ? admin : { authorization: `Bearer ${apiKey}` }),
        },
        body: JSON.stringify(examples[id]),
      });
      expect(answers.map(({ status }) => status)).toContain(answer.status);
    },
  );

  test('has one for every body', () => {
    const withBody = operations.filter(({ body }) => body).map(({ id }) => id);
    expect(Object.keys(examples).toSorted()).toEqual(withBody.toSorted());
  });
});

test('what the OpenAI surface answers follows its schemas', async () => {
  const api = makeApi();
  const chat = await (await api.post('/v1/chat/completions', examples['createChatCompletion'])).json();
  expect(chatCompletionAnswer.safeParse(chat).error).toBeUndefined();
  const response = await (await api.post('/v1/responses', examples['createResponse'])).json();
  expect(responseAnswer.safeParse(response).error).toBeUndefined();
  const gone = await (await api.send('DELETE', `/v1/responses/${response.id}`)).json();
  expect(deletedResponse.safeParse(gone).error).toBeUndefined();
});
