/** What one request really does in the runtime, counted by the counting build: rows, calls to objects, and writes that something had to wait for. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Client, expectStatus, type Question } from '../client.ts';
import { countMarks, stepsOf } from '../counted.ts';
import { type Mark, marksPath } from '../marks.ts';
import { plainMock } from '../mock-settings.ts';
import type { CountedCase } from '../results.ts';
import type { OurTarget } from '../targets/ours.ts';
import { prompt } from '../targets/target.ts';
import { type Bench, scaled } from './bench.ts';

/** Everything that follows an answer (the settlement, the cache entry, the last batch) is over after this. */
const aftermathMs = 400;

export async function measureCounts(
  bench: Pick<Bench, 'options' | 'client' | 'upstream' | 'startOurs'>,
): Promise<CountedCase[]> {
  await bench.upstream.behave(plainMock);
  const ours = await bench.startOurs({ counting: true });
  try {
    const requests = scaled(bench, 40, 5);
    const direct = { strategy: 'direct' };
    const cases: readonly (readonly [string, (index: number) => Question])[] = [
      ['blocking, not cached', () => ours.blocking],
      ['blocking, then cached', (index) => ours.ask({ ...direct, input: `${prompt} (${index})` })],
      ['blocking, cache hit', () => ours.ask({ ...direct, input: `${prompt} (0)` })],
      ['streamed, not cached', () => ours.streaming],
    ];
    const counted: CountedCase[] = [];
    for (const [name, question] of cases)
      counted.push(await countCase(bench.client, ours, { name, question, requests }));
    return counted;
  } finally {
    await ours.stop();
  }
}

interface Case {
  readonly name: string;
  readonly question: (index: number) => Question;
  readonly requests: number;
}

async function countCase(client: Client, ours: OurTarget, { name, question, requests }: Case): Promise<CountedCase> {
  // The first in an isolate does more: it learns what later ones remember.
  await client.ask(question(0));
  await pause(aftermathMs);
  await takeMarks(client, ours);
  const all: Mark[][] = [];
  for (let index = 1; index <= requests; index += 1) {
    expectStatus(await client.ask(question(index)), 200, ours.name);
    await pause(aftermathMs);
    all.push(await takeMarks(client, ours));
  }
  const steps: Record<string, number[]> = {};
  for (const marks of all) {
    for (const [step, ms] of stepsOf(marks)) steps[step] = [...(steps[step] ?? []), ms];
  }
  return { name, requests: all.map(countMarks), steps };
}

async function takeMarks(client: Client, { address }: OurTarget): Promise<Mark[]> {
  const { text } = await client.ask({ url: `${address}${marksPath}`, headers: {}, body: '' });
  return JSON.parse(text);
}
