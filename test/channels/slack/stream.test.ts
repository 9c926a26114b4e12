/** What a run's stream is told, piece by piece. */
import { expect, test } from 'vitest';
import { doubtful, type Scenario, scenarios } from '../../support/scenarios.ts';
import type { SlackFault } from '../../support/slack-faults.ts';
import { runLog, ShownRun, standing } from './shown-run.ts';
import type { SlackWorld } from './slack-app.ts';
import { channel, slackWorld, team } from './slack-world.ts';

/** The run of a draft that is revised, with the stream's text before each lot of its events. */
async function streamed(faults: readonly SlackFault[] = [], scenario: Scenario = scenarios.revised) {
  const world = slackWorld({ faults });
  const texts: string[] = [];
  const beforeLot = () => {
    texts.push(standing(world)[0]?.text ?? '');
  };
  const delivery = await new ShownRun(world, await runLog(scenario), { beforeLot, lotMs: 0 }).toItsEnd();
  return { world, texts, delivery, last: texts.at(-1) ?? '' };
}

const whole = `_Draft:_\n\n${doubtful}`;

const chunksIn = ({ double }: SlackWorld) =>
  double.calls
    .filter(({ accepted }) => accepted)
    .flatMap(({ arguments: given }) => {
      const chunks: unknown = JSON.parse(String(given['chunks'] ?? '[]'));
      return Array.isArray(chunks) ? chunks.map((chunk) => JSON.stringify(chunk)) : [];
    });

test('the draft grows, and a revision takes nothing of it back', async () => {
  const { texts, last } = await streamed();
  expect(last).toBe(whole);
  expect(texts.filter((text) => !whole.startsWith(text))).toEqual([]);
});

test('a draft that is begun anew is not mixed with what was written before', async () => {
  const begun = 'Something that was never finished';
  const draft = {
    text: 'Quite another answer, and a longer one than that was.',
    lost: [{ code: 'upstream_busy' as const, text: begun }],
  };
  const { texts } = await streamed([], { body: { strategy: 'direct' }, script: { draft } });
  const wholes = [begun, draft.text].map((text) => `_Draft:_\n\n${text}`);
  expect(texts.filter((text) => !wholes.some((written) => written.startsWith(text)))).toEqual([]);
  expect(texts.at(-1)).not.toBe('');
});

test('a plan and a task are told again only where they changed', async () => {
  const { world } = await streamed();
  const told = new Map<string, string>();
  const repeated = chunksIn(world).filter((chunk) => {
    const [subject = 'plan_update'] = /refl_test:\w+|markdown_text/.exec(chunk) ?? [];
    const isSame = told.get(subject) === chunk;
    told.set(subject, chunk);
    return isSame;
  });
  expect([...told.keys()]).toContain('refl_test:critique');
  expect(repeated).toEqual([]);
});

test('text that may have been taken is not told again', async () => {
  for (const nth of [1, 2, 3]) {
    for (const when of ['before', 'after'] as const) {
      const { last } = await streamed([{ on: 'chat.appendStream', nth, answer: 'broken', when }]);
      expect(whole.startsWith(last)).toBe(true);
    }
  }
});

test('text that came too often is told later, and not before Slack wants to hear of it', async () => {
  const { world, last } = await streamed([
    { on: 'chat.appendStream', nth: 1, answer: 'rate_limited', retryAfterSeconds: 5 },
  ]);
  expect(last).toBe(whole);
  const [refused, next] = world.double.callsOf('chat.appendStream');
  expect((next?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(5_000);
});

test('edits that would change nothing are not made', async () => {
  const { world } = await streamed([{ on: 'chat.startStream', answer: 'error', error: 'feature_not_enabled' }]);
  const edits = world.double.callsOf('chat.update').map(({ arguments: given }) => String(given['blocks']));
  expect(edits.filter((blocks, index) => blocks === edits[index - 1])).toEqual([]);
});

test('the end of the stream ends the session', async () => {
  const { world } = await streamed();
  const statuses = world.double.callsOf('agents.sessions.setStatus').map(({ arguments: given }) => given['status']);
  expect(statuses).toEqual(['processing']);
  expect(world.messages.sessionOf(channel, standing(world)[0]?.thread ?? null)?.status).toBe('active');
});

test('a message that may still be on its way is waited for before it is looked up', async () => {
  const { world } = await streamed([{ on: 'chat.startStream', nth: 1, answer: 'broken', when: 'after' }]);
  const [sent] = world.double.callsOf('chat.startStream');
  const [lookedUp] = world.double.callsOf('conversations.replies');
  expect((lookedUp?.at ?? 0) - (sent?.at ?? 0)).toBeGreaterThanOrEqual(3_000);
});

test('a message is found in a long thread', async () => {
  const world = slackWorld({ faults: [{ on: 'chat.startStream', nth: 1, answer: 'broken', when: 'after' }] });
  const beforeLot = (index: number) => {
    const [asked] = world.messages.inChannel(channel);
    const replies = index === 0 ? 450 : 0;
    for (let said = 0; said < replies; said += 1) {
      world.double.write(team, { channel, user: 'U0002', text: 'Me too.', thread: asked?.ts ?? '' });
    }
  };
  expect(await new ShownRun(world, await runLog(), { beforeLot }).toItsEnd()).toEqual({ type: 'delivered' });
  expect(standing(world)).toHaveLength(1);
  expect(world.double.callsOf('conversations.replies').length).toBeGreaterThan(2);
});
