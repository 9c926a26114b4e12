/** Where Slack calls, with what its double sends: forged calls start nothing, and everything else is acknowledged. */
import type { AgentSessionStoppedEvent } from '@slack/types';
import { describe, expect, test } from 'vitest';
import { defaultSettings, type Question, type RoomSettings, type Workspace } from '../../../src/channels/channel.ts';
import { usage } from '../../../src/channels/slack/command-words.ts';
import { slackPaths } from '../../../src/channels/slack/paths.ts';
import type { SlackPlace } from '../../../src/channels/slack/payloads.ts';
import { type SlackRoutesPorts, slackRoutes } from '../../../src/channels/slack/routes.ts';
import { AppError, type LogEntry } from '../../../src/errors.ts';
import { emptyFold } from '../../../src/reflection/fold.ts';
import type { Reflection } from '../../../src/reflection/record.ts';
import type { Feedback } from '../../../src/runs/runs.ts';
import { routeApp } from '../../http/route-app.ts';
import { signatureOf } from '../../support/slack-delivery.ts';
import { SlackSender } from '../../support/slack-sender.ts';
import { channel, directChannel, slackWorld, team, user } from './slack-world.ts';

const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5';
const workspace: Workspace = { channel: 'slack', id: team };
const other = 'U0002';
const record: Reflection = { ...emptyFold.record, id: 'refl_1', status: 'completed', output: 'Yes.' };

const busy = new AppError('upstream_busy', 'The account cannot be asked.');
const never = new Promise<never>(() => undefined);

/** The routes with a workspace that keeps what it was told: one run, `refl_1`, which `user` asked for. */
function routes(change: Partial<SlackRoutesPorts['workspaces']> = {}, ports: Partial<SlackRoutesPorts> = {}) {
  const world = slackWorld();
  const told: {
    questions: Question[];
    stops: (readonly [Workspace, string, string | null])[];
    ratings: (readonly [Workspace, string, Feedback])[];
    gone: Workspace[];
    views: (readonly [Workspace, string, Reflection])[];
    whispers: (readonly [SlackPlace, string, string])[];
    log: LogEntry[];
  } = { questions: [], stops: [], ratings: [], gone: [], views: [], whispers: [], log: [] };
  const rooms = new Map<string, RoomSettings>();
  const workspaces: SlackRoutesPorts['workspaces'] = {
    ask: async (question) => {
      told.questions.push(question);
    },
    stopPlace: async (...stop) => {
      told.stops.push(stop);
    },
    stop: async (of, run, member) => {
      told.stops.push([of, run, member]);
      return run === record.id && member === user;
    },
    read: async (_, run) => (run === record.id ? record : undefined),
    rate: async (of, run, feedback) => {
      told.ratings.push([of, run, feedback]);
      return run === record.id;
    },
    settings: async (_, room) => rooms.get(room) ?? defaultSettings,
    changeSettings: async (_, room, settings) => {
      const after = { ...(rooms.get(room) ?? defaultSettings), ...settings };
      rooms.set(room, after);
      return after;
    },
    uninstall: async (of) => {
      told.gone.push(of);
    },
    ...change,
  };
  const { app } = routeApp((all) =>
    all.route(
      '/',
      slackRoutes({
        workspaces,
        signingSecret,
        now: () => world.clock.now,
        pause: () => never,
        log: (entry) => told.log.push(entry),
        openView: async (...view) => {
          told.views.push(view);
          return { type: 'done', answer: null };
        },
        whisper: async (...said) => told.whispers.push(said),
        ...ports,
      }),
    ),
  );
  const sender = new SlackSender({
    double: world.double,
    signingSecret,
    now: () => world.clock.now,
    team,
    service: 'https://reflection.example',
  });
  const signed = (path: string, body: string, type = 'application/json') =>
    new Request(`https://reflection.example${path}`, {
      method: 'POST',
      headers: { 'content-type': type, ...signatureOf(body, signingSecret, world.clock.now) },
      body,
    });
  return { ...world, told, sender, signed, send: async (request: Request) => app.request(request) };
}

