/** The double of Slack: whoever passes against it has kept to what Slack documents, and whatever goes wrong goes wrong when the schedule says so. */
import { describe, expect, test } from 'vitest';
import type { SlackFault } from '../../support/slack-faults.ts';
import { channel, directChannel, slackWorld, team, token, user } from './slack-world.ts';

const metadata = { event_type: 'reflection', event_payload: { run: 'run_1' } };
const divider = { type: 'divider' };

describe('a call is refused', () => {
  test.each([
    ['without a token', { authorization: '' }, 'not_authed'],
    ['with a token that nobody has', { authorization: 'Bearer xoxb-0' }, 'invalid_auth'],
  ])('%s', async (_, headers, error) => {
    const { send } = slackWorld();
    expect(await (await send('auth.test', {}, headers)).json()).toEqual({ ok: false, error });
  });

  test('with the token of an app that was removed', async () => {
    const { call, double } = slackWorld();
    double.workspace(team).revoked = true;
    expect(await call('auth.test')).toEqual({ ok: false, error: 'account_inactive' });
  });

  test('without the scope that it takes, which is named', async () => {
    const { call, double, messages } = slackWorld();
    double.workspace(team).scopes = ['im:history'];
    const refused = { ok: false, error: 'missing_scope' };
    expect(await call('chat.postMessage', { channel, text: 'x' })).toEqual({ ...refused, needed: 'chat:write' });
    const { ts } = double.write(team, { channel, user, text: 'Why?' });
    expect(await call('conversations.replies', { channel, ts })).toEqual({ ...refused, needed: 'channels:history' });
    expect(messages.inChannel(channel)).toHaveLength(1);
  });

  test('to a method that does not exist', async () => {
    expect(await slackWorld().call('chat.shout')).toEqual({ ok: false, error: 'unknown_method' });
  });

  test('without what the method needs', async () => {
    const { call } = slackWorld();
    expect(await call('chat.update', { channel, text: 'x' })).toMatchObject({ error: 'invalid_arguments' });
    expect(await call('chat.postMessage', { text: 'x' })).toMatchObject({ error: 'channel_not_found' });
  });

  test('as JSON where Slack reads a form', async () => {
    const { send } = slackWorld();
    const answer = await send('conversations.replies', { channel, ts: '1.1' }, { 'content-type': 'application/json' });
    expect(await answer.json()).toMatchObject({ ok: false, error: 'channel_not_found' });
  });

  test.each([
    ['C0404', 'channel_not_found'],
    ['C0002', 'not_in_channel'],
    ['C0003', 'is_archived'],
    ['G0001', 'channel_not_found'],
  ])('to write to %s: %s', async (to, error) => {
    const { call } = slackWorld();
    for (const method of ['chat.postMessage', 'chat.startStream', 'chat.postEphemeral']) {
      const answer = await call(method, { channel: to, ...(method === 'chat.postEphemeral' && { user }) });
      expect(answer).toEqual({ ok: false, error });
    }
  });

  test('about messages that are not there, or not the app’s', async () => {
    const { call, double } = slackWorld();
    const { ts } = double.write(team, { channel, user, text: 'Why?' });
    const text = 'x';
    expect(await call('chat.update', { channel, ts: '1.1', text })).toMatchObject({ error: 'message_not_found' });
    expect(await call('chat.update', { channel, ts, text })).toMatchObject({ error: 'cant_update_message' });
    expect(await call('chat.delete', { channel, ts })).toMatchObject({ error: 'cant_delete_message' });
    expect(await call('chat.postMessage', { channel, text, thread_ts: '1.1' })).toMatchObject({
      error: 'thread_not_found',
    });
    expect(await call('conversations.replies', { channel, ts: '1.1' })).toMatchObject({ error: 'thread_not_found' });
  });
});

test('arguments that Slack passes over are, where the double is not strict', async () => {
  const { call } = slackWorld({ strict: false });
  expect(await call('chat.postMessage', { channel, text: 'x', thread: '1' })).toMatchObject({ ok: true });
});

