/** What the double of Slack sends is what this service reads: signed, of every kind, and as often as Slack sends it. */
import { describe, expect, test } from 'vitest';
import {
  actionIds,
  readCommand,
  readEvent,
  readInteraction,
  shortcutId,
} from '../../../src/channels/slack/payloads.ts';
import { isFromSlack } from '../../../src/channels/slack/signature.ts';
import type { SlackDelivery } from '../../support/slack-delivery.ts';
import { SlackSender } from '../../support/slack-sender.ts';
import { channel, directChannel, slackWorld, team, user } from './slack-world.ts';

const signingSecret = 'signing-secret';

function senderWorld() {
  const world = slackWorld();
  const service = 'https://reflection.example';
  const sender = new SlackSender({ double: world.double, signingSecret, now: () => world.clock.now, team, service });
  return { ...world, sender };
}

const eventOf = ({ body }: SlackDelivery) => readEvent(JSON.parse(body));
const interactionOf = ({ body }: SlackDelivery) =>
  readInteraction(JSON.parse(new URLSearchParams(body).get('payload') ?? ''));

test('a delivery is signed at the time that it is sent at', async () => {
  const { sender, clock } = senderWorld();
  const { delivery } = sender.mention({ channel, user, text: 'Why?' });
  const requests = [delivery.request()];
  clock.now += 301_000;
  requests.push(delivery.retry(3, 'http_timeout'));
  const signed = await Promise.all(
    requests.map(async (request) => ({ headers: request.headers, body: new Uint8Array(await request.arrayBuffer()) })),
  );
  expect(signed.map((request) => isFromSlack(request, signingSecret, clock.now))).toEqual([false, true]);
  expect(signed[0]?.body).toEqual(signed[1]?.body);
  expect(requests.map(({ url }) => new URL(url).pathname)).toEqual(Array(2).fill('/channels/slack/events'));
  expect(signed[1]?.headers.get('x-slack-retry-num')).toBe('3');
  expect(signed[1]?.headers.get('x-slack-retry-reason')).toBe('http_timeout');
});

describe('an event is read:', () => {
  test('the question whether this is the right address', () => {
    const { sender } = senderWorld();
    expect(eventOf(sender.verification('abc'))).toEqual({ type: 'challenge', challenge: 'abc' });
  });

  test('a mention and a direct message, which stand in Slack as well', () => {
    const { sender, messages } = senderWorld();
    const mention = sender.mention({ channel, user, text: 'Why?' });
    expect(eventOf(mention.delivery)).toMatchObject({
      type: 'question',
      by: 'mention',
      text: 'Why?',
      place: { team, channel, thread: mention.message.ts },
    });
    const direct = sender.direct({ channel: directChannel, user, text: 'Why?' });
    expect(eventOf(direct.delivery)).toMatchObject({ type: 'question', by: 'direct', text: 'Why?' });
    expect(messages.find(channel, mention.message.ts)?.text).toBe('<@UBOT> Why?');
    expect(messages.find(directChannel, direct.message.ts)?.text).toBe('Why?');
  });

  test('a stop of the thread, after which its streams take nothing', async () => {
    const { sender, call } = senderWorld();
    const { message } = sender.mention({ channel, user, text: 'Why?' });
    const recipient = { recipient_user_id: user, recipient_team_id: team };
    const { ts } = await call('chat.startStream', { channel, thread_ts: message.ts, ...recipient });
    const stopped = sender.stopped({ channel, thread: message.ts, user });
    expect(JSON.parse(stopped.body)).toMatchObject({ event: { streaming_message_ts: [ts] } });
    expect(eventOf(stopped)).toMatchObject({ type: 'stop', place: { thread: message.ts }, user });
    expect(await call('chat.appendStream', { channel, ts, markdown_text: 'x' })).toMatchObject({ ok: false });
  });

  test('an app that was removed, whose token is worth nothing', async () => {
    const { sender, call } = senderWorld();
    for (const delivery of sender.uninstalled()) expect(eventOf(delivery)).toMatchObject({ type: 'uninstalled', team });
    expect(await call('auth.test')).toMatchObject({ error: 'account_inactive' });
  });

  test('edits, removals, an opened home and another context are none of its business', () => {
    const { sender, messages } = senderWorld();
    const { message } = sender.direct({ channel: directChannel, user, text: 'Why?' });
    const told = [
      sender.changed(message, 'Why not?'),
      sender.deleted(message),
      sender.homeOpened({ channel: directChannel, user, tab: 'messages' }),
      sender.contextChanged({ channel: directChannel, user, viewed: channel }),
    ];
    for (const delivery of told) expect(eventOf(delivery)).toMatchObject({ type: 'ignored' });
    expect(messages.inChannel(directChannel)).toEqual([]);
  });

  test('what the app itself posted is no question', async () => {
    const { sender, call, messages } = senderWorld();
    const { ts } = await call('chat.postMessage', { channel: directChannel, text: 'So.' });
    const posted = messages.find(directChannel, String(ts));
    expect(posted && eventOf(sender.echo(posted))).toEqual({ type: 'ignored', reason: 'not written by a person' });
  });

  test('each under a name of its own', () => {
    const { sender } = senderWorld();
    const deliveries = [1, 2, 3].map(() => sender.mention({ channel, user, text: 'Why?' }).delivery);
    const ids = deliveries.map(({ body }): unknown => JSON.parse(body).event_id);
    expect(new Set(ids).size).toBe(3);
  });
});

