/** The programs in `examples/`, run as they are on the Worker as it is deployed. The one in Python runs beside the Python clients. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectFolder } from '../../local/wrangler.ts';
import { type ServedWorker, serveWorker } from './served-worker.ts';

let served: ServedWorker;

beforeAll(async () => {
  served = await serveWorker('examples-test');
  served.model.answers.set('Describe the sea', { text: 'The sea is wide, deep and blue.' });
}, 60_000);

afterAll(() => served.close());

function run(program: string, ...words: readonly string[]) {
  const env = { ...process.env, BASE_URL: served.worker.address, API_KEY: served.apiKey };
  return promisify(execFile)(program, words, { env, cwd: join(projectFolder, 'examples') });
}

test('curl.sh prints the record', async () => {
  const { stdout } = await run('sh', 'curl.sh');
  expect(JSON.parse(stdout)).toMatchObject({
    output: 'The sea is wide deep and blue.',
    draft: 'The sea is wide, deep and blue.',
    decision: 'repaired_check',
  });
});

test('openai-client.mjs prints the answer', async () => {
  const { stdout, stderr } = await run(process.execPath, 'openai-client.mjs');
  expect(stdout).toBe('The sea is wide deep and blue.\n');
  expect(stderr).toMatch(/^repaired_check, \d+ tokens\n$/);
});

test('watch.mjs shows the draft as it is written, and prints the answer', async () => {
  const { stdout, stderr } = await run(process.execPath, 'watch.mjs', 'Describe the sea without commas.', 'checks');
  expect(stdout).toBe('The sea is wide deep and blue.\n');
  expect(stderr).toContain('The sea is wide, deep and blue.');
  expect(stderr).toContain('✗ forbidden_characters');
  expect(stderr).toContain('repaired_check');
});