describe('too many calls', () => {
  test('are told to wait, and are taken after that', async () => {
    const { send, clock, messages } = slackWorld();
    const post = () => send('chat.postMessage', { channel, text: 'x' });
    for (let call = 0; call < 3; call++) expect((await post()).status).toBe(200);
    clock.now += 500;
    const limited = await post();
    expect(limited.status).toBe(429);
    expect(limited.headers.get('retry-after')).toBe('3');
    expect(await limited.json()).toEqual({ ok: false, error: 'ratelimited' });
    expect((await send('chat.postMessage', { channel: directChannel, text: 'x' })).status).toBe(200);
    clock.now += 3_000;
    expect((await post()).status).toBe(200);
    expect(messages.inChannel(channel)).toHaveLength(4);
  });

  test.each([
    ['chat.startStream', 20],
    ['chat.update', 50],
    ['chat.appendStream', 100],
  ])('of %s are more than %i in a minute', async (method, most) => {
    const { send } = slackWorld();
    for (let call = 0; call < most; call++) expect((await send(method, {})).status).toBe(200);
    expect((await send(method, {})).status).toBe(429);
  });
});

describe('a message', () => {
  test('is edited in place, keeps its metadata, and loses its blocks to text alone', async () => {
    const { call, messages } = slackWorld();
    const { ts } = await call('chat.postMessage', { channel, text: 'Drafts', blocks: [divider], metadata });
    await call('chat.update', { channel, ts, text: 'Done' });
    expect(messages.inChannel(channel)).toMatchObject([
      { ts, text: 'Done', blocks: [], metadata, edits: [{ text: 'Drafts', blocks: [divider] }] },
    ]);
    await call('chat.update', { channel, ts, blocks: [divider], metadata: {} });
    expect(messages.inChannel(channel)).toMatchObject([{ text: 'Done', blocks: [divider], metadata: null }]);
  });

  test('is found again by its metadata, by whoever asks for it', async () => {
    const { call, double } = slackWorld();
    const { ts } = double.write(team, { channel, user, text: 'Why?' });
    await call('chat.postMessage', { channel, thread_ts: ts, text: 'Drafts', metadata });
    const told = await call('conversations.replies', { channel, ts, include_all_metadata: true });
    expect(told).toMatchObject({
      has_more: false,
      messages: [
        { ts, user, reply_count: 1 },
        { thread_ts: ts, bot_id: 'BBOT', metadata },
      ],
    });
    const bare = await call('conversations.replies', { channel, ts });
    expect(JSON.stringify(bare)).not.toContain('run_1');
  });

  test('that has answers leaves a tombstone, and others leave nothing', async () => {
    const { call, double, messages } = slackWorld();
    const asked = double.write(team, { channel, user, text: 'Why?' });
    const { ts } = await call('chat.postMessage', { channel, thread_ts: asked.ts, text: 'So.' });
    messages.remove(asked);
    const { messages: told } = await call('conversations.replies', { channel, ts: asked.ts });
    expect(told).toMatchObject([{ subtype: 'tombstone' }, { text: 'So.' }]);
    expect(await call('chat.delete', { channel, ts })).toMatchObject({ ok: true });
    expect(messages.inChannel(channel)).toMatchObject([{ tombstone: true }]);
  });

  test('for one person is not among the others, and only for somebody who is there', async () => {
    const { call, messages } = slackWorld();
    await call('chat.postEphemeral', { channel, user, text: 'Only you' });
    expect(await call('chat.postEphemeral', { channel, user: 'U0404', text: 'x' })).toMatchObject({
      error: 'user_not_in_channel',
    });
    expect(messages.ephemerals).toMatchObject([{ channel, user, text: 'Only you' }]);
    expect(messages.inChannel(channel)).toEqual([]);
  });
});

