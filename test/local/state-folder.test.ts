/** Which folder a launch keeps its store in, and what becomes of an older one. */
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { prepareStateFolder } from '../../local/state-folder.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'state-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('a first launch makes its folder, for nobody else to read, and says nothing', async () => {
  const said: string[] = [];
  const path = await prepareStateFolder(folder, (line) => said.push(line));
  expect((await stat(path)).mode & 0o777).toBe(0o700);
  expect(said).toEqual([]);
});

test('a folder of an older version is told of once, and left', async () => {
  await mkdir(join(folder, 'state'));
  const said: string[] = [];
  const path = await prepareStateFolder(folder, (line) => said.push(line));
  expect(await prepareStateFolder(folder, (line) => said.push(line))).toBe(path);
  expect(path).toBe(join(folder, 'state-2'));
  expect(said).toEqual([expect.stringContaining('older version')]);
  expect((await stat(join(folder, 'state'))).isDirectory()).toBe(true);
});