/** A message of the bot's with everything that can be clicked on, about a run. */
function answered({ double }: ReturnType<typeof routes>, run: string, thread: string | null) {
  const button = (action_id: string) =>
    ({ type: 'button', action_id, value: run, text: { type: 'plain_text', text: 'x' } }) as const;
  return double.workspace(team).messages.post({
    channel,
    thread,
    user: 'UBOT',
    bot: 'BBOT',
    text: 'Yes.',
    metadata: null,
    blocks: [
      { type: 'actions', block_id: 'b', elements: [button('reflection_show'), button('reflection_stop')] },
      {
        type: 'context_actions',
        block_id: 'f',
        elements: [
          {
            type: 'feedback_buttons',
            action_id: 'reflection_feedback',
            positive_button: { text: { type: 'plain_text', text: 'Good' }, value: `up:${run}` },
            negative_button: { text: { type: 'plain_text', text: 'Bad' }, value: `down:${run}` },
          },
        ],
      },
    ],
  });
}

describe('a request that Slack did not sign', () => {
  const body = JSON.stringify({ type: 'url_verification', challenge: 'x' });
  const right = signatureOf(body, signingSecret, 1_790_000_000_000);
  const { 'x-slack-signature': signature = '', 'x-slack-request-timestamp': timestamp = '' } = right;

  test.each<readonly [string, Readonly<Record<string, string>>, string]>([
    ['without a signature', { 'x-slack-request-timestamp': timestamp }, body],
    ['without a time', { 'x-slack-signature': signature }, body],
    ['with nothing', {}, body],
    ['with another body', right, `${body} `],
    ['with another secret', signatureOf(body, 'other', 1_790_000_000_000), body],
    ['that is too old', signatureOf(body, signingSecret, 1_790_000_000_000 - 301_000), body],
    ['from the future', signatureOf(body, signingSecret, 1_790_000_000_000 + 3_600_000), body],
    ['whose time is a word', { ...right, 'x-slack-request-timestamp': 'abc' }, body],
    ['whose signature is no number', { ...right, 'x-slack-signature': `v0=${'zz'.repeat(32)}` }, body],
    ['whose signature is short', { ...right, 'x-slack-signature': signature.slice(0, -2) }, body],
    ['whose signature is long', { ...right, 'x-slack-signature': `${signature}00` }, body],
    ['in another version', { ...right, 'x-slack-signature': signature.replace('v0', 'v1') }, body],
    ['with no body', right, ''],
  ])('%s is refused with 401 and starts nothing', async (_, headers, sent) => {
    for (const path of Object.values(slackPaths)) {
      const { send, told } = routes();
      const request = new Request(`https://reflection.example${path}`, { method: 'POST', headers, body: sent });
      const response = await send(request);
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ error: { code: 'invalid_signature' } });
      expect(Object.values(told).flat()).toEqual([]);
    }
  });

  test('and is larger than a megabyte is not read to its end', async () => {
    const { send } = routes();
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    const init = { method: 'POST', body: endless, duplex: 'half', headers: right } as const;
    const response = await send(new Request(`https://reflection.example${slackPaths.events}`, init));
    expect(response.status).toBe(413);
    expect(pulled).toBeLessThan(20);
  });
});

