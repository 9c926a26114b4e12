/** The Worker on this machine: `wrangler dev` on loopback, with its store in a folder of this project. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Child, startChild } from './child.ts';
import { LaunchError } from './launch-error.ts';
import { projectFolder, wranglerEnvironment, wranglerScript } from './wrangler.ts';

export interface WorkerOptions {
  readonly port: number;
  /** Where KV and the Durable Objects keep their data. */
  readonly stateFolder: string;
  /** The file of variables for the Worker. */
  readonly envFile: string;
  /** False for the real Workers AI binding. */
  readonly local: boolean;
}

const startLimitMs = 60_000;

/** Starts the Worker; it may not answer yet. */
export function startWorker({ port, stateFolder, envFile, local }: WorkerOptions): Child {
  const ownVars = join(projectFolder, '.dev.vars');
  const wordsOfWrangler = [
    'dev',
    ...(local ? ['--local'] : []),
    ...['--ip', '127.0.0.1', '--port', String(port), '--persist-to', stateFolder],
    // With a file named here Wrangler no longer reads `.dev.vars` by itself. The later file wins.
    ...(existsSync(ownVars) ? ['--env-file', ownVars] : []),
    ...['--env-file', envFile],
    ...['--log-level', 'error', '--show-interactive-dev-session=false'],
  ];
  return startChild({
    name: 'the Worker',
    words: ['--import', new URL('exit-with-parent.ts', import.meta.url).href, wranglerScript, ...wordsOfWrangler],
    cwd: projectFolder,
    // Without an account nothing may be asked; with one, `CI` would hide the login.
    environment: { ...wranglerEnvironment, ...(local ? { CI: '1' } : {}) },
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

/** What the child said last, on lines of their own. */
export function lastWordsOf(child: Child): string {
  const words = child.lastWords();
  return words ? ` It said:\n${words}` : '';
}

async function probe(url: string): Promise<number | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    await response.body?.cancel();
    return response.status;
  } catch {
    return undefined;
  }
}
