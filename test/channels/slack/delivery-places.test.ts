/** What becomes of a run when people delete, archive and stop things meanwhile, and of what this service noted. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { SlackFault } from '../../support/slack-faults.ts';
import { goesOn, type RunLog, runLog, ShownRun, showing, standing } from './shown-run.ts';
import type { SlackWorld } from './slack-app.ts';
import { channel, slackWorld, team } from './slack-world.ts';

const answer = 'Wait, it is blue.';
const noStreams: SlackFault = { on: 'chat.startStream', answer: 'error', error: 'feature_not_enabled' };

let revised: RunLog;
beforeAll(async () => {
  revised = await runLog();
});

function expectOneAnswer(world: SlackWorld) {
  expect(showing(world, answer)).toHaveLength(1);
  expect(standing(world)).toHaveLength(1);
  expect(goesOn(world)).toBe(false);
}

function removeShown({ messages }: SlackWorld) {
  for (const message of messages.inChannel(channel)) if (message.bot !== null) messages.remove(message);
}

function roomOf({ messages }: SlackWorld) {
  const room = messages.channels.get(channel);
  if (!room) throw new Error('no room');
  return room;
}

/** What somebody does to the place of an answer, after which nobody sees it there. */
const losses: Readonly<Record<string, (world: SlackWorld) => void>> = {
  'the message is deleted': removeShown,
  'the channel is archived': (world) => {
    roomOf(world).archived = true;
  },
  'the bot leaves the channel': (world) => {
    roomOf(world).member = false;
  },
  'the app is removed': (world) => {
    world.double.workspace(team).revoked = true;
  },
};

describe.each([
  ['a stream', []],
  ['edits', [noStreams]],
] as const)('shown by %s', (_, faults) => {
  test.each(Object.entries(losses))('a run is abandoned where %s, and nothing is posted again', async (_name, lose) => {
    const world = slackWorld({ faults });
    const beforeLot = (index: number) => {
      if (index === 3) lose(world);
    };
    const run = new ShownRun(world, revised, { beforeLot });
    expect(await run.toItsEnd()).toEqual({ type: 'refused' });
    expect(run.progress).toBe('abandoned');
    expect(showing(world, 'Show reflection')).toEqual([]);
    expect(run.deliveries).toHaveLength(1);
  });

  test.each(Object.entries(losses))('an answer is given up where %s before it', async (_name, lose) => {
    const world = slackWorld({ faults });
    const run = new ShownRun(world, revised, { beforeDelivery: () => lose(world) });
    expect(await run.toItsEnd()).toEqual({ type: 'refused' });
    expect(run.progress).toBe('over');
    expect(run.logged).toEqual([{ level: 'warn', event: 'slack.answer_refused', reflection_id: 'refl_test' }]);
    expect(showing(world, 'Show reflection')).toEqual([]);
    expect(run.deliveries).toHaveLength(1);
  });

  test('notes that cannot be read post nothing again', async () => {
    for (const nth of [4, 5, 6, 7, 8]) {
      const world = slackWorld({ faults });
      const first = new ShownRun(world, revised, { loss: { at: 'call', nth, isDone: true } });
      void first.toItsEnd();
      await new Promise((resolve) => setTimeout(resolve, 20));
      const run = first.again({ notes: '{"version":9}' });
      expect(await run.toItsEnd()).toEqual({ type: 'delivered' });
      expectOneAnswer(world);
    }
  });

  test('calls keep the limits that Slack sets', async () => {
    const world = slackWorld({ faults });
    await new ShownRun(world, revised, { lotMs: 100 }).toItsEnd();
    expect(world.double.calls.filter(({ status }) => status === 429)).toEqual([]);
    const gap = faults.length > 0 ? 1_500 : 1_000;
    const shown = world.double.calls.filter(({ target }) => target === 'chat.update' || target === 'chat.appendStream');
    const gaps = shown.slice(1, -1).map(({ at }, index) => at - (shown[index]?.at ?? 0));
    expect(gaps.filter((between) => between < gap)).toEqual([]);
  });

  test('an answer that is delivered again stands once all the same', async () => {
    const world = slackWorld({ faults });
    const run = new ShownRun(world, { ...revised, record: { ...revised.record, output: `${answer} `.repeat(1_000) } });
    await run.toItsEnd();
    const before = standing(world).length;
    expect(before).toBeGreaterThan(1);
    expect(await run.delivered()).toEqual({ type: 'delivered' });
    expect(standing(world)).toHaveLength(before);
  });

  test('two runs of one thread each find what is theirs', async () => {
    const lost: SlackFault = { on: 'chat.startStream', answer: 'broken', when: 'after' };
    const lostPost: SlackFault = { on: 'chat.postMessage', answer: 'broken', when: 'after', nth: [1, 2] };
    const world = slackWorld({ faults: [...(faults.length > 0 ? faults : [lost]), lostPost] });
    const one = new ShownRun(world, revised);
    const other = one.again({}, { ...revised, record: { ...revised.record, id: 'refl_other' } });
    await Promise.all([one.toItsEnd(), other.toItsEnd()]);
    expect(showing(world, answer)).toHaveLength(2);
    expect(
      standing(world)
        .map(({ metadata }) => metadata?.event_payload['run'])
        .toSorted(),
    ).toEqual(['refl_other', 'refl_test']);
    expect(goesOn(world)).toBe(false);
  });
});

