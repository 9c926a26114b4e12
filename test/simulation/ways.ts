/** The ways in which a visitor comes by the answer of its run: it waits, reads events, or asks again and again. */
import type { AccountId } from '../../src/accounts/accounts.ts';
import type { StartPorts } from '../../src/http/start-reflection.ts';
import { isTerminal } from '../../src/reflection/events.ts';
import type { Reflection } from '../../src/reflection/record.ts';
import type { RunAnswer } from '../../src/runs/runs.ts';
import { eventsIn } from '../support/event-frames.ts';
import type { Visit } from './plan.ts';
import type { Story } from './story.ts';
import type { Timeline } from './timeline.ts';
import type { Witness } from './witness.ts';

/** Who wants the answer, and what it is asked with. */
export interface Waiter {
  readonly account: AccountId;
  /** Lets time pass between what it reads. */
  readonly slow: boolean;
  readonly runs: StartPorts['runs'];
  readonly timeline: Timeline;
  readonly story: Story;
  readonly witness: Witness;
  hasLeft(): boolean;
  /** Undefined for what was lost on the way. */
  quietly<Answer>(work: () => Promise<Answer>): Promise<Answer | undefined>;
}

/** `answer`: what the run was begun with, where its caller waited for it. */
type Way = (waiter: Waiter, run: string, answer: RunAnswer | null) => Promise<Reflection | undefined>;

/** What has been read of a run's events. */
interface ReadSoFar {
  readonly last: number;
  readonly record: Reflection | undefined;
  /** False where there was nothing to follow. */
  readonly isThere: boolean;
}

/** A client asks again after this, and so often. */
const again = { afterMs: 500, times: 400 } as const;

export const ways = {
  wait: async ({ runs, account }, run, answer) => {
    if (answer && 'record' in answer) return JSON.parse(answer.record.json);
    return runs.ended(account, run);
  },
  stream,
  background: poll,
} as const satisfies Record<Visit['way'], Way>;

async function poll({ runs, account, timeline, hasLeft, quietly }: Waiter, run: string) {
  for (let times = 0; times < again.times && !hasLeft(); times += 1) {
    const record = await quietly(() => runs.read(account, run));
    if (record && record.status !== 'queued' && record.status !== 'running') return record;
    if (!record && times > 3) return undefined;
    await timeline.sleep(again.afterMs);
  }
  return undefined;
}

/** Reads to the end; broken off, it comes back and goes on after what it has. */
async function stream(waiter: Waiter, run: string, answer: RunAnswer | null) {
  const { timeline, story, hasLeft } = waiter;
  let last = 0;
  for (let times = 0; times < again.times && !hasLeft(); times += 1) {
    if (times > 0) {
      story.count('reader came back');
      await timeline.sleep(again.afterMs);
    }
    const read: ReadSoFar =
      times === 0 && answer && 'events' in answer
        ? await readEvents(waiter, run, 0, answer.events)
        : await readFrom(waiter, run, last);
    last = read.last;
    if (read.record || !read.isThere) return read.record;
  }
  return undefined;
}

async function readFrom(waiter: Waiter, run: string, after: number): Promise<ReadSoFar> {
  const following = await waiter.quietly(() => waiter.runs.follow(waiter.account, run, after));
  if (following instanceof ReadableStream) return readEvents(waiter, run, after, following);
  return { last: after, record: undefined, isThere: false };
}

async function readEvents(
  { witness, timeline, slow, hasLeft, quietly }: Waiter,
  run: string,
  after: number,
  bytes: ReadableStream<Uint8Array>,
): Promise<ReadSoFar> {
  let last = after;
  let record: Reflection | undefined;
  const reader = bytes.getReader();
  const decoder = new TextDecoder();
  await quietly(async () => {
    while (!hasLeft()) {
      const { value, done } = await reader.read();
      if (done) break;
      const events = eventsIn(decoder.decode(value));
      witness.read(run, last, events);
      const end = events.at(-1);
      if (end) last = end.id;
      if (end && isTerminal(end.type) && 'reflection' in end) record = end.reflection;
      if (slow) await timeline.sleep(300);
    }
    if (hasLeft()) await reader.cancel();
  });
  return { last, record, isThere: true };
}
