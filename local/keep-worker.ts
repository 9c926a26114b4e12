/** A Worker that fell is started again, on the same port and the same store, as long as that is no endless loop. */
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod/mini';
import type { Child } from './child.ts';
import { findPort } from './free-port.ts';
import { LaunchError } from './launch-error.ts';
import type { Session } from './session.ts';
import { lastWordsOf, workerReady, workerSilent } from './worker.ts';

/** Falls within this time that are too many. */
const mostFalls = 5;
const withinMs = 60_000;

/** How long a port may stay taken by a process that was just ended. */
const portLimitMs = 5000;

export interface KeptWorker {
  /** The one that runs. */
  readonly first: Child;
  /** Starts another one; it may not answer yet. */
  readonly start: () => Child;
  readonly port: number;
  /** Where it answers. */
  readonly address: string;
  readonly say: (line: string) => void;
}

/** Settles with another child of the session that ended by itself, or with undefined when the session ends. Throws a `LaunchError` when it gives up. */
export async function keepWorker(kept: KeptWorker, session: Session): Promise<Child | undefined> {
  const { start, port, address, say } = kept;
  let worker = kept.first;
  let falls: readonly number[] = [];
  for (let isReady = true; ; ) {
    const fall = await firstFall(worker, address, session, isReady);
    if (session.signal.aborted) return undefined;
    if (fall === 'ready') {
      isReady = true;
      say('The Worker answers again.');
      continue;
    }
    if (typeof fall !== 'string') return fall;
    const now = performance.now();
    falls = [...falls, now].filter((at) => now - at < withinMs);
    if (falls.length > mostFalls) {
      throw new LaunchError(
        `Stopped, because the Worker fell ${falls.length} times within a minute (${fall}).${lastWordsOf(worker)}`,
      );
    }
    say(`The Worker fell (${fall}): it is started again …`);
    worker.kill();
    await worker.ended;
    session.remove(worker);
    await portFreed(port, session.signal);
    if (session.signal.aborted) return undefined;
    worker = start();
    session.add(worker);
    isReady = false;
  }
}

/** Why it fell, in a few words; `ready` when one that was starting answers; another child when that ended. */
async function firstFall(
  worker: Child,
  address: string,
  session: Session,
  isReady: boolean,
): Promise<string | Child | undefined> {
  const over = new AbortController();
  const signal = AbortSignal.any([session.signal, over.signal]);
  try {
    return await Promise.race([
      session.firstEnd().then(async (child) => (child === worker ? endOf(child) : child)),
      runtimeEnd(worker, signal),
      isReady
        ? workerSilent(worker, address, signal).then((silent) => silent && 'it no longer answers')
        : restarted(worker, address, signal),
    ]);
  } catch (error) {
    if (session.signal.aborted) return undefined;
    throw error;
  } finally {
    over.abort();
  }
}

async function restarted(worker: Child, address: string, signal: AbortSignal): Promise<string> {
  try {
    await workerReady(worker, address, signal);
    return 'ready';
  } catch (error) {
    // One that ended on its way up is one more fall.
    if (worker.process.exitCode === null && worker.process.signalCode === null) throw error;
    return endOf(worker);
  }
}

async function endOf({ ended, name }: Child): Promise<string> {
  const { code, signal } = await ended;
  return `${name} ended by itself, ${signal ?? `code ${code ?? 'unknown'}`}`;
}

const report = z.object({ runtimeEnded: z.string() });

/** What `report-runtime.ts` tells from inside Wrangler's process. */
function runtimeEnd({ process: child }: Child, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const listen = (message: unknown): void => {
      const read = report.safeParse(message);
      if (read.success) resolve(`its runtime ended, ${read.data.runtimeEnded}`);
    };
    child.on('message', listen);
    signal.addEventListener('abort', () => child.off('message', listen), { once: true });
  });
}

async function portFreed(port: number, signal: AbortSignal): Promise<void> {
  const giveUpAt = performance.now() + portLimitMs;
  while (!signal.aborted) {
    try {
      await findPort(port);
      return;
    } catch (error) {
      if (performance.now() > giveUpAt) throw error;
    }
    await pause(50);
  }
}
