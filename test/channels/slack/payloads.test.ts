/** What Slack sends, and what is read of it. Payloads are written for this project, in the shapes that Slack documents. */
import { describe, expect, test } from 'vitest';
import { plainOf, readCommand, readEvent, readInteraction } from '../../../src/channels/slack/payloads.ts';

function event(part: Readonly<Record<string, unknown>>): unknown {
  return {
    token: 'z26uFbvR1xHJEdHE1OQiO6t8',
    team_id: 'T0001',
    api_app_id: 'A0001',
    type: 'event_callback',
    event_id: 'Ev0001',
    event_time: 1_790_000_000,
    authorizations: [{ enterprise_id: null, team_id: 'T0001', user_id: 'UBOT', is_bot: true }],
    event: part,
  };
}

const mention = {
  type: 'app_mention',
  user: 'U0001',
  text: '<@UBOT> Is the sky &lt;blue&gt;?',
  ts: '1790000000.000100',
  channel: 'C0001',
  event_ts: '1790000000.000100',
};
const direct = {
  type: 'message',
  channel_type: 'im',
  user: 'U0001',
  text: 'Is the sky blue?',
  ts: '1790000000.000200',
  channel: 'D0001',
};

describe('an event', () => {
  test('that asks whether this is the right address is answered with its challenge', () => {
    const body = { token: 'x', challenge: '3eZbrw1aB10FEMAGAZd4FyFQ', type: 'url_verification' };
    expect(readEvent(body)).toEqual({ type: 'challenge', challenge: '3eZbrw1aB10FEMAGAZd4FyFQ' });
  });

  test('a mention is a question in the thread of its message', () => {
    expect(readEvent(event(mention))).toEqual({
      type: 'question',
      by: 'mention',
      place: { team: 'T0001', channel: 'C0001', thread: '1790000000.000100' },
      user: 'U0001',
      text: 'Is the sky <blue>?',
      id: 'T0001:C0001:1790000000.000100',
      responseUrl: null,
    });
  });

  test('a mention within a thread is a question in that thread', () => {
    expect(readEvent(event({ ...mention, thread_ts: '1789999999.000001' }))).toMatchObject({
      place: { thread: '1789999999.000001' },
      id: 'T0001:C0001:1790000000.000100',
    });
  });

  test('a direct message is a question, and the same one where it comes as a mention as well', () => {
    const asked = readEvent(event(direct));
    expect(asked).toMatchObject({ type: 'question', by: 'direct', text: 'Is the sky blue?' });
    const again = readEvent(event({ ...direct, type: 'app_mention', text: '<@UBOT> Is the sky blue?' }));
    expect(again).toMatchObject({ id: 'T0001:D0001:1790000000.000200', text: 'Is the sky blue?' });
    expect(asked).toMatchObject({ id: 'T0001:D0001:1790000000.000200' });
  });

  test.each(['file_share', 'thread_broadcast'])('a message that is a %s is a question', (subtype) => {
    expect(readEvent(event({ ...direct, subtype }))).toMatchObject({ type: 'question' });
  });

  test.each([
    ['a mention', { ...mention, text: '<@UBOT>  ' }],
    ['a file', { ...direct, subtype: 'file_share', text: '' }],
  ])('%s and nothing else is a question without words', (_, part) => {
    expect(readEvent(event(part))).toMatchObject({ type: 'question', text: '' });
  });

  test.each([
    ['of a bot', { ...direct, bot_id: 'B0001' }],
    ['without an author', { ...direct, user: undefined }],
    ['that tells of an edit', { ...direct, subtype: 'message_changed' }],
    ['that tells of a removal', { ...direct, subtype: 'message_deleted' }],
    ['of a channel that nobody is mentioned in', { ...direct, channel_type: 'channel' }],
    ['of another type', { type: 'reaction_added', user: 'U0001' }],
    ['that the token of a person was revoked', { type: 'tokens_revoked', tokens: { oauth: ['U0001'], bot: [] } }],
    ['that the app’s home was opened', { type: 'app_home_opened', user: 'U0001', channel: 'D0001', tab: 'messages' }],
  ])('%s is ignored', (_, part) => {
    expect(readEvent(event(part))).toMatchObject({ type: 'ignored' });
  });

  test.each([null, 1, 'text', [], {}, { type: 'event_callback' }, event({})])('%j is ignored', (body) => {
    expect(readEvent(body)).toMatchObject({ type: 'ignored' });
  });

  test.each([
    ['of the other workspace of a shared channel', [{ team_id: 'T0001' }], 'T0001'],
    ['for an organisation', [{ team_id: null }], 'T0002'],
    ['for nobody in particular', [], 'T0002'],
    ['without a word of it', undefined, 'T0002'],
  ])('%s is of the workspace that has the app', (_, authorizations, team) => {
    const asked = readEvent({
      type: 'event_callback',
      team_id: 'T0002',
      event_id: 'Ev1',
      authorizations,
      event: mention,
    });
    expect(asked).toMatchObject({ type: 'question', place: { team } });
  });

  test('a stopped session stops what runs in its thread', () => {
    const part = { type: 'agent_session_stopped', channel: 'D0001', thread_ts: '1790000000.000200', user: 'U0001' };
    expect(readEvent(event(part))).toEqual({
      type: 'stop',
      place: { team: 'T0001', channel: 'D0001', thread: '1790000000.000200' },
      user: 'U0001',
    });
  });

  test.each([{ type: 'app_uninstalled' }, { type: 'tokens_revoked', tokens: { oauth: [], bot: ['UBOT'] } }])(
    '%j says that the workspace has left',
    (part) => {
      expect(readEvent(event(part))).toEqual({ type: 'uninstalled', team: 'T0001', at: 1_790_000_000_000 });
    },
  );
});

