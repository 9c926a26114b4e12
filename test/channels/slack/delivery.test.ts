/** A run shown in Slack's threads, with everything that goes wrong between: the answer stands there once, and nothing is left that says that it goes on. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { SlackFault, SlackTarget } from '../../support/slack-faults.ts';
import { goesOn, type Loss, type RunLog, runLog, ShownRun, showing, standing } from './shown-run.ts';
import { slackWorld } from './slack-world.ts';

const words = (count: number) => Array.from({ length: count }, (_, index) => `word${index}`).join(' ');

/** Slack's refusal to stream, so that the run is shown by edits. */
const noStreams: SlackFault = { on: 'chat.startStream', answer: 'error', error: 'feature_not_enabled' };
const modes = { 'by a stream': [], 'by edits': [noStreams] } as const satisfies Readonly<
  Record<string, readonly SlackFault[]>
>;

type FaultOf = (on: SlackTarget, nth: number) => SlackFault;
const kinds: Readonly<Record<string, FaultOf>> = {
  'fails before': (on, nth) => ({ on, nth, answer: 'status', status: 500, when: 'before' }),
  'fails after it was done': (on, nth) => ({ on, nth, answer: 'status', status: 502, when: 'after' }),
  'breaks before': (on, nth) => ({ on, nth, answer: 'broken', when: 'before' }),
  'breaks after it was done': (on, nth) => ({ on, nth, answer: 'broken', when: 'after' }),
  'is not answered': (on, nth) => ({ on, nth, answer: 'silence', when: 'before' }),
  'is done and not answered': (on, nth) => ({ on, nth, answer: 'silence', when: 'after' }),
  'comes too often': (on, nth) => ({ on, nth, answer: 'rate_limited', retryAfterSeconds: 20 }),
  'is refused': (on, nth) => ({ on, nth, answer: 'error', error: 'some_reason' }),
  'is refused for an inner error': (on, nth) => ({ on, nth, answer: 'error', error: 'internal_error' }),
};
const targets: readonly SlackTarget[] = [
  'agents.sessions.setStatus',
  'assistant.threads.setStatus',
  'chat.startStream',
  'chat.appendStream',
  'chat.stopStream',
  'chat.postMessage',
  'chat.update',
  'conversations.replies',
];

const short = 'possibly green. Wait, it is blue.';
let revised: RunLog;
let long: RunLog;

beforeAll(async () => {
  revised = await runLog();
  long = { ...revised, record: { ...revised.record, output: words(4_000) } };
});

/** What must hold whatever went wrong. `text`: a part of the answer. */
function expectOneAnswer(world: ReturnType<typeof slackWorld>, text: string, messages = 1) {
  expect(showing(world, text)).toHaveLength(1);
  expect(standing(world)).toHaveLength(messages);
  expect(goesOn(world)).toBe(false);
  const unexpected = world.double.calls.filter(({ error, fault }) => error !== null && fault === null);
  expect(unexpected.filter(({ error }) => /^(invalid|missing|no_text|msg_)/.test(error ?? ''))).toEqual([]);
  // What is posted does not unfurl; a stream has no setting for it.
  expect(standing(world).filter(({ unfurls, stream }) => unfurls && !stream)).toEqual([]);
}

describe.each(Object.entries(modes))('shown %s', (_, mode) => {
  test('the answer takes the place of what was shown', async () => {
    const world = slackWorld({ faults: mode });
    const run = new ShownRun(world, revised);
    expect(await run.toItsEnd()).toEqual({ type: 'delivered' });
    expect(run.progress).toBe('over');
    expectOneAnswer(world, short);
    const [message] = standing(world);
    expect(message?.metadata).toMatchObject({ event_type: 'reflection', event_payload: { run: 'refl_test', part: 0 } });
    expect(JSON.stringify(message?.blocks)).toContain('Corrected 1 thing');
    expect(world.messages.sessionOf('C0001', message?.thread ?? null)?.status).toBe('active');
  });

  describe.each(Object.entries(kinds))('the answer stands once where a call %s', (_, faultOf) => {
    test.each(targets)('to %s', async (target) => {
      for (const nth of [1, 2, 3]) {
        const world = slackWorld({ faults: [faultOf(target, nth), ...mode] });
        const run = new ShownRun(world, revised);
        expect(await run.toItsEnd()).toEqual({ type: 'delivered' });
        expectOneAnswer(world, short);
      }
    });
  });

  test.each<Omit<Loss, 'nth'>>([
    { at: 'call', isDone: false },
    { at: 'call', isDone: true },
    { at: 'note', isDone: false },
    { at: 'note', isDone: true },
  ])('the answer stands once where the service is lost at any $at (done: $isDone)', async (loss) => {
    let losses = 0;
    for (let nth = 1; ; nth += 1) {
      const world = slackWorld({ faults: mode });
      const run = new ShownRun(world, long, { loss: { ...loss, nth } });
      expect(await run.toItsEnd()).toEqual({ type: 'delivered' });
      expectOneAnswer(world, 'word3999', 4);
      if (!run.isLost) break;
      losses += 1;
    }
    expect(losses).toBeGreaterThan(5);
  });

  test('a loss behind a call whose outcome is unknown posts nothing again', async () => {
    for (let nth = 1; nth <= 12; nth += 1) {
      const after: readonly SlackFault[] = [
        { on: 'chat.startStream', nth: 1, answer: 'silence', when: 'after' },
        { on: 'chat.postMessage', nth: 1, answer: 'status', status: 500, when: 'after' },
        { on: 'conversations.replies', nth: 1, answer: 'broken', when: 'before' },
      ];
      const world = slackWorld({ faults: [...(mode.length > 0 ? mode : []), ...after] });
      const run = new ShownRun(world, revised, { loss: { at: 'call', nth, isDone: true } });
      expect(await run.toItsEnd()).toEqual({ type: 'delivered' });
      expectOneAnswer(world, short);
    }
  });
});
