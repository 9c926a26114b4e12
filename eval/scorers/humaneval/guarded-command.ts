/** A command under the limits that the operating system has for it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface SystemLimits {
  readonly cpuSeconds: number;
  /** Of data; Linux alone holds a process to it. */
  readonly megabytes: number;
}

const noNetwork = ['/usr/bin/unshare', '--net', '--map-root-user'];
const endsWithParent = ['/usr/bin/setpriv', '--no-new-privs', '--pdeathsig', 'KILL'];
const noRights = ['--inh-caps=-all', '--bounding-set=-all'];

/** The best first. In a namespace of its own a process is root, so that its rights have to be taken from it. */
const guards: readonly (readonly string[])[] = [
  [...noNetwork, ...endsWithParent, ...noRights],
  noNetwork,
  endsWithParent,
];

let guard: Promise<readonly string[]> | undefined;

/** The command and its words, as they are to be started. */
export async function guardedCommand(
  command: readonly string[],
  { cpuSeconds, megabytes }: SystemLimits,
): Promise<[string, ...string[]]> {
  const [first = '', ...rest] = command;
  if (process.platform === 'win32') return [first, ...rest];
  guard ??= bestGuard();
  const limits = ['-c 0', '-f 0', '-n 64', `-t ${cpuSeconds}`, `-d ${megabytes * 1_024}`];
  // A limit that is not known here, or already lower, is no reason not to run.
  const script = `${limits.map((limit) => `ulimit ${limit} 2>&-;`).join(' ')} exec "$@"`;
  return ['/bin/sh', '-c', script, 'sh', ...(await guard), ...command];
}

async function bestGuard(): Promise<readonly string[]> {
  if (process.platform !== 'linux') return [];
  for (const words of guards) if (await works([...words, '/bin/true'])) return words;
  return [];
}

async function works([file = '', ...words]: readonly string[]): Promise<boolean> {
  try {
    const [exitCode] = await once(spawn(file, words, { stdio: 'ignore' }), 'close');
    return exitCode === 0;
  } catch {
    return false;
  }
}
