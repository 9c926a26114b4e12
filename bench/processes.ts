/** Programs under measurement: started, asked for by `/proc`, and stopped for certain. Linux only. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

export interface Program {
  readonly pid: number;
  /** From the start to the first answer, in milliseconds. */
  readonly startMs: number;
  stop(): Promise<void>;
}

export interface Start {
  readonly name: string;
  readonly command: string;
  readonly words: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Answers with a status below 500 once the program is ready. */
  readonly readyUrl: string;
}

const startLimitMs = 30_000;
const stopLimitMs = 3_000;

/** Starts a program and waits for its first answer. Throws with its last words when it ends or stays silent. */
export async function startProgram({ name, command, words, environment = {}, readyUrl }: Start): Promise<Program> {
  const startedAt = performance.now();
  const child = spawn(command, words, {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let said = '';
  const keep = (text: string) => {
    said = `${said}${text}`.slice(-2000);
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  let broken: Error | undefined;
  child.on('error', (error) => {
    broken = error;
  });
  const killWithUs = () => killGroup(child);
  process.once('exit', killWithUs);
  const stop = async () => {
    await endProcess(child);
    process.removeListener('exit', killWithUs);
  };
  while (performance.now() - startedAt < startLimitMs) {
    if (broken || child.exitCode !== null) break;
    if (await answers(readyUrl)) return { pid: child.pid ?? 0, startMs: performance.now() - startedAt, stop };
    await pause(4);
  }
  await stop();
  throw new Error(`${name} did not start. ${broken?.message ?? ''} ${said.trim()}`, { cause: broken });
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000), headers: { connection: 'close' } });
    await response.body?.cancel();
    return response.status < 500;
  } catch {
    return false;
  }
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const force = setTimeout(() => killGroup(child), stopLimitMs);
  await ended;
  clearTimeout(force);
  killGroup(child);
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in the group.
  }
}

/** What a process and its descendants hold and have used. */
export interface TreeUse {
  readonly residentBytes: number;
  /** User and system time so far. */
  readonly cpuMs: number;
}

const pageBytes = 4096;

export function treeUse(root: number): TreeUse {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(name) ?? []);
  const members = new Set([root]);
  for (let before = 0; before !== members.size; ) {
    before = members.size;
    for (const { pid, parent } of stats) if (members.has(parent)) members.add(pid);
  }
  const own = stats.filter(({ pid }) => members.has(pid));
  return {
    residentBytes: own.reduce((total, { residentBytes }) => total + residentBytes, 0),
    cpuMs: own.reduce((total, { cpuMs }) => total + cpuMs, 0),
  };
}

/**
 * Of all threads that are there, in nanoseconds by the scheduler's own count: the ticks of `stat` misreport programs that run for less than one.
 * https://docs.kernel.org/scheduler/sched-stats.html
 */
function cpuMsOf(pid: string): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.reduce((total, thread) => total + nanosecondsOf(`/proc/${pid}/task/${thread}/schedstat`), 0) / 1e6;
  } catch {
    // The process has just ended.
    return 0;
  }
}

function nanosecondsOf(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8').split(' ')[0]);
  } catch {
    // The thread has just ended.
    return 0;
  }
}

interface ProcessStat extends TreeUse {
  readonly pid: number;
  readonly parent: number;
}

function readStat(pid: string): ProcessStat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name in parentheses may hold anything, so fields are counted from behind it: state, parent, …
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  return {
    pid: Number(pid),
    parent: field(4),
    cpuMs: cpuMsOf(pid),
    residentBytes: field(24) * pageBytes,
  };
}
