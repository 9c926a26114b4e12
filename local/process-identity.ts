/** Which process a number means: numbers are given anew, so a number alone is no proof that a process lives. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { systemCode } from './launch-error.ts';

/**
 * The number of a process that runs, and when it began, in one line; undefined when there is none of that number. On Windows the number is
 * all there is.
 */
export function processIdentity(pid: number): string | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0 || !isThere(pid)) return undefined;
  if (process.platform === 'win32') return String(pid);
  const began = process.platform === 'linux' ? beganOnLinux(pid) : beganByPs(pid);
  return began === undefined ? undefined : `${pid} ${began}`;
}

/** Whether the process of this identity still runs. */
export function isAlive(identity: string): boolean {
  return identity !== '' && processIdentity(Number(identity.split(' ')[0])) === identity;
}

/** Whether some process has this number now. */
export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process answers EPERM: it is there.
    return systemCode(error) !== 'ESRCH';
  }
}

/** In clock ticks since the machine started; undefined for a process that has ended and waits for its parent to notice. */
function beganOnLinux(pid: number): string | undefined {
  try {
    // The name in parentheses may hold anything, so the fields are counted from its end. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function beganByPs(pid: number): string | undefined {
  const { status, stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    // Two launches must write the same moment in the same words.
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  });
  return status === 0 ? stdout.trim() || undefined : undefined;
}
