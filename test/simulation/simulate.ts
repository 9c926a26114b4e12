/**
 * `npm run simulate`: lives through many worlds (`--seeds 1000000 --from 1`), on every processor or so many of them (`--threads 1`);
 * or through one, and tells its story (`--seed 12345`). `--regions` tells what a hit waits for, from how far.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { installInstantCrypto } from './instant-crypto.ts';
import { addCounts, liveThroughMany, type ManyTold, tellBroken } from './many-worlds.ts';
import { hitsFrom, regions, regionTable } from './regions.ts';
import { happenings, noCounts } from './story.ts';
import { liveThrough } from './world.ts';

/** Worlds that a thread lives through before it tells of them. */
const worldsATask = 1_000;

interface Task {
  readonly from: number;
  readonly count: number;
}

if (isMainThread) await main();
else await workOnTasks();

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      regions: { type: 'boolean', default: false },
      seed: { type: 'string' },
      seeds: { type: 'string', default: '10000' },
      from: { type: 'string', default: '1' },
      threads: { type: 'string', default: String(availableParallelism()) },
    },
  });
  if (values.regions) return console.log(regionTable(await Promise.all(regions.map(hitsFrom))));
  const holds =
    values.seed === undefined
      ? await liveThroughAll(Number(values.from), Number(values.seeds), Number(values.threads))
      : await tellStory(Number(values.seed));
  process.exitCode = holds ? 0 : 1;
}

async function tellStory(seed: number): Promise<boolean> {
  installInstantCrypto();
  const told = await liveThrough(seed);
  console.log(told.story.join('\n'));
  const holds = told.breaches.length === 0;
  console.log(`story ${told.hash}: ${holds ? 'every invariant holds' : `broken\n${tellBroken(told)}`}`);
  return holds;
}

async function liveThroughAll(from: number, seeds: number, threads: number): Promise<boolean> {
  const began = performance.now();
  const tasks = Array.from({ length: Math.ceil(seeds / worldsATask) }, (_, index): Task => {
    const first = index * worldsATask;
    return { from: from + first, count: Math.min(worldsATask, seeds - first) };
  });
  const counts = noCounts();
  let broken = 0;
  const take = (told: ManyTold): void => {
    addCounts(counts, told.counts);
    broken += told.broken.length;
    for (const world of told.broken) console.log(tellBroken(world));
  };
  await Promise.all(Array.from({ length: Math.min(threads, tasks.length) }, () => runThread(tasks, take)));
  const seconds = (performance.now() - began) / 1_000;
  for (const what of happenings) console.log(`${String(counts[what]).padStart(10)} ${what}`);
  console.log(`${seeds} worlds from seed ${from} in ${seconds.toFixed(0)} s, ${broken} of them broken`);
  return broken === 0;
}

/** One thread, until there are no tasks left. */
function runThread(tasks: Task[], take: (told: ManyTold) => void): Promise<void> {
  const thread = new Worker(new URL(import.meta.url), { workerData: tasks.shift() });
  return new Promise((resolve, reject) => {
    thread.on('error', reject);
    thread.on('message', (told: ManyTold) => {
      take(told);
      const task = tasks.shift();
      if (task) return thread.postMessage(task);
      void thread.terminate();
      resolve();
    });
  });
}

async function workOnTasks(): Promise<void> {
  const work = async ({ from, count }: Task): Promise<void> => {
    parentPort?.postMessage(await liveThroughMany(from, count));
  };
  parentPort?.on('message', work);
  await work(workerData);
}
