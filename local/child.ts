/** A child process that is stopped for certain: asked first, with all that it started, and ended by force when it does not go. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Child {
  readonly name: string;
  readonly process: ChildProcess;
  /** Settles when the process has ended. */
  readonly ended: Promise<ChildEnd>;
  /** Asks it to stop; ends it and its descendants by force after `graceMs`. Settles when it has ended. */
  stop(graceMs?: number): Promise<void>;
  /** Ends it and its descendants at once. */
  kill(): void;
  /** The last of what it wrote. */
  lastWords(): string;
}

export interface ChildOptions {
  readonly name: string;
  /** What Node runs: its own options, the script, the script's words. */
  readonly words: readonly string[];
  readonly cwd: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Given each line that it writes; false keeps the line out of its last words. */
  readonly onLine?: (line: string, from: 'stdout' | 'stderr') => boolean;
}

export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const isWindows = process.platform === 'win32';

/** Starts Node with `words`. It leads a process group of its own, so that the terminal's Ctrl-C reaches only the launcher. */
export function startChild({ name, words, cwd, environment = {}, onLine }: ChildOptions): Child {
  const child = spawn(process.execPath, words, {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: !isWindows,
  });
  let output = '';
  const keep = (text: string) => {
    output = `${output}${text}`.slice(-4000);
  };
  for (const from of ['stdout', 'stderr'] as const) {
    const take = onLine ? byLine((line) => onLine(line, from) && keep(`${line}\n`)) : keep;
    child[from]?.setEncoding('utf8').on('data', take);
  }
  const ended = new Promise<ChildEnd>((resolve) => {
    child.on('exit', (code, signal) => resolve({ code, signal }));
    child.on('error', () => resolve({ code: null, signal: null }));
  });
  const isRunning = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const kill = () => {
    if (child.pid === undefined) return;
    if (isWindows) spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' });
    else killGroup(child.pid);
  };
  return {
    name,
    process: child,
    ended,
    kill,
    lastWords: () => output.trim(),
    async stop(graceMs = 1500) {
      if (isRunning()) {
        // Windows knows no gentle signal: the whole tree is ended there, while its root still names it.
        if (isWindows) kill();
        else child.kill('SIGTERM');
        const force = setTimeout(kill, graceMs);
        await ended;
        clearTimeout(force);
      }
      // What it started may outlive it when it fell; the group is its own, so nothing else is hit.
      kill();
    },
  };
}

/** Gives each whole line, whatever pieces it came in. */
function byLine(onLine: (line: string) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in the group.
  }
}

/** The first message that `read` understands, or undefined when the process ends before. */
export async function firstMessage<Message>(
  { process: child, ended }: Child,
  read: (value: unknown) => Message | undefined,
): Promise<Message | undefined> {
  const gone = new AbortController();
  void ended.then(() => gone.abort());
  for (;;) {
    const message = await once(child, 'message', { signal: gone.signal }).catch(() => undefined);
    if (!message) return undefined;
    const understood = read(message[0]);
    if (understood !== undefined) return understood;
  }
}
