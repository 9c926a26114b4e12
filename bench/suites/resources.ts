/** Processor time a request and memory, from `/proc`, for the whole process tree of each target. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Client, expectStatus, type Question } from '../client.ts';
import { plainMock } from '../mock-settings.ts';
import { treeUse } from '../processes.ts';
import type { Resources } from '../results.ts';
import type { Target } from '../targets/target.ts';
import { type Bench, scaled, withTargets } from './bench.ts';

const concurrency = 4;
const sampleMs = 100;

export async function measureResources(bench: Bench): Promise<Resources[]> {
  await bench.upstream.behave(plainMock);
  return withTargets(bench, async (ours, portkey) => {
    const requests = scaled(bench, 2000, 200);
    return [await use(bench, portkey, requests), await use(bench, ours, requests)];
  });
}

async function use({ client }: Bench, { name, program, blocking }: Target, requests: number): Promise<Resources> {
  if (!program) throw new Error(`${name} is no program of ours.`);
  const look = () => treeUse(program.pid);
  const { residentBytes: residentBefore } = look();
  // The first requests compile what all others use.
  await askMany(client, blocking, 50, name);
  const { cpuMs: before } = look();
  let residentMost = 0;
  const sampler = setInterval(() => {
    residentMost = Math.max(residentMost, look().residentBytes);
  }, sampleMs);
  await askMany(client, blocking, requests, name);
  clearInterval(sampler);
  // What follows the last answer belongs to it; then there is time to give memory back.
  await pause(1000);
  const { cpuMs: after } = look();
  await pause(4000);
  return {
    target: name,
    requests,
    cpuMsPerRequest: (after - before) / requests,
    residentBefore,
    residentMost,
    residentAfter: look().residentBytes,
  };
}

async function askMany(client: Client, question: Question, requests: number, name: string): Promise<void> {
  let left = requests;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      expectStatus(await client.ask(question), 200, name);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}