describe('a command', () => {
  const form = {
    token: 'x',
    team_id: 'T0001',
    team_domain: 'example',
    channel_id: 'C0001',
    channel_name: 'general',
    user_id: 'U0001',
    user_name: 'anna',
    command: '/reflect',
    text: 'Is the sky blue &amp; clear?',
    api_app_id: 'A0001',
    is_enterprise_install: 'false',
    response_url: 'https://hooks.slack.com/commands/T0001/1/x',
    trigger_id: '13345224609.738474920.8088930838d88f008e0',
  };

  test('is a question that hangs on no message', () => {
    expect(readCommand(new URLSearchParams(form))).toEqual({
      type: 'question',
      by: 'command',
      place: { team: 'T0001', channel: 'C0001', thread: null },
      user: 'U0001',
      text: 'Is the sky blue & clear?',
      id: 'T0001:13345224609.738474920.8088930838d88f008e0',
      responseUrl: 'https://hooks.slack.com/commands/T0001/1/x',
    });
  });

  test.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ['', { type: 'usage' }],
    [' Help ', { type: 'usage' }],
    ['settings', { type: 'settings', change: {} }],
    ['on', { type: 'settings', change: { isOn: true } }],
    ['OFF', { type: 'settings', change: { isOn: false } }],
    ['set tier quality', { type: 'settings', change: { tier: 'quality' } }],
    ['set tier Default', { type: 'settings', change: { tier: null } }],
    ['set language Korean', { type: 'settings', change: { language: 'Korean' } }],
    ['set language français (Canada)', { type: 'settings', change: { language: 'français (Canada)' } }],
    ['set language auto', { type: 'settings', change: { language: null } }],
    [
      'set tier huge',
      { type: 'unfit', message: 'That is no tier. There are default, fast, balanced, quality, or max.' },
    ],
    ['set tier', { type: 'unfit' }],
    ['set language', { type: 'unfit' }],
    ['set language K0', { type: 'unfit' }],
    ['set language <@U0001>', { type: 'unfit' }],
    ['set', { type: 'unfit', message: 'What is to be set? There are `tier` and `language`.' }],
    ['set colour red', { type: 'unfit' }],
    ['set theory explained to a child', { type: 'question', text: 'set theory explained to a child' }],
    ['set tier lists are what in games?', { type: 'question' }],
    ['on what day is it?', { type: 'question' }],
    ['help me with this', { type: 'question' }],
  ])('%j is read as %j', (text, expected) => {
    expect(readCommand(new URLSearchParams({ ...form, text }))).toMatchObject(expected);
  });

  test('about settings says of which channel', () => {
    expect(readCommand(new URLSearchParams({ ...form, text: 'settings' }))).toMatchObject({
      place: { team: 'T0001', channel: 'C0001', thread: null },
    });
  });

  test('without what a command has is ignored', () => {
    expect(readCommand(new URLSearchParams({ text: 'x' }))).toMatchObject({ type: 'ignored' });
  });
});