test('a long thread is told in pages', async () => {
  const { call, double } = slackWorld();
  const { ts } = double.write(team, { channel, user, text: '0' });
  for (const text of ['1', '2', '3', '4']) double.write(team, { channel, user, text, thread: ts });
  const texts: unknown[] = [];
  let cursor = '';
  for (let pages = 0; pages < 3; pages++) {
    const page = await call('conversations.replies', { channel, ts, limit: 2, ...(cursor !== '' && { cursor }) });
    texts.push(page['messages']);
    const next = JSON.stringify(page['response_metadata'] ?? {});
    cursor = /next:\d+/.exec(next)?.[0] ?? '';
  }
  expect(texts).toMatchObject([[{ text: '0' }, { text: '1' }], [{ text: '2' }, { text: '3' }], [{ text: '4' }]]);
  expect(cursor).toBe('');
});

describe('a stream', () => {
  const recipient = { recipient_user_id: user, recipient_team_id: team };

  async function started(chunks?: readonly object[]) {
    const world = slackWorld();
    const { ts: thread } = world.double.write(team, { channel, user, text: 'Why?' });
    const place = { channel, thread_ts: thread, ...recipient };
    const { ts } = await world.call('chat.startStream', { ...place, ...(chunks && { chunks }) });
    const at = { channel, ts };
    const message = () => world.messages.find(channel, String(ts));
    return { ...world, thread, at, message };
  }

  test('is started, added to and stopped, and is then a message like others', async () => {
    const { call, at, message } = await started();
    await call('chat.appendStream', { ...at, markdown_text: 'The sky ' });
    expect(await call('chat.update', { ...at, text: 'x' })).toMatchObject({ error: 'streaming_state_conflict' });
    await call('chat.stopStream', { ...at, markdown_text: 'is blue.', blocks: [divider], metadata });
    expect(message()).toMatchObject({
      text: 'The sky is blue.',
      blocks: [divider],
      metadata,
      stream: { state: 'stopped' },
    });
    const over = { ok: false, error: 'message_not_in_streaming_state' };
    expect(await call('chat.appendStream', { ...at, markdown_text: 'x' })).toEqual(over);
    expect(await call('chat.stopStream', at)).toEqual(over);
    expect(await call('chat.update', { ...at, text: 'Edited' })).toMatchObject({ ok: true });
  });

  test('lives for five minutes, however much is added to it', async () => {
    const { call, at, clock } = await started();
    clock.now += 299_999;
    expect(await call('chat.appendStream', { ...at, markdown_text: 'x' })).toMatchObject({ ok: true });
    clock.now += 1;
    const over = { error: 'message_not_in_streaming_state' };
    expect(await call('chat.appendStream', { ...at, markdown_text: 'x' })).toMatchObject(over);
    expect(await call('chat.update', { ...at, text: 'The whole' })).toMatchObject({ ok: true });
  });

  test('of tasks replaces their titles and adds to their details', async () => {
    const task = { type: 'task_update', id: 'draft', title: 'Draft', status: 'in_progress', details: 'One. ' };
    const { call, at, message } = await started([{ type: 'plan_update', title: 'Reflecting' }, task]);
    const done = { ...task, title: 'Drafted', status: 'complete', details: 'Two.' };
    await call('chat.appendStream', { ...at, chunks: [done, { type: 'markdown_text', text: 'Blue.' }] });
    expect(message()).toMatchObject({ text: 'Blue.', stream: { plan: 'Reflecting' } });
    expect([...(message()?.stream?.tasks.values() ?? [])]).toEqual([
      { id: 'draft', title: 'Drafted', status: 'complete', details: 'One. Two.', output: '' },
    ]);
  });

  test.each([
    ['completed', 'a status that Slack does not have'],
    ['', 'no status'],
  ])('takes no task with %j: %s', async (status) => {
    const { call, at } = await started([{ type: 'markdown_text', text: 'x' }]);
    const chunks = [{ type: 'task_update', id: 'a', title: 'A', status }];
    expect(await call('chat.appendStream', { ...at, chunks })).toMatchObject({ error: 'invalid_chunks' });
  });

  test('keeps to text or to chunks', async () => {
    const { call, at } = await started();
    const chunks = [{ type: 'markdown_text', text: 'x' }];
    expect(await call('chat.appendStream', { ...at, chunks })).toMatchObject({ error: 'streaming_mode_mismatch' });
  });

  test('ends when somebody stops it', async () => {
    const { call, at, double, thread } = await started();
    expect(double.stopStreams(team, channel, thread)).toEqual([at.ts]);
    expect(await call('chat.appendStream', { ...at, markdown_text: 'x' })).toMatchObject({ error: 'stopped_by_user' });
    expect(double.stopStreams(team, channel, thread)).toEqual([]);
  });

  test('needs somebody who receives it, and in a direct message a thread', async () => {
    const { call } = slackWorld();
    expect(await call('chat.startStream', { channel })).toMatchObject({ error: 'missing_recipient_team_id' });
    const half = { channel, recipient_team_id: team };
    expect(await call('chat.startStream', half)).toMatchObject({ error: 'missing_recipient_user_id' });
    const direct = { channel: directChannel, ...recipient };
    expect(await call('chat.startStream', direct)).toMatchObject({ error: 'invalid_arguments' });
  });
});