test('a stream that somebody stops goes on as edits of the same message', async () => {
  const world = slackWorld();
  const beforeLot = (index: number) => {
    const [message] = standing(world);
    if (index === 3) world.double.stopStreams(team, channel, message?.thread ?? '');
  };
  expect(await new ShownRun(world, revised, { beforeLot }).toItsEnd()).toEqual({ type: 'delivered' });
  expectOneAnswer(world);
  expect(world.double.callsOf('chat.update').length).toBeGreaterThan(1);
});

test('a stream that lasts too long goes on as edits of the same message', async () => {
  const world = slackWorld();
  expect(await new ShownRun(world, revised, { lotMs: 70_000 }).toItsEnd()).toEqual({ type: 'delivered' });
  expectOneAnswer(world);
  expect(world.double.callsOf('chat.update').length).toBeGreaterThan(1);
  expect(world.double.callsOf('assistant.threads.setStatus').length).toBeGreaterThan(2);
  expect(world.messages.statusOf(channel, standing(world)[0]?.thread ?? '')).toBeNull();
});

test('a stream shows the steps and the draft, and nothing that Slack would act upon', async () => {
  const world = slackWorld();
  const draft = 'Ask <!channel> & [them](https://example.com) or ![x](https://example.com/x.png).';
  const run = await runLog({ body: { strategy: 'direct' }, script: { draft } });
  const seen: string[] = [];
  const beforeLot = () => {
    seen.push(standing(world)[0]?.text ?? '');
  };
  await new ShownRun(world, run, { beforeLot }).toItsEnd();
  expect(seen.at(-1)?.replaceAll('\u2060', '')).toContain('Ask &lt;!channel&gt; &amp; [them](https://example.com)');
  expect(seen.join()).not.toMatch(/<|\]\(/);
  const tasks = world.double.calls.flatMap(({ arguments: given }) => String(given['chunks'] ?? '')).join();
  expect(tasks).toContain('"id":"refl_test:draft"');
});

test('an app that is no agent has a stop button of its own', async () => {
  const world = slackWorld({ faults: [{ on: 'agents.sessions.setStatus', answer: 'error', error: 'not_an_agent' }] });
  const buttons: boolean[] = [];
  const beforeLot = () => {
    buttons.push(JSON.stringify(standing(world)[0]?.blocks ?? []).includes('reflection_stop'));
  };
  await new ShownRun(world, revised, { beforeLot }).toItsEnd();
  expect(buttons.at(-1)).toBe(true);
  expectOneAnswer(world);
});

test.each(['msg_blocks_too_long', 'invalid_blocks'])(
  'an answer whose blocks are refused (%s) is shown without',
  async (error) => {
    const world = slackWorld({ faults: [{ on: 'chat.update', nth: 1, answer: 'error', error }] });
    expect(await new ShownRun(world, revised).toItsEnd()).toEqual({ type: 'delivered' });
    expect(standing(world)).toMatchObject([{ text: expect.stringContaining(answer), blocks: [] }]);
  },
);

test('storage that refuses a note posts nothing, and the answer is tried again', async () => {
  const world = slackWorld();
  const run = new ShownRun(world, revised, { refusedNotes: 2 });
  expect(await run.toItsEnd()).toEqual({ type: 'delivered' });
  expectOneAnswer(world);
});

test('an address that cannot be read is given up', async () => {
  const world = slackWorld();
  const run = new ShownRun(world, revised, { addressText: '{"team":1}' });
  expect(await run.toItsEnd()).toEqual({ type: 'refused' });
  expect(world.double.calls).toEqual([]);
});

test('a place that is closed only for a while is tried again', async () => {
  const faults: readonly SlackFault[] = [
    { on: 'chat.postMessage', nth: [1, 2], answer: 'error', error: 'some_reason' },
    noStreams,
  ];
  const world = slackWorld({ faults });
  expect(await new ShownRun(world, revised).toItsEnd()).toEqual({ type: 'delivered' });
  expectOneAnswer(world);
});

test.each([
  ['is silent', []],
  ['is silent after it took the first message', [{ on: 'chat.startStream', answer: 'silence', when: 'after' }]],
] as const)('the end of a run is seen within 20 s where Slack %s', async (_, first) => {
  const world = slackWorld({ faults: [...first, { on: '*', answer: 'silence', when: 'before' }] });
  const seen: number[] = [];
  const beforeLot = () => {
    seen.push(world.clock.now);
  };
  await new ShownRun(world, revised, { beforeLot, lotMs: 0 }).progressOnly();
  const waits = seen.slice(1).map((at, index) => at - (seen[index] ?? 0));
  expect(waits.length).toBeGreaterThan(3);
  expect(waits.filter((wait) => wait > 20_000)).toEqual([]);
});
