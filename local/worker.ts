/** The Worker on this machine: `wrangler dev` on loopback, with its store in a folder of this project. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Child, startChild } from './child.ts';
import { LaunchError } from './launch-error.ts';
import { ownRequestId, type WorkerLog } from './worker-log.ts';
import { projectFolder, wranglerEnvironment, wranglerScript } from './wrangler.ts';

export interface WorkerOptions {
  readonly port: number;
  /** Where KV and the Durable Objects keep their data. */
  readonly stateFolder: string;
  /** Wrangler's configuration. */
  readonly configFile: string;
  /** The file of variables for the Worker. */
  readonly envFile: string;
  /** False for the real Workers AI binding. */
  readonly local: boolean;
  /** The launch's private folder: Wrangler's own temporary files go there too, and it goes with the launch. */
  readonly temporary: string;
  readonly log: WorkerLog;
}

const preloads = ['exit-with-parent.ts', 'report-runtime.ts'].map((file) => new URL(file, import.meta.url).href);

const startLimitMs = 60_000;

/** How a Worker that runs is watched. */
export interface Watch {
  /** Between two looks. */
  readonly pauseMs: number;
  /** How long one look waits for an answer. */
  readonly limitMs: number;
  /** Looks without an answer, one after the other, that mean it is gone. */
  readonly misses: number;
}

/** Patient with a slow machine that works hard: 20 to 40 s without any answer. */
export const usualWatch: Watch = { pauseMs: 5000, limitMs: 5000, misses: 4 };

/** Starts the Worker; it may not answer yet. */
export function startWorker(options: WorkerOptions): Child {
  const { port, stateFolder, configFile, envFile, local, temporary, log } = options;
  const ownVars = join(projectFolder, '.dev.vars');
  const wordsOfWrangler = [
    // The entry is found from the configuration's folder unless it is named here.
    ...['dev', join(projectFolder, 'src', 'index.ts'), '--config', configFile],
    ...(local ? ['--local'] : []),
    ...['--ip', '127.0.0.1', '--port', String(port), '--persist-to', stateFolder],
    // With a file named here Wrangler no longer reads `.dev.vars` by itself. The later file wins.
    ...(existsSync(ownVars) ? ['--env-file', ownVars] : []),
    ...['--env-file', envFile],
    // Below this level the Worker's own entries are not shown.
    ...['--log-level', 'log', '--show-interactive-dev-session=false'],
  ];
  return startChild({
    name: 'the Worker',
    words: [...preloads.flatMap((file) => ['--import', file]), wranglerScript, ...wordsOfWrangler],
    cwd: projectFolder,
    // Without an account nothing may be asked; with one, `CI` would hide the login.
    environment: {
      ...wranglerEnvironment,
      ...(local ? { CI: '1' } : {}),
      LAUNCH_FOLDER: temporary,
      ...Object.fromEntries(['TMPDIR', 'TEMP', 'TMP'].map((name) => [name, temporary])),
    },
    onLine: log.take,
  });
}

/** Settles when the Worker answers `GET /health`. Throws a `LaunchError` when it ends, fails or stays silent. */
export async function workerReady(
  child: Child,
  address: string,
  signal: AbortSignal,
  limitMs = startLimitMs,
): Promise<void> {
  const gone = child.ended.then(() => 'ended' as const);
  const giveUpAt = Date.now() + limitMs;
  while (Date.now() < giveUpAt) {
    signal.throwIfAborted();
    const answer = await Promise.race([gone, probe(`${address}/health`)]);
    if (answer === 'ended') throw new LaunchError(`The Worker did not start.${lastWordsOf(child)}`);
    if (answer !== undefined && answer < 500) return;
    if (answer !== undefined)
      throw new LaunchError(`The Worker answers ${answer} to GET /health.${lastWordsOf(child)}`);
    // Wrangler waits for the source to be mended; a person who only wants to start it should hear at once.
    if (child.lastWords().includes('Build failed')) {
      await pause(200, undefined, { signal });
      throw new LaunchError(`The Worker could not be built.${lastWordsOf(child)}`);
    }
    await pause(50, undefined, { signal });
  }
  throw new LaunchError(`The Worker did not answer within ${limitMs / 1000} s.${lastWordsOf(child)}`);
}

/**
 * Looks at `GET /health` while the Worker runs: Wrangler stays when its runtime falls, and may never answer again. Settles with `silent`
 * when it no longer answers, whatever the status, and with undefined when `signal` is aborted.
 */
export async function workerSilent(
  child: Pick<Child, 'lastWords'>,
  address: string,
  signal: AbortSignal,
  { pauseMs, limitMs, misses }: Watch = usualWatch,
): Promise<'silent' | undefined> {
  let heard = child.lastWords();
  for (let missed = 0; missed < misses; ) {
    // Not a reason for this process to stay when all else has ended.
    await pause(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    const answer = await probe(`${address}/health`, AbortSignal.any([signal, AbortSignal.timeout(limitMs)]));
    if (signal.aborted) return undefined;
    if (answer !== undefined) {
      heard = child.lastWords();
      missed = 0;
    }
    // While a source cannot be built, Wrangler holds every call: somebody is at work on it.
    else if (!wordsSince(heard, child.lastWords()).includes('Build failed')) missed += 1;
  }
  return 'silent';
}

/** What was said after `before`; all of it when so much was said that the two no longer join. */
function wordsSince(before: string, now: string): string {
  return now.startsWith(before) ? now.slice(before.length) : now;
}

/** What the child said last, on lines of their own. */
export function lastWordsOf(child: Child): string {
  const words = child.lastWords();
  return words ? ` It said:\n${words}` : '';
}

/** The status of an answer, or undefined when there is none. */
async function probe(url: string, signal: AbortSignal = AbortSignal.timeout(5000)): Promise<number | undefined> {
  try {
    const response = await fetch(url, { headers: { 'x-request-id': ownRequestId }, signal });
    await response.body?.cancel();
    return response.status;
  } catch {
    return undefined;
  }
}