test('an answer hangs on a thread’s first message, and on no other', async () => {
  const { call, double } = slackWorld();
  const { ts } = double.write(team, { channel, user, text: 'Why?' });
  const answer = await call('chat.postMessage', { channel, thread_ts: ts, text: 'So.' });
  const under = await call('chat.postMessage', { channel, thread_ts: answer['ts'], text: 'And so.' });
  expect(under).toEqual({ ok: false, error: 'thread_not_found' });
});

describe('what is shown beside messages', () => {
  test('a status is gone after two minutes, and when a message is posted', async () => {
    const { call, double, clock, messages } = slackWorld();
    const { ts } = double.write(team, { channel, user, text: 'Why?' });
    const set = () => call('assistant.threads.setStatus', { channel_id: channel, thread_ts: ts, status: 'drafts' });
    await set();
    expect(messages.statusOf(channel, ts)).toBe('drafts');
    clock.now += 120_000;
    expect(messages.statusOf(channel, ts)).toBeNull();
    await set();
    await call('chat.postMessage', { channel, thread_ts: ts, text: 'So.' });
    expect(messages.statusOf(channel, ts)).toBeNull();
  });

  test('a session has a status of Slack’s, and the title that it began with', async () => {
    const { call, double, messages } = slackWorld();
    const { ts } = double.write(team, { channel, user, text: 'Why?' });
    const place = { channel_id: channel, thread_ts: ts };
    await call('agents.sessions.setStatus', { ...place, status: 'processing', title: 'Why?' });
    await call('agents.sessions.setStatus', { ...place, status: 'active', title: 'Other' });
    expect(messages.sessionOf(channel, ts)).toEqual({ status: 'active', title: 'Why?' });
    expect(await call('agents.sessions.setStatus', { ...place, status: 'done' })).toMatchObject({ ok: false });
  });

  test('prompts are of a channel, and of no thread', async () => {
    const { call, messages } = slackWorld();
    const prompts = [{ title: 'Ask', message: 'Why?' }];
    const given = { channel_id: directChannel, prompts };
    expect(await call('assistant.threads.setSuggestedPrompts', { ...given, thread_ts: '1.1' })).toMatchObject({
      ok: false,
    });
    expect(messages.suggestedPrompts.get(directChannel)).toBeUndefined();
    await call('assistant.threads.setSuggestedPrompts', given);
    expect(messages.suggestedPrompts.get(directChannel)).toEqual(prompts);
  });

  test('a view opens within three seconds of a click, and once', async () => {
    const { call, double, clock, messages } = slackWorld();
    const view = { type: 'modal', title: { type: 'plain_text', text: 'Reflection' }, blocks: [divider] };
    const open = (trigger_id: string) => call('views.open', { trigger_id, view });
    const late = double.issueTrigger(team, user);
    clock.now += 3_001;
    expect(await open(late)).toMatchObject({ error: 'expired_trigger_id' });
    const trigger = double.issueTrigger(team, user);
    clock.now += 3_000;
    expect(await open(trigger)).toMatchObject({ ok: true });
    expect(await open(trigger)).toMatchObject({ error: 'exchanged_trigger_id' });
    expect(await open('1.made.up')).toMatchObject({ error: 'invalid_trigger_id' });
    expect(messages.views).toMatchObject([{ user, view }]);
  });

  test('a home is published to somebody who is there', async () => {
    const { call, messages } = slackWorld();
    const view = { type: 'home', blocks: [divider] };
    expect(await call('views.publish', { user_id: 'U0404', view })).toMatchObject({ error: 'user_not_found' });
    await call('views.publish', { user_id: user, view });
    expect(messages.homes.get(user)).toEqual(view);
  });

  test('a channel tells whether the bot is in it', async () => {
    const { call, double } = slackWorld();
    double.workspace(team).scopes = ['channels:read', 'im:read'];
    expect(await call('conversations.info', { channel: 'C0002' })).toMatchObject({
      channel: { is_member: false, is_archived: false },
    });
    expect(await call('conversations.info', { channel: directChannel })).toMatchObject({
      channel: { is_im: true, user },
    });
  });
});

