/** The page on the HTTP API is true: its examples are executed, what is generated is up to date, and no field is left out. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { apiPage } from '../../docs/generate-api.ts';
import { reflectionRecord } from '../../src/http/reflection-record.ts';
import { keyBodies } from '../../src/http/routes/keys.ts';
import { usageAnswer } from '../../src/http/routes/usage.ts';
import { reflectionBody } from '../../src/reflection/request.ts';
import { apiKey, makeApi } from '../http/api.ts';

const page = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');
const adminToken = 'admin-token-of-the-page';

const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({
  language,
  text,
}));
const commands = blocks.flatMap(({ language, text }) => (language === 'sh' && text.startsWith('curl') ? [text] : []));

/** A curl line as the request that it makes; it knows what the page uses of curl. */
function requestOf(command: string, id: string) {
  const line = command.replaceAll('\\\n', ' ').replaceAll('refl_…', id);
  const path = /http:\/\/localhost:8787(\S+)/.exec(line)?.[1] ?? '';
  const headers = [...line.matchAll(/-H (["'])(.*?)\1/g)].map(([, , header = '']): [string, string] => {
    const [name = '', ...value] = header.split(':');
    return [name, value.join(':').trim().replace('$KEY', apiKey).replace('$ADMIN_TOKEN', adminToken)];
  });
  const body = /-d '([^']*)'/.exec(line)?.[1];
  return { path, headers: Object.fromEntries(headers), body };
}

describe('the page on the HTTP API', () => {
  test('is what docs/generate-api.ts would write', async () => {
    expect((await apiPage()) === page, 'run `npm run docs`').toBe(true);
  });

  test('sets the keys that its examples use', () => {
    const names = new Set(commands.flatMap((command) => command.match(/\$[A-Z_]+/g) ?? []));
    expect(names).toEqual(new Set(['$KEY', '$ADMIN_TOKEN']));
    for (const name of names) expect(page).toMatch(new RegExp(`^${name.slice(1)}=\\$\\(cat `, 'm'));
  });

  test.each(commands)('gives an example that works: %s', async (command) => {
    const api = makeApi({ adminToken });
    const { id } = reflectionRecord.parse(await (await api.post('/v1/reflections', { input: 'x' })).json());
    const { path, headers, body } = requestOf(command, id);
    const response = body === undefined ? await api.get(path, headers) : await api.post(path, body, headers);
    expect([response.status, await response.text()]).toEqual([
      expect.toSatisfy((status: number) => status < 300),
      expect.any(String),
    ]);
  });

  test('names every field of a request, of a record and of a key', () => {
    const named = (text: string) => page.includes(`\`${text}`) || page.includes(`"${text}"`);
    const fields = [
      ...Object.keys(reflectionBody.shape),
      ...Object.keys(keyBodies(Date.now).creation.shape),
      ...Object.keys(usageAnswer.shape),
    ];
    expect(fields.filter((field) => !named(field))).toEqual([]);
  });

  test('shows a record as it is answered', () => {
    const shown = blocks.filter(({ language, text }) => language === 'json' && text.includes('"object": "reflection"'));
    expect(shown.map(({ text }) => reflectionRecord.parse(JSON.parse(text)).object)).toEqual(['reflection']);
  });

  test('shows usage as it is answered', () => {
    const [shown] = blocks.filter(({ text }) => text.includes('"object": "usage"'));
    expect(usageAnswer.parse(JSON.parse(shown?.text ?? '')).object).toBe('usage');
  });
});
