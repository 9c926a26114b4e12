/** A command under the limits that the operating system has for it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface SystemLimits {
  readonly cpuSeconds: number;
  /** Of data; Linux alone holds a process to it. */
  readonly megabytes: number;
}

const unshare = ['/usr/bin/unshare', '--net', '--map-root-user'];

let noNetwork: Promise<readonly string[]> | undefined;

/** The command and its words, as they are to be started. */
export async function guardedCommand(
  command: readonly string[],
  { cpuSeconds, megabytes }: SystemLimits,
): Promise<[string, ...string[]]> {
  const [first = '', ...rest] = command;
  if (process.platform === 'win32') return [first, ...rest];
  noNetwork ??= worksHere([...unshare, '/bin/true']).then((works) => (works ? unshare : []));
  const limits = [`-c 0`, `-f 0`, `-n 64`, `-t ${cpuSeconds}`, `-d ${megabytes * 1_024}`];
  // A limit that is not known here, or already lower, is no reason not to run.
  const script = `${limits.map((limit) => `ulimit ${limit} 2>&-;`).join(' ')} exec "$@"`;
  return ['/bin/sh', '-c', script, 'sh', ...(await noNetwork), ...command];
}

async function worksHere([file = '', ...words]: readonly string[]): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  try {
    const [exitCode] = await once(spawn(file, words, { stdio: 'ignore' }), 'close');
    return exitCode === 0;
  } catch {
    return false;
  }
}
