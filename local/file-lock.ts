/** One process at a time fetches a file: the others wait for it and then find it there. */
import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { systemCode } from './launch-error.ts';
import { isThere } from './process-identity.ts';

/** How often things happen, in milliseconds. */
export interface LockPace {
  readonly pollMs: number;
  /** Between two signs of life of the process that holds the lock. */
  readonly beatMs: number;
  /** Without a sign of life for this long, the lock is nobody's. */
  readonly stillMs: number;
}

const usualPace: LockPace = { pollMs: 300, beatMs: 2000, stillMs: 15_000 };

/** Runs `work` while holding the lock file `path`; `onWait` is told once when another process holds it. */
export async function withFileLock<Result>(
  path: string,
  signal: AbortSignal,
  onWait: () => void,
  work: () => Promise<Result>,
  { pollMs, beatMs, stillMs }: LockPace = usualPace,
): Promise<Result> {
  const isAbandoned = abandonment(path, Math.ceil(stillMs / pollMs));
  for (let told = false; !(await take(path)); ) {
    if (await isAbandoned()) {
      await rm(path, { force: true });
      continue;
    }
    if (!told) onWait();
    told = true;
    await pause(pollMs, undefined, { signal });
  }
  const beat = setInterval(() => void touch(path), beatMs);
  try {
    return await work();
  } finally {
    clearInterval(beat);
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

async function touch(path: string): Promise<void> {
  const now = new Date();
  // Somebody removed it: the work is checked at its end anyway.
  await utimes(path, now, now).catch(() => undefined);
}

/**
 * Tells, look after look, whether the process that took the lock is gone. Its number alone is no proof of life: after a restart of the
 * machine, and in each new container, another process may have it. So a lock that showed no sign of life for `stillLooks` looks is nobody's;
 * looks are counted rather than clocks compared, as a machine that slept would find every lock too old.
 */
function abandonment(path: string, stillLooks: number): () => Promise<boolean> {
  let seen: number | undefined;
  let still = 0;
  return async () => {
    const beat = (await stat(path).catch(() => undefined))?.mtimeMs;
    const holder = await readFile(path, 'utf8').catch(() => undefined);
    // Taken away in the meantime: ask again.
    if (beat === undefined || holder === undefined) return false;
    still = beat === seen ? still + 1 : 0;
    seen = beat;
    // An empty one is about to be written, unless its process died just then.
    return still >= stillLooks || (holder !== '' && !isRunning(Number(holder)));
  };
}

function isRunning(pid: number): boolean {
  return Number.isInteger(pid) && pid > 0 && isThere(pid);
}
