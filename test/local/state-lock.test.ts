/** One launch at a time on one state folder, and private folders that do not stay behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LaunchError } from '../../local/launch-error.ts';
import { processIdentity } from '../../local/process-identity.ts';
import { lockState } from '../../local/state-lock.ts';
import { removeLeftovers } from '../../local/temporary-folder.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'state-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** The identity of a process that has ended. */
async function goneProcess(): Promise<string> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
  const identity = processIdentity(child.pid ?? 0) ?? '';
  child.kill('SIGKILL');
  await once(child, 'close');
  return identity;
}

describe('the lock of a state folder', () => {
  const lock = () => join(folder, 'launch.lock');

  test('is refused to a second one in one line that says what to do, and free when the first has ended', async () => {
    const release = await lockState(folder);
    const refusal = await lockState(folder).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(LaunchError);
    expect(refusal).toHaveProperty(
      'message',
      expect.stringMatching(/^The state in \S+ is in use .*--state FOLDER.*--ephemeral\.$/),
    );
    expect(refusal).toHaveProperty('message', expect.stringContaining(`(process ${process.pid})`));
    await release();
    expect(existsSync(lock())).toBe(false);
    await (await lockState(folder))();
  });

  test('is taken over from a process that is gone, also where another has its number by now', async () => {
    for (const holder of [await goneProcess(), `${process.pid} 1`, '', 'rubbish']) {
      await writeFile(lock(), holder);
      const release = await lockState(folder);
      expect(await readFile(lock(), 'utf8')).toBe(processIdentity(process.pid));
      await release();
    }
    expect(await readdir(folder)).toEqual([]);
  });

  test('goes to one of many that find the lock of a process that is gone', async () => {
    await writeFile(lock(), await goneProcess());
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => lockState(folder)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('the next start', () => {
  test('removes what launches that are gone have left, and nothing else', async () => {
    const now = Date.now();
    const old = new Date(now - 7_200_000);
    const owners = {
      'edge-reflection-gone': await goneProcess(),
      'edge-reflection-runs': processIdentity(process.pid),
      'edge-reflection-nameless-old': undefined,
      'edge-reflection-nameless-new': undefined,
      'another-program': await goneProcess(),
    };
    for (const [name, owner] of Object.entries(owners)) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'worker.env'), 'ADMIN_TOKEN=secret');
      if (owner !== undefined) await writeFile(join(folder, name, 'owner'), owner);
      if (name.endsWith('old')) await utimes(join(folder, name), old, old);
    }
    await removeLeftovers(folder, () => now);
    expect((await readdir(folder)).sort()).toEqual([
      'another-program',
      'edge-reflection-nameless-new',
      'edge-reflection-runs',
    ]);
  });
});