describe('an event', () => {
  test('that asks for its challenge gets it', async () => {
    const { send, sender } = routes();
    const response = await send(sender.verification('3eZbrw1aB10F').request());
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ challenge: '3eZbrw1aB10F' });
  });

  test('a mention is asked in its thread, under the same id however often it comes', async () => {
    const { send, sender, told } = routes();
    const { delivery, message } = sender.mention({ channel, user, text: 'Is the sky blue?' });
    for (const request of [delivery.request(), delivery.retry(1, 'http_timeout'), delivery.retry(3, 'http_error')]) {
      expect((await send(request)).status).toBe(200);
    }
    expect(new Set(told.questions.map(({ id }) => id)).size).toBe(1);
    expect(told.questions[0]).toMatchObject({
      workspace,
      member: user,
      room: channel,
      place: `${channel}:${message.ts}`,
    });
    expect(JSON.parse(told.questions[0]?.content ?? '')).toMatchObject({ by: 'mention', text: 'Is the sky blue?' });
  });

  test('a direct message is asked', async () => {
    const { send, sender, told } = routes();
    expect((await send(sender.direct({ channel: directChannel, user, text: 'Well?' }).delivery.request())).status).toBe(
      200,
    );
    expect(told.questions).toHaveLength(1);
  });

  test('of a workspace that cannot be asked is refused with 503, so that Slack sends it again', async () => {
    const { send, sender } = routes({ ask: () => Promise.reject(busy) });
    const response = await send(sender.mention({ channel, user, text: 'Well?' }).delivery.request());
    expect(response.status).toBe(503);
    expect(response.headers.has('x-slack-no-retry')).toBe(false);
  });

  test('a stopped session stops what its user asked for there', async () => {
    const { send, sender, told } = routes();
    const thread = '1790000000.000200';
    const event: AgentSessionStoppedEvent = {
      type: 'agent_session_stopped',
      channel,
      thread_ts: thread,
      user,
      streaming_message_ts: [],
      event_ts: thread,
    };
    expect((await send(sender.event(event).request())).status).toBe(200);
    expect(told.stops).toEqual([[workspace, `${channel}:${thread}`, user]]);
  });

  test('that the app was removed removes the workspace, in whatever order it is told', async () => {
    const { send, sender, told } = routes();
    for (const delivery of sender.uninstalled()) expect((await send(delivery.request())).status).toBe(200);
    expect(told.gone).toEqual([workspace, workspace]);
  });

  test('that means nothing here is acknowledged, and no word of it is logged', async () => {
    const { send, sender, told, double, signed } = routes();
    const message = double.write(team, { channel, user, text: 'a secret' });
    const requests = [
      sender.echo(answered({ ...routes(), double }, 'refl_1', null)).request(),
      sender.changed(message, 'another secret').request(),
      sender.homeOpened({ channel: directChannel, user, tab: 'messages' }).request(),
      signed(slackPaths.events, 'not JSON with a secret'),
      signed(slackPaths.events, '[]'),
      signed(slackPaths.interactions, 'payload=secret', 'application/x-www-form-urlencoded'),
      signed(slackPaths.interactions, ''),
      signed(slackPaths.commands, 'ssl_check=1', 'application/x-www-form-urlencoded'),
    ];
    for (const request of requests) {
      const response = await send(request);
      expect([response.status, await response.text()]).toEqual([200, '']);
    }
    expect(told.questions).toEqual([]);
    expect(told.log).toHaveLength(requests.length);
    expect(JSON.stringify(told.log)).not.toContain('secret');
  });
});

describe('a command', () => {
  const given = async (world: ReturnType<typeof routes>, text: string) => {
    const { delivery, responseUrl } = world.sender.command({ channel, user, text });
    const response = await world.send(delivery.request());
    const body = await response.text();
    expect(response.status).toBe(200);
    // As Slack shows it: refused where it could not.
    expect(world.double.acknowledge(responseUrl, body)).toBe(null);
    return JSON.parse(body);
  };

  test('that asks is answered at once, to its user alone', async () => {
    const world = routes();
    expect(await given(world, 'Is the sky blue?')).toEqual({
      response_type: 'ephemeral',
      text: 'Taking a second look…',
    });
    expect(world.told.questions).toMatchObject([{ member: user, room: channel, place: `${channel}:` }]);
  });

  test('that cannot be taken says so, because Slack gives it only once', async () => {
    const world = routes({ ask: () => Promise.reject(busy) });
    expect(await given(world, 'Is the sky blue?')).toMatchObject({ text: expect.stringContaining('Try again') });
    expect(world.told.log).toMatchObject([{ level: 'error', event: 'slack.command_failed', code: 'upstream_busy' }]);
  });

  test.each(['', 'help'])('%j says what can be said', async (text) => {
    const world = routes();
    expect(await given(world, text)).toEqual({ response_type: 'ephemeral', text: usage });
    expect(world.told.questions).toEqual([]);
  });

  test('changes the settings of its channel, and says how they stand', async () => {
    const world = routes();
    const usual = 'Answers are on here: the usual tier, in the language of the question.';
    expect((await given(world, 'settings')).text).toContain(usual);
    expect((await given(world, 'set tier quality')).text).toContain('tier quality, in the language of the question.');
    expect((await given(world, 'set language Korean')).text).toContain('tier quality, in Korean.');
    expect((await given(world, 'off')).text).toContain('Answers are off here: tier quality, in Korean.');
    await given(world, 'on');
    await given(world, 'set language auto');
    expect((await given(world, 'set tier default')).text).toContain(usual);
    expect(world.told.questions).toEqual([]);
  });

  test('with a word that is no tier is told which there are', async () => {
    const world = routes();
    expect((await given(world, 'set tier huge')).text).toBe(
      'That is no tier. There are default, fast, balanced, quality, or max.',
    );
    expect((await given(world, 'settings')).text).toContain('the usual tier');
  });
});

