/** What each target adds to a blocking answer: interleaved rounds in an order of chance, one request to each target in a round. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, type Client, expectStatus, type Question } from '../client.ts';
import { plainMock } from '../mock-settings.ts';
import type { LatencyRun } from '../results.ts';
import { shuffled } from '../statistics.ts';
import type { OurTarget } from '../targets/ours.ts';
import { type Bench, scaled, withTargets } from './bench.ts';

export const hitArm = 'edge-reflection, cache hit';
export const forgedArm = 'edge-reflection, forged key';
export const directStreamArm = 'direct, streamed';

interface Arm {
  readonly name: string;
  readonly question: Question;
  readonly status: number;
}

/** What follows an answer is over before the next request, so that no target pays for another's. */
const restMs = 2;

export async function measureLatency(bench: Bench): Promise<LatencyRun[]> {
  const entrypoint = await bench.startOurs({ modelCalls: 'entrypoint' });
  return measureBeside(bench, entrypoint).finally(() => entrypoint.stop());
}

function measureBeside(bench: Bench, entrypoint: OurTarget): Promise<LatencyRun[]> {
  return withTargets(bench, async (ours, portkey) => {
    const arms: readonly Arm[] = [
      ...[bench.direct, portkey, ours, entrypoint].map(({ name, blocking }) => ({
        name,
        question: blocking,
        status: 200,
      })),
      { name: directStreamArm, question: bench.direct.streaming, status: 200 },
    ];
    await bench.upstream.behave(plainMock);
    const own = [...arms, ...(await hitArmOf(bench, ours)), ...(await forgedArmOf(bench, ours))];
    const { rounds } = bench.options;
    const atOnce = await runRounds(bench, own, { delayMs: 0, rounds });
    const slower = await runRounds(bench, arms, { delayMs: 20, rounds: Math.ceil(rounds / 4) });
    return [atOnce, slower];
  });
}

async function hitArmOf({ client, say }: Bench, ours: OurTarget): Promise<Arm[]> {
  await client.ask(ours.hit);
  // The cache is written after the last byte.
  await pause(500);
  const again = expectStatus(await client.ask(ours.hit), 200, ours.name);
  if (/"cache":\{"status":"hit"/.test(again.text)) return [{ name: hitArm, question: ours.hit, status: 200 }];
  say('  No cache hit: that figure is left out.');
  return [];
}

async function forgedArmOf({ client, say }: Bench, { forged }: OurTarget): Promise<Arm[]> {
  const status = forged && (await client.ask(forged)).status;
  if (forged && status === 401) return [{ name: forgedArm, question: forged, status }];
  say('  No keys, or a forged one is let in: that figure is left out.');
  return [];
}

async function runRounds(
  bench: Bench,
  arms: readonly Arm[],
  { delayMs, rounds }: { readonly delayMs: number; readonly rounds: number },
): Promise<LatencyRun> {
  const { client, random, upstream } = bench;
  await upstream.behave({ ...plainMock, delayMs });
  for (let warm = 0; warm < scaled(bench, 200, 20); warm += 1) await askAll(client, arms);
  const times = new Map(arms.map(({ name }) => [name, [] as number[]]));
  const stages = new Map(arms.map(({ name }) => [name, new Map<string, number[]>()]));
  for (let round = 0; round < rounds; round += 1) {
    for (const arm of shuffled(arms, random)) {
      const answer = expectStatus(await client.ask(arm.question), arm.status, arm.name);
      times.get(arm.name)?.push(roundedToMicroseconds(answer.ms));
      for (const [stage, ms] of serverTiming(answer)) append(stages.get(arm.name), stage, ms);
      await pause(restMs);
    }
  }
  return {
    delayMs,
    arms: Object.fromEntries(times),
    stages: Object.fromEntries([...stages].map(([name, own]) => [name, Object.fromEntries(own)])),
  };
}

async function askAll(client: Client, arms: readonly Arm[]): Promise<void> {
  for (const { question } of arms) await client.ask(question);
}

/** The stages of a `Server-Timing` header: `run;dur=1.2, total;dur=3`. */
function serverTiming({ headers }: Answer): [stage: string, ms: number][] {
  const value = headers['server-timing'] ?? '';
  const text = typeof value === 'string' ? value : value.join(', ');
  return [...text.matchAll(/([\w-]+);dur=([\d.]+)/g)].map(([, stage = '', ms]) => [stage, Number(ms)]);
}

function append(lists: Map<string, number[]> | undefined, name: string, value: number): void {
  const list = lists?.get(name);
  if (list) list.push(value);
  else lists?.set(name, [value]);
}

export function roundedToMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