describe('a response_url', () => {
  const headers = { 'content-type': 'application/json' };

  function issued() {
    const world = slackWorld();
    const url = world.double.issueResponseUrl(team, { channel: 'C0002', user });
    const respond = async (body: unknown) => {
      const answer = await world.double.fetch(
        new Request(url, { method: 'POST', headers, body: JSON.stringify(body) }),
      );
      return [answer.status, await answer.text()];
    };
    return { ...world, url, respond };
  }

  test('serves five times, where the bot is not, and replaces what it said', async () => {
    const { respond, messages, double, url } = issued();
    double.acknowledge(url, JSON.stringify({ text: 'Reflecting' }));
    for (const text of ['1', '2', '3']) expect(await respond({ text, replace_original: true })).toEqual([200, 'ok']);
    expect(messages.ephemerals).toMatchObject([{ channel: 'C0002', user, text: '3' }]);
    expect(await respond({ delete_original: true })).toEqual([200, 'ok']);
    expect(messages.ephemerals).toEqual([]);
    expect(await respond({ text: 'All', response_type: 'in_channel' })).toEqual([200, 'ok']);
    expect(messages.inChannel('C0002')).toMatchObject([{ text: 'All' }]);
    expect(await respond({ text: '6' })).toEqual([404, JSON.stringify({ ok: false, error: 'used_url' })]);
  });

  test('serves for thirty minutes', async () => {
    const { respond, clock } = issued();
    clock.now += 30 * 60_000;
    expect(await respond({ text: 'x' })).toEqual([200, 'ok']);
    clock.now += 1;
    expect(await respond({ text: 'x' })).toEqual([404, JSON.stringify({ ok: false, error: 'expired_url' })]);
  });
});

describe('a code of an installation', () => {
  const client = { id: '1.2', secret: 'secret', redirectUri: 'https://reflection.example/channels/slack/oauth' };
  const given = { client_id: client.id, client_secret: client.secret, redirect_uri: client.redirectUri };

  test('is exchanged for a token, once', async () => {
    const { call, double } = slackWorld({ client });
    const code = double.issueCode(team, user);
    expect(await call('oauth.v2.access', { ...given, code })).toMatchObject({
      ok: true,
      access_token: token,
      team: { id: team },
      bot_user_id: 'UBOT',
    });
    expect(await call('oauth.v2.access', { ...given, code })).toEqual({ ok: false, error: 'code_already_used' });
  });

  test.each([
    [{ client_secret: 'other' }, 'bad_client_secret'],
    [{ client_id: 'other' }, 'invalid_client_id'],
    [{ redirect_uri: 'https://elsewhere.example' }, 'bad_redirect_uri'],
    [{ code: 'made-up' }, 'invalid_code'],
  ])('is not with %j', async (change, error) => {
    const { call, double } = slackWorld({ client });
    const code = double.issueCode(team, user);
    expect(await call('oauth.v2.access', { ...given, code, ...change })).toEqual({ ok: false, error });
  });

  test('is worth nothing after ten minutes', async () => {
    const { call, double, clock } = slackWorld({ client });
    const code = double.issueCode(team, user);
    clock.now += 600_001;
    expect(await call('oauth.v2.access', { ...given, code })).toEqual({ ok: false, error: 'code_expired' });
  });
});