describe('a click', () => {
  test('on the shortcut asks about the message', async () => {
    const { send, sender, told, double } = routes();
    const message = double.write(team, { channel, user: other, text: 'The sky is green.' });
    const { delivery } = sender.messageShortcut({ user, message, callbackId: 'reflect_on_this' });
    expect((await send(delivery.request())).status).toBe(200);
    expect(told.questions).toMatchObject([{ member: user, place: `${channel}:${message.ts}` }]);
  });

  test('on stop stops the asker’s own run, and tells others why not', async () => {
    const world = routes();
    const message = answered(world, 'refl_1', '1790000000.000100');
    for (const who of [user, other]) {
      const { delivery } = world.sender.click({ user: who, message, actionId: 'reflection_stop' });
      expect((await world.send(delivery.request())).status).toBe(200);
    }
    expect(world.told.stops).toEqual([
      [workspace, 'refl_1', user],
      [workspace, 'refl_1', other],
    ]);
    const place = { team, channel, thread: '1790000000.000100' };
    expect(world.told.whispers).toEqual([[place, other, 'Only whoever asked can stop this, while it goes on.']]);
  });

  test('on a thumb is kept as feedback', async () => {
    const world = routes();
    const message = answered(world, 'refl_1', null);
    const { delivery } = world.sender.click({
      user: other,
      message,
      actionId: 'reflection_feedback',
      rating: 'negative',
    });
    expect((await world.send(delivery.request())).status).toBe(200);
    const feedback = { rating: 'down', comment: null, preferred_output: null, created_at: 1_790_000_000 };
    expect(world.told.ratings).toEqual([[workspace, 'refl_1', feedback]]);
  });

  test('on “Show reflection” opens its view', async () => {
    const world = routes();
    const message = answered(world, 'refl_1', null);
    const { delivery, trigger } = world.sender.click({ user: other, message, actionId: 'reflection_show' });
    expect((await world.send(delivery.request())).status).toBe(200);
    expect(world.told.views).toEqual([[workspace, trigger, record]]);
  });

  test.each(['reflection_show', 'reflection_feedback'])('on %s of a run that is gone says so', async (actionId) => {
    const world = routes();
    const { delivery } = world.sender.click({ user, message: answered(world, 'refl_2', null), actionId });
    expect((await world.send(delivery.request())).status).toBe(200);
    expect(world.told.whispers).toMatchObject([[{ channel }, user, 'This reflection is not stored any more.']]);
    expect(world.told.views).toEqual([]);
  });

  test.each([
    { type: 'refused', error: 'expired_trigger_id' },
    { type: 'later', retryAfterMs: 1_000 },
    { type: 'unknown' },
  ] as const)('whose view does not open ($type) says so', async (result) => {
    const world = routes({}, { openView: async () => result });
    const message = answered(world, 'refl_1', null);
    const { delivery } = world.sender.click({ user, message, actionId: 'reflection_show' });
    expect((await world.send(delivery.request())).status).toBe(200);
    expect(world.told.whispers).toMatchObject([
      [{ channel }, user, 'The reflection could not be opened just now. Click again in a moment.'],
    ]);
  });

  test('whose view does not open in time is acknowledged all the same', async () => {
    const waits: number[] = [];
    const pause = async (milliseconds: number) => {
      waits.push(milliseconds);
    };
    const world = routes({}, { openView: () => never, pause });
    const { delivery } = world.sender.click({
      user,
      message: answered(world, 'refl_1', null),
      actionId: 'reflection_show',
    });
    expect((await world.send(delivery.request())).status).toBe(200);
    expect(waits).toEqual([2_500]);
    expect(world.told.log).toMatchObject([{ event: 'slack.late' }]);
  });

  test('that the workspace cannot be asked about fails with 503', async () => {
    const world = routes({ read: () => Promise.reject(busy) });
    const { delivery } = world.sender.click({
      user,
      message: answered(world, 'refl_1', null),
      actionId: 'reflection_show',
    });
    expect((await world.send(delivery.request())).status).toBe(503);
  });
});
