/** Files with a secret in them: private, and whole whenever they are read. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keptSecret } from '../../local/kept-secret.ts';
import { LaunchError } from '../../local/launch-error.ts';
import { readPrivate, writePrivate } from '../../local/private-file.ts';

let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'private-'));
  path = join(folder, 'kept', 'secret');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const modeOf = async (file: string) => ((await stat(file)).mode & 0o777).toString(8);
/** Windows has no such modes. */
const onPosix = test.skipIf(process.platform === 'win32');

describe('a private file', () => {
  test('is read as it was written, and is nothing before', async () => {
    expect(await readPrivate(path)).toBeUndefined();
    await writePrivate(path, 'first');
    await writePrivate(path, 'second');
    expect(await readPrivate(path)).toBe('second');
    expect(await readdir(join(folder, 'kept'))).toEqual(['secret']);
  });

  test('may have been edited by somebody whose lines end otherwise', async () => {
    await mkdir(join(folder, 'kept'));
    await writeFile(path, '\ufeff  word \r\n\n');
    expect(await readPrivate(path)).toBe('word');
  });

  onPosix('is its owner’s only, and so is the folder that was made for it', async () => {
    await writePrivate(path, 'word');
    expect([await modeOf(path), await modeOf(join(folder, 'kept'))]).toEqual(['600', '700']);
  });

  onPosix('is its owner’s again once it is read or written, whoever might have read it before', async () => {
    await writePrivate(path, 'word');
    await chmod(path, 0o644);
    expect(await readPrivate(path)).toBe('word');
    expect(await modeOf(path)).toBe('600');
    await chmod(path, 0o666);
    await writePrivate(path, 'other');
    expect(await modeOf(path)).toBe('600');
  });

  onPosix('does not take over the mode of what an ended writer left beside it', async () => {
    await mkdir(join(folder, 'kept'));
    await writeFile(`${path}.part`, 'half of a much longer sec', { mode: 0o666 });
    await chmod(`${path}.part`, 0o666);
    await writePrivate(path, 'word');
    expect([await readPrivate(path), await modeOf(path)]).toEqual(['word', '600']);
  });

  test('that cannot be read or written is one line that names it', async () => {
    await mkdir(path, { recursive: true });
    await expect(readPrivate(path)).rejects.toThrow(LaunchError);
    await expect(readPrivate(path)).rejects.toThrow(`${path} cannot be read (EISDIR): remove it, and start again.`);
    await expect(writePrivate(path, 'word')).rejects.toThrow(`${path} cannot be written (E`);
    await writeFile(join(folder, 'file'), '');
    await expect(writePrivate(join(folder, 'file', 'secret'), 'word')).rejects.toThrow(LaunchError);
  });

  onPosix('takes the place of a link, and leaves alone what that leads to', async () => {
    const elsewhere = join(folder, 'elsewhere');
    await writeFile(elsewhere, 'untouched');
    await mkdir(join(folder, 'kept'));
    await symlink(elsewhere, path);
    await writePrivate(path, 'word');
    expect([await readFile(elsewhere, 'utf8'), await readPrivate(path)]).toEqual(['untouched', 'word']);
  });
});

test('a writer that is killed at any moment leaves the whole of one file or of the other', {
  timeout: 60_000,
}, async () => {
  const length = 200_000;
  const script = join(folder, 'writer.mjs');
  await writeFile(
    script,
    `import { writePrivate } from ${JSON.stringify(new URL('../../local/private-file.ts', import.meta.url).href)};
     for (let turn = 0; ; turn += 1) {
       await writePrivate(${JSON.stringify(path)}, String(turn % 10).repeat(${length}));
       if (turn === 0) process.send('writing');
     }`,
  );
  for (let kill = 0; kill < 12; kill += 1) {
    const writer = spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    await once(writer, 'message');
    await pause(kill * 1.7);
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    expect(await readPrivate(path)).toMatch(new RegExp(`^(\\d)\\1{${length - 1}}$`));
  }
  await writePrivate(path, 'word');
  expect(await readdir(join(folder, 'kept'))).toEqual(['secret']);
});

describe('a kept secret', () => {
  const said: string[] = [];
  const say = (line: string) => said.push(line);

  beforeEach(() => said.splice(0));

  test('is made once, of 32 bytes of chance', async () => {
    const made = await keptSecret(path, say);
    expect(made).toMatch(/^[\w-]{43}$/);
    expect(await keptSecret(path, say)).toBe(made);
    expect(await keptSecret(join(folder, 'another'), say)).not.toBe(made);
    expect(said).toEqual([]);
  });

  test('that somebody put there is kept', async () => {
    await writePrivate(path, 'chosen-by-a-person');
    expect(await keptSecret(path, say)).toBe('chosen-by-a-person');
  });

  test.each([
    ['nothing', ''],
    ['too little', 'short'],
    ['what needs quoting', "it's sixteen letters"],
    ['two lines', 'sixteen-letters-1\nsixteen-letters-2'],
    ['bytes that are no text', '\u0000\ufffd\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u0010\u0011'],
  ])('whose file holds %s is made anew, and that is said', async (_, text) => {
    await writePrivate(path, text);
    const made = await keptSecret(path, say, () => 'a-new-one-of-chance');
    expect(made).toBe('a-new-one-of-chance');
    expect(await readPrivate(path)).toBe(made);
    expect(said).toEqual([`${path} held no secret: a new one is in its place.`]);
  });
});
