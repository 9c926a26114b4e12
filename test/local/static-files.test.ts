/** The files of `public/` beside the API, as `npm start` serves them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { playModel, start } from './launched.ts';

test('a page of public/ is served beside the API, and may load nothing foreign', { timeout: 60_000 }, async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'files-'));
  const model = await playModel('The sea is blue.');
  const { child, ended, ready } = start(
    temporary,
    '--port',
    '0',
    '--ephemeral',
    '--upstream',
    model.url,
    '--context',
    '2048',
  );
  try {
    const { origin } = new URL((await ready()).url);
    const page = await fetch(`${origin}/`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/html/)]);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('<title>edge-reflection');
    const answers = await Promise.all(
      ['/nothing-here', '/v1/nothing', '/v1/reflections', '/health', '/_headers'].map((path) =>
        fetch(`${origin}${path}`),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([404, 401, 401, 200, 404]);
    expect(await answers[0]?.json()).toMatchObject({ error: { code: 'not_found' } });
  } finally {
    child.kill('SIGTERM');
    await ended;
    model.close();
    await rm(temporary, { recursive: true, force: true });
  }
});
