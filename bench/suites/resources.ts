/** Requests a second with so many at a time, and what they take: processor time and memory, from `/proc`, for the whole process tree of each target. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Client, expectStatus, type Question } from '../client.ts';
import { plainMock } from '../mock-settings.ts';
import { treeUse } from '../processes.ts';
import type { Resources } from '../results.ts';
import type { Target } from '../targets/target.ts';
import { type Bench, scaled, withTargets } from './bench.ts';

const concurrencies = [4, 16] as const;
const sampleMs = 100;

export async function measureResources(bench: Bench): Promise<Resources[]> {
  await bench.upstream.behave(plainMock);
  const entrypoint = await bench.startOurs({ modelCalls: 'entrypoint' });
  return withTargets(bench, async (ours, portkey) => {
    const requests = scaled(bench, 2000, 200);
    const used: Resources[] = [];
    for (const concurrency of concurrencies) {
      for (const target of [portkey, ours, entrypoint]) used.push(await use(bench, target, { requests, concurrency }));
    }
    return used;
  }).finally(() => entrypoint.stop());
}

interface Load {
  readonly requests: number;
  /** So many at a time. */
  readonly concurrency: number;
}

async function use({ client }: Bench, { name, program, blocking }: Target, load: Load): Promise<Resources> {
  const { requests, concurrency } = load;
  if (!program) throw new Error(`${name} is no program of ours.`);
  const look = () => treeUse(program.pid);
  const { residentBytes: residentBefore } = look();
  // The first requests compile what all others use.
  await askMany(client, blocking, { requests: 50, concurrency }, name);
  const { cpuMs: before } = look();
  let residentMost = 0;
  const sampler = setInterval(() => {
    residentMost = Math.max(residentMost, look().residentBytes);
  }, sampleMs);
  const startedAt = performance.now();
  await askMany(client, blocking, load, name);
  const seconds = (performance.now() - startedAt) / 1000;
  clearInterval(sampler);
  // What follows the last answer belongs to it; then there is time to give memory back.
  await pause(1000);
  const { cpuMs: after } = look();
  await pause(4000);
  return {
    target: name,
    requests,
    concurrency,
    requestsPerSecond: requests / seconds,
    cpuMsPerRequest: (after - before) / requests,
    residentBefore,
    residentMost,
    residentAfter: look().residentBytes,
  };
}

async function askMany(client: Client, question: Question, load: Load, name: string): Promise<void> {
  let left = load.requests;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      expectStatus(await client.ask(question), 200, name);
    }
  };
  await Promise.all(Array.from({ length: load.concurrency }, worker));
}
