/**
 * Runs Python that nobody has read, each program in a process and an interpreter of its own. What stops what:
 *
 * - WebAssembly: Python (Pyodide, that is CPython) has memory, files, clock and randomness that are its own; it has no system calls of the host.
 * - `closed-python.ts`: nothing that leads to JavaScript, sockets or raw memory. `python-process.ts`: no input; output thrown away; files and pipes bounded.
 * - `close-host.ts` and a module hook, should a program get to JavaScript: no `fetch`, no `WebSocket`, no `process`, no `require`, no import, none of `ws`
 *   by which Emscripten's sockets would go out; `--disallow-code-generation-from-strings`: no `eval`, no `Function`.
 * - `--permission`, should it get to Node: no files but Pyodide's and the process's own code, none to write, no processes, threads or add-ons; no environment.
 * - The operating system (`guarded-command.ts`): no network (`unshare --net`, on Linux where users may make namespaces), no rights and no life beyond that of
 *   who started it (`setpriv`, Linux), no data beyond a limit (`ulimit -d`, Linux), no file written (`ulimit -f`), processor time (`ulimit -t`), few open
 *   files, no core dump.
 * - V8: `--max-old-space-size` bounds JavaScript, `--wasm-max-mem-pages` Python.
 * - Here: SIGKILL when the time is over, and when the verdict has come.
 *
 * On Windows and macOS the layers of the operating system are fewer: there nothing but the four above stands between a program and the network.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import { guardedCommand } from './guarded-command.ts';

/** Parts of Python source. They run one after the other in one namespace, and each must be a whole of its own. */
export type PythonProgram = readonly string[];

export interface PythonLimits {
  /** Of the clock, from when the program begins. */
  readonly seconds: number;
  /** Of Python's own memory, with the interpreter's 30. */
  readonly megabytes: number;
}

/** HumanEval gives its programs 3 s; WebAssembly is several times slower, and so may the machine be. */
export const usualLimits: PythonLimits = { seconds: 10, megabytes: 512 };

/** `passed`: every part ran to its end. `broken`: the sandbox is, so that nothing is known of the program. `message` is the last line of the error. */
const result = z.object({
  outcome: z.enum(['passed', 'failed', 'timed out', 'out of memory', 'broken']),
  message: z.string(),
});

export type PythonResult = Readonly<z.output<typeof result>>;

type PythonProcess = ChildProcessByStdio<Writable, Readable, Readable>;

const pyodide = dirname(fileURLToPath(import.meta.resolve('pyodide')));
const code = ['python-process.ts', 'closed-python.ts', 'close-host.ts', 'limit-files.ts'].map((name) =>
  join(import.meta.dirname, name),
);

const loadSeconds = 60;
const mostVerdictBytes = 10_000;

let snapshot: Promise<Buffer> | undefined;
let running = 0;
const waiting: (() => void)[] = [];

/** Never throws for what a program does. As many run at a time as the machine has processors: their time limit is one of the clock. */
export async function runPython(program: PythonProgram, limits: PythonLimits = usualLimits): Promise<PythonResult> {
  if (running >= availableParallelism()) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    snapshot ??= makeSnapshot();
    return await runIn(await start(limits, (await snapshot).length), await snapshot, program, limits);
  } catch (error) {
    snapshot = undefined;
    return { outcome: 'broken', message: error instanceof Error ? error.message : String(error) };
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

async function start({ seconds, megabytes }: PythonLimits, snapshotBytes: number): Promise<PythonProcess> {
  const [file, ...words] = await guardedCommand(
    [
      process.execPath,
      '--permission',
      ...[join(pyodide, '/'), ...code].map((path) => `--allow-fs-read=${path}`),
      '--disallow-code-generation-from-strings',
      '--max-old-space-size=256',
      `--wasm-max-mem-pages=${megabytes * 16}`,
      code[0] ?? '',
      join(pyodide, '/'),
      String(snapshotBytes),
    ],
    { cpuSeconds: seconds + loadSeconds, megabytes: megabytes + 1_024 },
  );
  return spawn(file, words, { env: {}, cwd: pyodide, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
}

/** The memory of an interpreter that has started, so that others need not: 31 MB in 1.5 s, and then 0.3 s each. */
async function makeSnapshot(): Promise<Buffer> {
  const child = await start(usualLimits, 0);
  const killer = setTimeout(() => child.kill('SIGKILL'), loadSeconds * 1_000);
  child.stdin.end();
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const { problem, exitCode } = await ended(child);
  clearTimeout(killer);
  if (exitCode !== 0) throw new Error(`Python does not start: ${problem}`);
  return Buffer.concat(chunks);
}

async function runIn(
  child: PythonProcess,
  memory: Buffer,
  program: PythonProgram,
  { seconds }: PythonLimits,
): Promise<PythonResult> {
  let state: 'loading' | 'running' | 'timed out' = 'loading';
  let said = '';
  const kill = (): void => {
    if (state === 'running') state = 'timed out';
    child.kill('SIGKILL');
  };
  let killer = setTimeout(kill, loadSeconds * 1_000);
  // It may end before it has read all.
  child.stdin.on('error', () => undefined);
  child.stdin.write(memory);
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
    if (state === 'loading' && said.startsWith('ready\n')) {
      state = 'running';
      clearTimeout(killer);
      killer = setTimeout(kill, seconds * 1_000);
      child.stdin.end(JSON.stringify(program));
    }
    if (said.indexOf('\n', 'ready\n'.length) > 0 || said.length > mostVerdictBytes) child.kill('SIGKILL');
  });
  const { problem, signal } = await ended(child);
  clearTimeout(killer);
  const verdict = verdictOf(said.slice('ready\n'.length));
  if (verdict) return verdict;
  if (state === 'loading') throw new Error(`Python does not start: ${problem}`);
  if (state === 'timed out' || signal === 'SIGXCPU') return { outcome: 'timed out', message: `more than ${seconds} s` };
  if (/out of memory|allocation failed/i.test(problem)) return { outcome: 'out of memory', message: problem };
  return { outcome: 'failed', message: `The interpreter ended (${signal ?? 'by itself'}): ${problem}` };
}

function verdictOf(line: string): PythonResult | undefined {
  try {
    return result.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

async function ended(
  child: PythonProcess,
): Promise<{ problem: string; exitCode: number | null; signal: string | null }> {
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => {
    told = `${told}${chunk.toString('utf8')}`.slice(0, 4_000);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, signal) => {
      resolve({ problem: (/^FATAL ERROR: .*$/m.exec(told)?.[0] ?? told.trim()).slice(0, 300), exitCode, signal });
    });
  });
}
