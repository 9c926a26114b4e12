/** How many requests a second each target takes while 99 of 100 answers stay within a bound. Open loop: a late answer holds no later request back. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Client, Question } from '../client.ts';
import { plainMock } from '../mock-settings.ts';
import type { Frontier, FrontierStep } from '../results.ts';
import { percentile, shuffled } from '../statistics.ts';
import type { OurTarget } from '../targets/ours.ts';
import { type Bench, withTargets } from './bench.ts';
import { hitArm } from './latency.ts';

const boundsMs = [10, 25, 50, 100] as const;
const rates = [25, 50, 75, 100, 150, 200, 300, 400, 600, 800, 1200, 1600, 2400, 3200] as const;
/** A target that is this late, or fails, is not asked for more. */
const giveUpMs = 250;

interface Runner {
  readonly name: string;
  readonly question: Question;
  done: boolean;
}

export function measureFrontier(bench: Bench): Promise<Frontier> {
  return withTargets(bench, async (ours, portkey) => {
    await bench.upstream.behave(plainMock);
    const runners: Runner[] = [bench.direct, portkey, ours].map(({ name, blocking }) => ({
      name,
      question: blocking,
      done: false,
    }));
    if (await hits(bench.client, ours)) runners.push({ name: hitArm, question: ours.hit, done: false });
    for (const { question } of runners) await runRate(bench.client, question, 25, 1);
    const steps: FrontierStep[] = [];
    for (const rate of rates) {
      for (const runner of shuffled(runners, bench.random)) {
        if (runner.done) continue;
        const step = {
          target: runner.name,
          rate,
          ...(await runRate(bench.client, runner.question, rate, bench.options.quick ? 1 : 4)),
        };
        steps.push(step);
        runner.done = step.failed > 0 || step.p99 > giveUpMs;
        // What the last step left behind is not the next one's to pay for.
        await pause(300);
      }
    }
    return { boundsMs, steps };
  });
}

async function hits(client: Client, { hit }: OurTarget): Promise<boolean> {
  await client.ask(hit);
  await pause(500);
  return /"cache":\{"status":"hit"/.test((await client.ask(hit)).text);
}

/** Asks at an even rate; latency counts from the moment at which a request was due, sent or not. */
async function runRate(
  client: Client,
  question: Question,
  rate: number,
  seconds: number,
): Promise<Pick<FrontierStep, 'asked' | 'failed' | 'p50' | 'p99'>> {
  const total = Math.ceil(rate * seconds);
  const startedAt = performance.now();
  const latencies: number[] = [];
  let failed = 0;
  const answers: Promise<void>[] = [];
  for (let sent = 0; sent < total; ) {
    const due = startedAt + (sent * 1000) / rate;
    if (performance.now() < due) {
      await pause(1);
      continue;
    }
    sent += 1;
    answers.push(
      client.ask(question).then(
        ({ status }) => {
          if (status !== 200) failed += 1;
          latencies.push(performance.now() - due);
        },
        () => {
          failed += 1;
        },
      ),
    );
  }
  await Promise.all(answers);
  return { asked: total, failed, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
}