describe('an interaction', () => {
  const by = { user: { id: 'U0001', username: 'anna', team_id: 'T0001' }, team: { id: 'T0001', domain: 'example' } };
  const click = (action_id: string, value?: string, part: object = {}) => ({
    type: 'block_actions',
    trigger_id: '1.2.x',
    channel: { id: 'C0001', name: 'general' },
    message: { type: 'message', ts: '1790000001.000100', thread_ts: '1790000000.000300' },
    container: { type: 'message', message_ts: '1790000001.000100', channel_id: 'C0001' },
    actions: [{ type: 'button', block_id: 'b', action_id, value, action_ts: '1790000002.1' }],
    ...by,
    ...part,
  });

  test('the shortcut on a message asks about that message, in its thread', () => {
    const payload = {
      type: 'message_action',
      callback_id: 'reflect_on_this',
      trigger_id: '1.2.x',
      response_url: 'https://hooks.slack.com/app/T0001/1/x',
      channel: { id: 'C0001', name: 'general' },
      message: {
        type: 'message',
        user: 'U0002',
        ts: '1790000000.000300',
        text: 'The sky is <https://a.example|green>.',
      },
      ...by,
    };
    expect(readInteraction(payload)).toEqual({
      type: 'question',
      by: 'shortcut',
      place: { team: 'T0001', channel: 'C0001', thread: '1790000000.000300' },
      user: 'U0001',
      text: 'The sky is green (https://a.example).',
      id: 'T0001:1.2.x',
      responseUrl: 'https://hooks.slack.com/app/T0001/1/x',
    });
    expect(readInteraction({ ...payload, callback_id: 'other' })).toMatchObject({ type: 'ignored' });
  });

  test('clicks say which run they mean', () => {
    const place = { team: 'T0001', channel: 'C0001', thread: '1790000000.000300' };
    const who = { run: 'refl_1', team: 'T0001', user: 'U0001', place };
    expect(readInteraction(click('reflection_show', 'refl_1'))).toEqual({ type: 'show', trigger: '1.2.x', ...who });
    expect(readInteraction(click('reflection_stop', 'refl_1'))).toEqual({ type: 'stop_run', ...who });
    expect(readInteraction(click('reflection_feedback', 'down:refl_1'))).toEqual({
      type: 'feedback',
      rating: 'down',
      ...who,
    });
  });

  test('a click within a view has no place', () => {
    const inView = click('reflection_feedback', 'up:refl_1', { channel: undefined, message: undefined });
    expect(readInteraction(inView)).toMatchObject({ type: 'feedback', place: null });
  });

  test.each([
    click('other', 'x'),
    click('reflection_show'),
    click('reflection_feedback', 'x'),
    {},
    null,
    { type: 'view_submission' },
  ])('%j is ignored', (payload) => {
    expect(readInteraction(payload)).toMatchObject({ type: 'ignored' });
  });
});

test.each([
  ['&lt;!channel&gt; &amp;lt;', '<!channel> &lt;'],
  ['<https://example.org>', 'https://example.org'],
  ['<https://example.org|here>', 'here (https://example.org)'],
  ['<#C0001|general> <@U0001|anna> <!here|here>', 'general anna here'],
  ['a < b', 'a < b'],
])('%s is read as %s', (marked, plain) => {
  expect(plainOf(marked)).toBe(plain);
});
