import { describe, expect, test } from 'vitest';
import { defaultSettings, type Question } from '../../../src/channels/channel.ts';
import { readAddress } from '../../../src/channels/slack/address.ts';
import type { SlackQuestion } from '../../../src/channels/slack/question.ts';
import { slackChannel } from '../../../src/channels/slack/slack-channel.ts';
import { parseReflectionBody } from '../../../src/reflection/request.ts';
import { fit } from '../../support/fit-question.ts';
import { runLog, ShownRun } from './shown-run.ts';
import { type SlackWorld, slackApi } from './slack-app.ts';
import { channel, directChannel, slackWorld, team, user } from './slack-world.ts';

function channelOf(world: SlackWorld) {
  const { api, tools } = slackApi(world);
  const pause = async (milliseconds: number) => {
    world.clock.now += milliseconds;
  };
  return slackChannel({ api, now: () => world.clock.now, pause, log: tools.log });
}

function asked(part: Partial<SlackQuestion>): Question {
  const place = { team, channel, thread: null };
  const content = {
    type: 'question',
    by: 'mention',
    place,
    user,
    text: 'Why?',
    id: 'T0001:C0001:9.9',
    responseUrl: null,
    ...part,
  };
  return {
    workspace: { channel: 'slack', id: team },
    id: content.id,
    member: user,
    room: channel,
    place: `${channel}:${content.place.thread ?? ''}`,
    content: JSON.stringify(content),
  };
}

/** A question in a thread in which this was said before, by whom. */
function inThread(world: SlackWorld, said: readonly (readonly [string, string])[], part: Partial<SlackQuestion> = {}) {
  const [first, ...rest] = said;
  const root = world.double.write(team, { channel, user: first?.[0] ?? user, text: first?.[1] ?? 'Why?' });
  for (const [by, text] of rest) world.double.write(team, { channel, user: by, text, thread: root.ts });
  const last = world.double.write(team, { channel, user, text: '<@UBOT> Why?', thread: root.ts });
  world.double.write(team, { channel, user: 'U0002', text: 'Said later', thread: root.ts });
  return asked({ place: { team, channel, thread: root.ts }, id: `${team}:${channel}:${last.ts}`, ...part });
}

describe('a question', () => {
  test('by itself is asked as it is, and its thread is not read', async () => {
    const world = slackWorld();
    const { ts } = world.double.write(team, { channel, user, text: 'Why?' });
    const question = asked({ place: { team, channel, thread: ts }, id: `${team}:${channel}:${ts}` });
    const { body, address } = await fit(channelOf(world).prepare(question, defaultSettings));
    expect(body).toEqual({
      input: 'Why?',
      include: ['draft', 'diff'],
      store: true,
      background: true,
      budget: { deadline_ms: 120_000 },
      metadata: { channel: 'slack', member: user, place: `${channel}:${ts}` },
    });
    expect(readAddress(address)).toMatchObject({ team, channel, thread: ts, user, responseUrl: null });
    expect(world.double.calls).toEqual([]);
  });

  test.each(['mention', 'direct', 'command', 'shortcut'] as const)(
    'without words, by %s, is refused with a word for whoever asked',
    async (by) => {
      const prepared = channelOf(slackWorld()).prepare(asked({ by, text: '' }), defaultSettings);
      expect(await prepared).toEqual({ type: 'unfit', message: expect.stringMatching(/^There (is|are) no .*\.$/) });
    },
  );

  test('in a thread comes with what was said before it, and not with what was said after', async () => {
    const world = slackWorld();
    const question = inThread(world, [
      ['U0002', 'The sky is green, says <@U0001>.'],
      ['U0002', 'It &lt;b&gt; is.'],
    ]);
    const { body } = await fit(channelOf(world).prepare(question, defaultSettings));
    expect(body.messages).toEqual([
      { role: 'user', name: 'U0002', content: 'The sky is green, says @U0001.' },
      { role: 'user', name: 'U0002', content: 'It <b> is.' },
      { role: 'user', name: user, content: 'Why?' },
    ]);
    expect(parseReflectionBody(body).messages).toHaveLength(3);
  });

  test('comes with our own answers as answers, without the small lines and the buttons', async () => {
    const world = slackWorld();
    const run = new ShownRun(world, await runLog());
    await run.toItsEnd();
    const [first] = world.messages.inChannel(channel);
    const last = world.double.write(team, { channel, user, text: 'Why?', thread: first?.ts ?? '' });
    const question = asked({
      place: { team, channel, thread: first?.ts ?? null },
      id: `${team}:${channel}:${last.ts}`,
    });
    const { body } = await fit(channelOf(world).prepare(question, defaultSettings));
    expect(body.messages).toEqual([
      { role: 'user', name: user, content: '@UBOT What colour is the sky?' },
      { role: 'assistant', content: 'I think the sky may be wrong: possibly green. Wait, it is blue.' },
      { role: 'user', name: user, content: 'Why?' },
    ]);
  });

  test('comes with the newest of a long thread, and says that it is longer', async () => {
    const world = slackWorld();
    const said = Array.from({ length: 300 }, (_, index) => ['U0002', `${'word '.repeat(50)}${index}`] as const);
    const { body } = await fit(channelOf(world).prepare(inThread(world, said), defaultSettings));
    const contents = (body.messages ?? []).map(({ content }) => String(content));
    expect(contents.length).toBeGreaterThan(10);
    expect(contents.length).toBeLessThan(62);
    expect(contents.at(-1)).toBe('Why?');
    expect(contents.at(-2)).toMatch(/ 299$/);
    expect(body.instructions).toBe('The conversation is longer than this: a part of it is left out.');
  });

  test('in a thread of more than a thousand messages comes with the newest of them', async () => {
    const world = slackWorld();
    const said = Array.from({ length: 1_300 }, (_, index) => ['U0002', `word ${index}`] as const);
    const { body } = await fit(channelOf(world).prepare(inThread(world, said), defaultSettings));
    expect(body.messages?.at(-2)?.content).toBe('word 1299');
  });

  test('in a thread that cannot be read to its end says that a part is left out', async () => {
    const world = slackWorld();
    const said = Array.from({ length: 3_300 }, (_, index) => ['U0002', `word ${index}`] as const);
    const { body } = await fit(channelOf(world).prepare(inThread(world, said), defaultSettings));
    expect(body.instructions).toBe('The conversation is longer than this: a part of it is left out.');
  });

  test('that is a message pointed at comes with what was said before that message', async () => {
    const world = slackWorld();
    const question = inThread(
      world,
      [
        ['U0002', 'First'],
        ['U0002', 'This one &amp; no other'],
      ],
      { by: 'shortcut', text: 'This one & no other', id: `${team}:trigger` },
    );
    const { body } = await fit(channelOf(world).prepare(question, defaultSettings));
    expect(body.messages).toMatchObject([{ content: 'First' }, { content: 'This one & no other' }]);
  });

  test.each([
    { answer: 'silence', when: 'before' } as const,
    { answer: 'broken', when: 'before' } as const,
    { answer: 'status', status: 500, when: 'before' } as const,
    { answer: 'rate_limited', retryAfterSeconds: 60 } as const,
    { answer: 'error', error: 'missing_scope' } as const,
  ])('is asked alone within 5 s where the thread cannot be read ($answer)', async (fault) => {
    const world = slackWorld({ faults: [{ on: 'conversations.replies', ...fault }] });
    const question = inThread(world, [['U0002', 'First']]);
    const before = world.clock.now;
    const { body } = await fit(channelOf(world).prepare(question, defaultSettings));
    expect(body.input).toBe('Why?');
    expect(world.clock.now - before).toBeLessThanOrEqual(5_000);
  });

  test('takes the tier and the language of its channel', async () => {
    const { body } = await fit(
      channelOf(slackWorld()).prepare(asked({ by: 'command' }), {
        tier: 'quality',
        language: 'Korean',
        isOn: true,
      }),
    );
    expect(body).toMatchObject({ tier: 'quality', instructions: 'Answer in this language: Korean.' });
  });

  test.each(['', '{}', 'null', '{"type":"question"}'])(
    'that the routes did not write (%j) asks nothing',
    async (content) => {
      const { body } = await fit(channelOf(slackWorld()).prepare({ ...asked({}), content }, defaultSettings));
      expect(() => parseReflectionBody(body)).toThrow();
    },
  );
});