describe('a fault of the schedule', () => {
  const post = { channel, text: 'x' };
  const on = 'chat.postMessage';

  async function under(fault: SlackFault) {
    const world = slackWorld({ faults: [fault] });
    const answers: string[] = [];
    for (let call = 0; call < 3; call++) {
      await world.send(on, post).then(
        async (response) => void answers.push(`${response.status} ${(await response.text()).slice(0, 25)}`),
        (error: unknown) => void answers.push(String(error)),
      );
    }
    const { length } = world.messages.inChannel(channel);
    return { answers, length, accepted: world.double.calls.map(({ accepted }) => accepted) };
  }

  test('strikes the call that it names, before or after Slack took it', async () => {
    const before = await under({ on, nth: 2, answer: 'status', status: 500, when: 'before' });
    expect(before).toMatchObject({ length: 2, accepted: [true, false, true] });
    const after = await under({ on, nth: 2, answer: 'status', status: 500, when: 'after' });
    expect(after).toMatchObject({ length: 3, accepted: [true, true, true] });
    for (const { answers } of [before, after]) expect(answers[1]).toMatch(/^500 <!doctype/);
  });

  test('breaks a connection after Slack took the call', async () => {
    const { answers, length } = await under({ on: '*', nth: [1, 3], answer: 'broken', when: 'after' });
    expect(length).toBe(3);
    expect(answers).toEqual(['TypeError: fetch failed', expect.stringMatching(/^200/), 'TypeError: fetch failed']);
  });

  test('tells to wait, with the time', async () => {
    const { send } = slackWorld({ faults: [{ on, nth: 1, answer: 'rate_limited', retryAfterSeconds: 7 }] });
    const answer = await send(on, post);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7']);
  });

  test('refuses by name', async () => {
    const { call, double } = slackWorld({ faults: [{ on, answer: 'error', error: 'internal_error' }] });
    expect(await call(on, post)).toEqual({ ok: false, error: 'internal_error' });
    expect(double.callsOf(on)).toMatchObject([{ accepted: false, error: 'internal_error', fault: 'error' }]);
  });

  test('leaves the caller without an answer, until the caller leaves', async () => {
    const { double, messages } = slackWorld({ faults: [{ on, answer: 'silence', when: 'after' }] });
    const leaving = new AbortController();
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const { signal } = leaving;
    const body = JSON.stringify(post);
    const answer = double.fetch(
      new Request('https://slack.com/api/chat.postMessage', { method: 'POST', headers, body, signal }),
    );
    const ended = answer.then(
      () => 'answered',
      () => 'left',
    );
    await expect.poll(() => messages.inChannel(channel).length).toBe(1);
    leaving.abort();
    expect(await ended).toBe('left');
    expect(double.calls).toMatchObject([{ accepted: true, status: null }]);
  });
});

test('the log tells every call, what came with it, and what became of it', async () => {
  const { call, double, clock } = slackWorld();
  await call('chat.postMessage', { channel, text: 'x' });
  clock.now += 1_000;
  await call('chat.postMessage', { channel: 'C0404', text: 'x' });
  expect(double.callsOf('chat.postMessage')).toMatchObject([
    { team, arguments: { channel }, accepted: true, error: null, status: 200 },
    { team, accepted: false, error: 'channel_not_found', status: 200, at: clock.now },
  ]);
});