test('a command is read, and answered by its address', async () => {
  const { sender, double, messages } = senderWorld();
  const { delivery, responseUrl } = sender.command({ channel: 'C0002', user, text: 'Why?' });
  expect(readCommand(new URLSearchParams(delivery.body))).toMatchObject({
    type: 'question',
    by: 'command',
    text: 'Why?',
    responseUrl,
  });
  const headers = { 'content-type': 'application/json' };
  await double.fetch(new Request(responseUrl, { method: 'POST', headers, body: JSON.stringify({ text: 'So.' }) }));
  expect(messages.ephemerals).toMatchObject([{ user, text: 'So.' }]);
});

test('a shortcut is read, on a message and on none', () => {
  const { sender } = senderWorld();
  const { message } = sender.mention({ channel, user: 'U0002', text: 'It is green.' });
  const { delivery } = sender.messageShortcut({ user, message, callbackId: shortcutId });
  expect(interactionOf(delivery)).toMatchObject({
    type: 'question',
    by: 'shortcut',
    user,
    place: { thread: message.ts },
  });
  expect(interactionOf(sender.globalShortcut({ user, callbackId: shortcutId }).delivery)).toMatchObject({
    type: 'ignored',
  });
});

describe('a click', () => {
  async function answered() {
    const world = senderWorld();
    const plain = (text: string) => ({ type: 'plain_text', text });
    const rating = (text: string) => ({ text: plain(text), value: `${text}:run_1` });
    const blocks = [
      {
        type: 'actions',
        elements: [{ type: 'button', text: plain('Show'), action_id: actionIds.show, value: 'run_1' }],
      },
      {
        type: 'context_actions',
        elements: [
          {
            type: 'feedback_buttons',
            action_id: actionIds.feedback,
            positive_button: rating('up'),
            negative_button: rating('down'),
          },
        ],
      },
    ];
    const { ts } = await world.call('chat.postMessage', { channel, text: 'So.', blocks });
    const message = world.messages.find(channel, String(ts));
    if (!message) throw new Error('nothing was posted');
    return { ...world, message };
  }

  test('is read, and opens a view', async () => {
    const { sender, message, call, messages } = await answered();
    const { delivery, trigger } = sender.click({ user, message, actionId: actionIds.show });
    expect(interactionOf(delivery)).toMatchObject({ type: 'show', run: 'run_1', team, user, trigger });
    const view = { type: 'modal', title: { type: 'plain_text', text: 'Reflection' }, blocks: [{ type: 'divider' }] };
    expect(await call('views.open', { trigger_id: trigger, view })).toMatchObject({ ok: true });
    const submission = sender.submission({ user, view: messages.views[0]?.id ?? '' });
    expect(interactionOf(submission)).toMatchObject({ type: 'ignored' });
  });

  test.each([
    ['positive', 'up'],
    ['negative', 'down'],
  ] as const)('that is %s is feedback: %s', async (rating, read) => {
    const { sender, message } = await answered();
    const { delivery } = sender.click({ user, message, actionId: actionIds.feedback, rating });
    expect(interactionOf(delivery)).toMatchObject({ type: 'feedback', run: 'run_1', team, user, rating: read });
  });

  test('on what is not shown cannot be', async () => {
    const { sender, message, call } = await answered();
    await call('chat.update', { channel, ts: message.ts, text: 'So.' });
    expect(() => sender.click({ user, message, actionId: actionIds.show })).toThrow('can be clicked on');
  });
});