const tooMany = { type: 'member_limited', size: 10, retryAfterMs: 20_000 } as const;

describe('a question that is not answered', () => {
  test('is told to whoever asked, and to nobody else', async () => {
    const world = slackWorld();
    const { ts } = world.double.write(team, { channel, user, text: 'Why?' });
    const question = asked({ place: { team, channel, thread: ts }, id: `${team}:${channel}:${ts}` });
    expect(await channelOf(world).decline(question, tooMany)).toEqual({ type: 'delivered' });
    expect(world.messages.ephemerals).toMatchObject([
      { channel, user, thread: null, text: expect.stringContaining('20 seconds') },
    ]);
    expect(world.messages.inChannel(channel)).toHaveLength(1);
  });

  test('is told in the thread that was begun before', async () => {
    const world = slackWorld();
    const question = inThread(world, [['U0002', 'First']]);
    await channelOf(world).decline(question, { type: 'switched_off' });
    expect(world.messages.ephemerals[0]?.thread).not.toBeNull();
  });

  test('that came by a command is told in place of its acknowledgement', async () => {
    const world = slackWorld();
    const responseUrl = world.double.issueResponseUrl(team, { channel, user });
    world.double.acknowledge(responseUrl, '{"text":"Taking a second look…"}');
    const question = asked({ by: 'command', responseUrl });
    expect(await channelOf(world).decline(question, { type: 'switched_off' })).toEqual({ type: 'delivered' });
    expect(world.messages.ephemerals).toHaveLength(1);
    expect(world.messages.ephemerals[0]?.text).toMatch(/switched off/);
  });

  test.each([
    [
      'is tried again where Slack wants a pause',
      { answer: 'rate_limited', retryAfterSeconds: 9 },
      { type: 'failed', retryAfterMs: 9_000 },
    ],
    ['is given up where the channel is gone', { answer: 'error', error: 'is_archived' }, { type: 'refused' }],
    ['is not told twice where it may have been told', { answer: 'broken', when: 'after' }, { type: 'refused' }],
  ] as const)('%s', async (_, fault, expected) => {
    const world = slackWorld({ faults: [{ on: 'chat.postEphemeral', ...fault }] });
    const question = asked({
      place: { team, channel: directChannel, thread: '1.1' },
      by: 'direct',
      id: 'T0001:D0001:1.1',
    });
    expect(await channelOf(world).decline(question, { type: 'switched_off' })).toEqual(expected);
  });
});
