/** One process at a time fetches a file: the others wait for it and then find it there. */
import { open, readFile, rm, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { systemCode } from './launch-error.ts';

/** Runs `work` while holding the lock file `path`; `onWait` is told once when another process holds it. */
export async function withFileLock<Result>(
  path: string,
  signal: AbortSignal,
  onWait: () => void,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let told = false; !(await take(path)); ) {
    if (await isAbandoned(path)) {
      await rm(path, { force: true });
      continue;
    }
    if (!told) onWait();
    told = true;
    await pause(300, undefined, { signal });
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** True when the process that wrote the lock is gone. */
async function isAbandoned(path: string): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  // Taken away in the meantime: ask again.
  if (text === undefined) return false;
  // Not written yet, unless its process died between making the file and writing it.
  if (text === '') return Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now()) > 10_000;
  const pid = Number(text);
  if (!Number.isInteger(pid) || pid <= 0) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // Another user's process answers EPERM: it is alive.
    return systemCode(error) === 'ESRCH';
  }
}
