/** What each target adds to a stream: the first word, every word's travel, and whether all came; alone, a hundred at a time, and two hundred. */
import { setTimeout as pause } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import type { Client, Question } from '../client.ts';
import { type MockSettings, machineMicroseconds, plainMock, readStamps } from '../mock-settings.ts';
import type { StreamFigures, StreamRun } from '../results.ts';
import { shuffled } from '../statistics.ts';
import type { Target } from '../targets/target.ts';
import { type Bench, scaled, withTargets } from './bench.ts';
import { roundedToMicroseconds } from './latency.ts';

interface WatchedStream {
  readonly firstTokenMs: number | null;
  readonly lostFrames: number;
  readonly travelMs: readonly number[];
  readonly failed: boolean;
}

/** The pace of a quick model. */
const paced: MockSettings = { ...plainMock, words: 150, gapMs: 20, stamped: true };
/** Streams begin one after the other within this time, and then all run: people do not ask in the same millisecond. */
const allStartedMs = 2_000;

export function measureStreams(bench: Bench): Promise<StreamRun[]> {
  return withTargets(bench, async (ours, portkey) => {
    const short: MockSettings = { ...paced, words: 16 };
    const targets = [bench.direct, ours, ...((await canStream(bench, portkey)) ? [portkey] : [])];
    const chat: Target = { ...ours, name: `${ours.name}, chat completions`, streaming: ours.chatStreaming };
    return [
      await runStreams(bench, [...targets, chat], { mock: short, concurrency: 1, batches: scaled(bench, 200, 10) }),
      await runStreams(bench, targets, { mock: paced, concurrency: 100, batches: scaled(bench, 5, 1) }),
      await runStreams(bench, targets, { mock: paced, concurrency: 200, batches: scaled(bench, 3, 1) }),
    ];
  });
}

async function canStream({ client, upstream, say }: Bench, { name, streaming }: Target): Promise<boolean> {
  await upstream.behave(plainMock);
  const { status, text } = await client.ask(streaming);
  if (status === 200 && text.includes('[DONE]')) return true;
  say(`  ${name} answers ${status} to a streamed request: it is left out here.`);
  return false;
}

interface StreamPlan {
  readonly mock: MockSettings;
  readonly concurrency: number;
  readonly batches: number;
}

async function runStreams(bench: Bench, targets: readonly Target[], plan: StreamPlan): Promise<StreamRun> {
  const { client, random, upstream } = bench;
  const { mock, concurrency, batches } = plan;
  await upstream.behave(mock);
  const watched = new Map(targets.map(({ name }) => [name, [] as WatchedStream[]]));
  for (const target of targets) await batchOf(client, target, plan);
  for (let batch = 0; batch < batches; batch += 1) {
    for (const target of shuffled(targets, random)) {
      watched.get(target.name)?.push(...(await batchOf(client, target, plan)));
    }
  }
  const figures = [...watched].map(([name, streams]): [string, StreamFigures] => [name, figuresOf(streams)]);
  return { concurrency, words: mock.words, gapMs: mock.gapMs, targets: Object.fromEntries(figures) };
}

function batchOf(client: Client, { streaming }: Target, { mock, concurrency }: StreamPlan): Promise<WatchedStream[]> {
  return Promise.all(
    Array.from({ length: concurrency }, async (_, index) => {
      await pause((index * allStartedMs) / concurrency);
      return watch(client, streaming, mock.words);
    }),
  );
}

function figuresOf(streams: readonly WatchedStream[]): StreamFigures {
  return {
    streams: streams.length,
    failed: streams.filter(({ failed }) => failed).length,
    lostFrames: streams.reduce((total, { lostFrames }) => total + lostFrames, 0),
    firstTokenMs: streams.map(({ firstTokenMs }) => firstTokenMs),
    travelMs: streams.flatMap(({ travelMs }) => travelMs),
  };
}

/** Follows one stream to its end. Words count where they first come: the record at the end of ours, which repeats them, is passed over. */
async function watch(client: Client, question: Question, words: number): Promise<WatchedStream> {
  const startedAt = performance.now();
  const travelMs: number[] = [];
  let firstTokenMs: number | null = null;
  let next = 0;
  let lastId = 0;
  let gaps = 0;
  let rest = '';
  let ended = false;
  const parser = createParser({
    onEvent({ id, event, data }) {
      if (id !== undefined) {
        gaps += Number(id) === lastId + 1 ? 0 : 1;
        lastId = Number(id);
      }
      ended ||= event === 'run.completed' || data === '[DONE]';
      if (event === 'run.completed') return;
      const read = readStamps(rest + data);
      rest = read.rest;
      const now = machineMicroseconds();
      for (const { index, writtenAt } of read.stamps) {
        if (index !== next) continue;
        next += 1;
        firstTokenMs ??= roundedToMicroseconds(performance.now() - startedAt);
        travelMs.push((now - writtenAt) / 1000);
      }
    },
  });
  const { status } = await client.ask(question, (text) => parser.feed(text));
  return { firstTokenMs, travelMs, lostFrames: words - next + gaps, failed: status !== 200 || !ended };
}
