/** One launch at a time on one state folder: two runtimes on the same store would each answer from half of it. */
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LaunchError, systemCode } from './launch-error.ts';
import { isAlive, processIdentity } from './process-identity.ts';

/** How often an empty lock is looked at again: whoever made it is about to write its number. */
const emptyLooks = 5;

/**
 * Holds `folder` for this process until the answer is called. The lock of a process that is gone is taken over. Throws a `LaunchError` when
 * another launch has it.
 */
export async function lockState(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'launch.lock');
  const own = processIdentity(process.pid) ?? String(process.pid);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (let looks = 0; !(await take(path, own)); ) {
    const holder = await readFile(path, 'utf8').catch(() => undefined);
    if (holder === undefined) continue;
    if (holder === '' && looks < emptyLooks) {
      looks += 1;
      await pause(50);
    } else if (isAlive(holder)) throw inUse(folder, holder);
    else await setAside(path, holder);
  }
  return () => release(path, own);
}

function inUse(folder: string, holder: string): LaunchError {
  const [pid] = holder.split(' ');
  return new LaunchError(
    `The state in ${folder} is in use by another launch (process ${pid}): stop that one, or keep the state of this one elsewhere with --state FOLDER, or nowhere with --ephemeral.`,
  );
}

async function take(path: string, own: string): Promise<boolean> {
  try {
    await writeFile(path, own, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw new LaunchError(`${path} cannot be written (${systemCode(error)}).`, { cause: error });
  }
}

/** Removes a lock that holds these words still. Another start may have taken it over between the look and the removal: then it goes back. */
async function setAside(path: string, words: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
    if ((await readFile(aside, 'utf8')) !== words) await link(aside, path);
  } catch (error) {
    // Another start has set it aside, or has one of its own in place by now.
    if (systemCode(error) !== 'ENOENT' && systemCode(error) !== 'EEXIST') throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

async function release(path: string, own: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => undefined)) === own) await rm(path, { force: true });
}
