/**
 * Who started this launch, up to npm, and whether they are still there. npm passes a SIGTERM only to the shell between, which ends without
 * a word to what it runs; a SIGKILL it cannot pass on at all.
 */
import { readFileSync } from 'node:fs';
import { platform } from 'node:process';

/** What is known about the machine's processes now. */
export interface ProcessTable {
  readonly own: number;
  parentOf(pid: number): number | undefined;
  /** Its command line, or undefined where that cannot be read. */
  commandOf(pid: number): string | undefined;
}

/** A process whose parent has ended gets another one. Windows alone keeps the old number, so there this sees nothing. */
const thisMachine: ProcessTable = {
  own: process.pid,
  parentOf: (pid) => (pid === process.pid ? process.ppid : readParent(pid)),
  commandOf: (pid) => readProcess(pid, 'cmdline'),
};

/**
 * `script` is the line that npm gave to its shell (`npm_lifecycle_script`). The answer tells, each time it is called, whether npm or that
 * shell has gone. What stands behind npm, such as a terminal, is not looked at.
 */
export function startersGone(script: string, processes: ProcessTable = thisMachine): () => boolean {
  const watched = [processes.own];
  const starter = processes.parentOf(processes.own);
  // Some shells give their place to the one command they are told: npm itself is the parent then.
  if (starter !== undefined && processes.commandOf(starter)?.includes(script)) watched.push(starter);
  const before = watched.map(processes.parentOf);
  return () => watched.some((pid, index) => processes.parentOf(pid) !== before[index]);
}

function readParent(pid: number): number | undefined {
  // The name in parentheses may hold anything, so the fields are counted from its end. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
  const parent = /.*\) \S (\d+)/s.exec(readProcess(pid, 'stat') ?? '')?.[1];
  return parent === undefined ? undefined : Number(parent);
}

/** Only Linux shows other processes as files; elsewhere the direct parent is all that is watched. */
function readProcess(pid: number, file: 'stat' | 'cmdline'): string | undefined {
  if (platform !== 'linux') return undefined;
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}
