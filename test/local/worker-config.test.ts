/** Wrangler's configuration as a launch uses it. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unstable_readConfig as readConfig } from 'wrangler';
import { writeWorkerConfig } from '../../local/worker-config.ts';
import { projectFolder } from '../../local/wrangler.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** What is left of a project's configuration. */
async function leftOf(toml: string): Promise<string> {
  const project = join(folder, 'project');
  await mkdir(project, { recursive: true });
  await writeFile(join(project, 'wrangler.toml'), toml);
  return readFile(await writeWorkerConfig(project, folder), 'utf8');
}

test('the static files are those of the project', async () => {
  const path = await writeWorkerConfig(projectFolder, folder);
  const { assets } = readConfig({ config: path });
  expect(assets).toEqual({
    ...readConfig({ config: join(projectFolder, 'wrangler.toml') }).assets,
    directory: join(projectFolder, 'public'),
  });
});

test('the project’s own loses its list of secrets and nothing else', async () => {
  const path = await writeWorkerConfig(projectFolder, folder);
  const own = readConfig({ config: join(projectFolder, 'wrangler.toml') });
  const written = readConfig({ config: path });
  expect(own.secrets?.required).toEqual(['ADMIN_TOKEN', 'KEY_TAG_SECRETS']);
  expect(written.secrets).toBeUndefined();
  for (const name of [
    'name',
    'compatibility_date',
    'compatibility_flags',
    'vars',
    'migrations',
    'durable_objects',
  ] as const) {
    expect([name, written[name]]).toEqual([name, own[name]]);
  }
  expect([written.ai, written.kv_namespaces]).toEqual([own.ai, own.kv_namespaces]);
});

test.each([
  [
    'before another table',
    '[a]\nb = 1\n\n[secrets]\nrequired = ["X"]\n\n[vars]\nc = 2\n',
    '[a]\nb = 1\n\n[vars]\nc = 2\n',
  ],
  ['at the end', '[a]\nb = 1\n[secrets]\nrequired = ["X"]', '[a]\nb = 1\n'],
  ['with a note', '[secrets] # two\nrequired = [\n  "X",\n]\n[[d]]\n', '[[d]]\n'],
  ['with the line ends of Windows', '[secrets]\r\nrequired = ["X"]\r\n[vars]\r\n', '[vars]\r\n'],
  ['nowhere', '[vars]\nsecrets = "[secrets]"\n', '[vars]\nsecrets = "[secrets]"\n'],
])('the list of secrets is cut out %s', async (_, toml, left) => {
  expect(await leftOf(toml)).toBe(left);
});
