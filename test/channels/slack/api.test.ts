import { expect, test } from 'vitest';
import type { CallResult } from '../../../src/channels/call.ts';
import type { SlackFault } from '../../support/slack-faults.ts';
import { slackApi } from './slack-app.ts';
import { channel, slackWorld, team, user } from './slack-world.ts';

type FaultOf = (on: 'chat.postMessage' | 'response_url') => SlackFault;

/** What each fault is, for whoever called. */
const faults: Readonly<Record<string, readonly [FaultOf, CallResult<unknown>]>> = {
  'a server error before it was done': [
    (on) => ({ on, answer: 'status', status: 500, when: 'before' }),
    { type: 'unknown' },
  ],
  'a server error after it was done': [
    (on) => ({ on, answer: 'status', status: 503, when: 'after' }),
    { type: 'unknown' },
  ],
  'a broken connection': [(on) => ({ on, answer: 'broken', when: 'after' }), { type: 'unknown' }],
  silence: [(on) => ({ on, answer: 'silence', when: 'before' }), { type: 'unknown' }],
  'a rate limit': [
    (on) => ({ on, answer: 'rate_limited', retryAfterSeconds: 7 }),
    { type: 'later', retryAfterMs: 7_000 },
  ],
  'a rate limit that comes as a refusal': [
    (on) => ({ on, answer: 'error', error: 'ratelimited' }),
    { type: 'later', retryAfterMs: null },
  ],
  'an inner error of Slack': [(on) => ({ on, answer: 'error', error: 'internal_error' }), { type: 'unknown' }],
  'a fatal error of Slack': [(on) => ({ on, answer: 'error', error: 'fatal_error' }), { type: 'unknown' }],
  'a refusal': [(on) => ({ on, answer: 'error', error: 'is_archived' }), { type: 'refused', error: 'is_archived' }],
  'a refusal in words of no kind': [
    (on) => ({ on, answer: 'error', error: '<b>No!</b>' }),
    { type: 'refused', error: 'unnamed' },
  ],
  'another status': [
    (on) => ({ on, answer: 'status', status: 404, when: 'before' }),
    { type: 'refused', error: expect.any(String) },
  ],
};

test.each(Object.entries(faults))('a method tells what %s is', async (_, [fault, expected]) => {
  const { api } = slackApi(slackWorld({ faults: [fault('chat.postMessage')] }));
  expect(await api.postMessage({ channel, text: 'Hello' })).toEqual(expected);
});

test.each(Object.entries(faults))('a response_url tells what %s is', async (_, [fault, expected]) => {
  const world = slackWorld({ faults: [fault('response_url')] });
  const address = world.double.issueResponseUrl(team, { channel, user });
  expect(await slackApi(world).api.respond(address, { text: 'Hello', blocks: [] })).toMatchObject(
    expected.type === 'refused' ? { type: 'refused' } : expected,
  );
});

test('a call gives what was posted, with blocks', async () => {
  const world = slackWorld();
  const blocks = [{ type: 'section' as const, text: { type: 'mrkdwn' as const, text: 'Hello & bye' } }];
  const posted = await slackApi(world).api.postMessage({
    channel,
    text: 'Hello',
    blocks,
    unfurl_links: false,
    unfurl_media: false,
  });
  const [message] = world.messages.inChannel(channel);
  expect(posted).toEqual({ type: 'done', answer: { ts: message?.ts } });
  expect(message).toMatchObject({ text: 'Hello', blocks, unfurls: false });
});

test.each([
  ['a page', new Response('<html>', { status: 200 })],
  ['an answer that lacks what was asked for', Response.json({ ok: true })],
  ['JSON that ends early', new Response('{"ok": true, "ts": "17')],
])('%s in place of an answer leaves open what was done', async (_, response) => {
  const { api } = slackApi(slackWorld(), { fetch: async () => response });
  expect(await api.postMessage({ channel, text: 'Hello' })).toEqual({ type: 'unknown' });
});

test('nothing is called without a token', async () => {
  const world = slackWorld();
  const { api } = slackApi(world, { token: async () => null });
  expect(await api.postMessage({ channel, text: 'Hello' })).toEqual({ type: 'refused', error: 'not_installed' });
  expect(world.double.calls).toEqual([]);
});

test.each([
  'https://evil.example/hook',
  'http://hooks.slack.com/x',
  'https://hooks.slack.com.evil.example/',
  'not an address',
  '',
])('an answer is never sent to %s', async (address) => {
  const called: string[] = [];
  const fetch = async (url: string) => {
    called.push(url);
    return new Response('ok');
  };
  const { api } = slackApi(slackWorld(), { fetch });
  expect(await api.respond(address, { text: 'Hello', blocks: [] })).toEqual({
    type: 'refused',
    error: 'foreign_address',
  });
  expect(called).toEqual([]);
});

test('an answer is sent to the origin that the service is told of', async () => {
  const world = slackWorld({ hooks: 'http://localhost:9999' });
  const address = world.double.issueResponseUrl(team, { channel, user });
  const { api } = slackApi(world, { url: 'http://localhost:9999/api/' });
  expect(await api.respond(address, { text: 'Hello', blocks: [] })).toEqual({ type: 'done', answer: null });
  expect(world.messages.ephemerals).toMatchObject([{ user, text: 'Hello' }]);
});

test('the log holds no text, no token and no address', async () => {
  const world = slackWorld({ faults: [{ on: '*', answer: 'error', error: 'is_archived' }] });
  const { api, logged } = slackApi(world);
  await api.postMessage({ channel, text: 'Hello' });
  await api.respond(world.double.issueResponseUrl(team, { channel, user }), { text: 'Hello', blocks: [] });
  expect(logged).toEqual([
    { level: 'warn', event: 'slack.unanswered', target: 'chat.postMessage', type: 'refused', error: 'is_archived' },
    { level: 'warn', event: 'slack.unanswered', target: 'response_url', type: 'refused', error: 'is_archived' },
  ]);
});
