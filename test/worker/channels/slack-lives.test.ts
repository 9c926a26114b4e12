/** Twenty workspaces in the real Worker, each with a schedule of faults of its own, while all objects are lost at once, again and again. */
import { abortAllDurableObjects, runDurableObjectAlarm } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { afterAll, expect, test, vi } from 'vitest';
import { workspaceCaller } from '../../../src/channels/workspace-caller.ts';
import { faultOf } from '../../channels/slack/slack-faults-by-chance.ts';
import { Chance } from '../../simulation/chance.ts';
import { SlackDouble } from '../../support/slack-double.ts';
import { SlackSender } from '../../support/slack-sender.ts';

const signingSecret = 'a secret that Slack and the service share';
const token = 'xoxb-0001';
const user = 'U0001';
const service = 'http://localhost:8787';

// A test file has its own isolate, and its Worker reads these at the first request.
Object.assign(env, {
  MODEL_PROVIDER: 'openai-compatible',
  UPSTREAM_URL: 'http://upstream.test/v1',
  UPSTREAM_MODEL: 'test-model',
  UPSTREAM_CLASS: 'large',
  SLACK_SIGNING_SECRET: signingSecret,
  SLACK_BOT_TOKEN: token,
});

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Says the question's own word again, slowly. */
function completion(body: string): Response {
  const [word = 'nothing'] = /word\d+/.exec(body) ?? [];
  const pieces = ['The ', 'answer ', 'to ', `${word} `, 'is ', '42.'];
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    async start(controller) {
      const say = (chunk: unknown) => controller.enqueue(encoder.encode(`data: ${JSON.stringify(chunk)}\n\n`));
      for (const content of pieces) {
        await pause(250);
        say({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
      }
      say({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
      controller.enqueue(encoder.encode('data: [DONE]\n\n'));
      controller.close();
    },
  });
  return new Response(stream, { headers: { 'content-type': 'text/event-stream' } });
}

const lives = Array.from({ length: 20 }, (_, index) => {
  const chance = new Chance(index + 1);
  const team = `T${index}`;
  const channel = `C${index}`;
  const faults = Array.from({ length: chance.integer(1, 5) }, () => faultOf(chance));
  const channels = [{ id: channel, kind: 'public', users: [user] }] as const;
  const double = new SlackDouble({ now: Date.now, faults, workspaces: [{ team, token, channels }] });
  const sender = new SlackSender({ double, signingSecret, now: Date.now, team, service });
  const { delivery, message } = sender.mention({ channel, user, text: `What is the word${index}?` });
  const thread = () =>
    double
      .workspace(team)
      .messages.inThread(channel, message.ts)
      .filter(({ bot }) => bot !== null);
  const object = env.ACCOUNTS.getByName(workspaceCaller({ channel: 'slack', id: team }).account);
  return { index, chance, double, delivery, thread, object, channel };
});

afterAll(() => vi.restoreAllMocks());

function fakeSlack(form: string): SlackDouble {
  const given = new URLSearchParams(form);
  const channel = given.get('channel') ?? given.get('channel_id');
  const life = lives.find((each) => each.channel === channel);
  if (!life) throw new Error(`Nobody knows the channel ${channel}.`);
  return life.double;
}

test('each question has exactly one answer', { timeout: 240_000 }, async () => {
  for (const level of ['info', 'warn', 'error'] as const) vi.spyOn(console, level).mockImplementation(() => undefined);
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
    const address = String(url);
    if (address.startsWith('http://upstream.test')) return completion(String(init?.body));
    return fakeSlack(String(init?.body)).fetch(address, init);
  });

  const told = lives.map(async ({ chance, delivery }) => {
    await pause(chance.integer(0, 1_500));
    const times = chance.integer(1, 4);
    for (let attempt = 0; attempt < times; attempt += 1) {
      const response = await exports.default.fetch(delivery.request()).catch(() => undefined);
      if (response?.status !== 200) attempt -= 1;
      await pause(chance.integer(0, 2_000));
    }
  });
  for (const after of [900, 1_400, 2_200]) {
    await pause(after);
    await abortAllDurableObjects();
    // The platform wakes them by their alarms; here nobody has to wait for those.
    for (const { object } of lives) await runDurableObjectAlarm(object).catch(() => undefined);
  }
  await Promise.all(told);

  const isAnswered = ({ thread }: (typeof lives)[number]) =>
    thread().some(({ metadata }) => metadata?.event_payload['is_answer'] === true);
  for (let waited = 0; waited < 180 && !lives.every(isAnswered); waited += 1) {
    await pause(1_000);
    for (const life of lives) if (!isAnswered(life)) await runDurableObjectAlarm(life.object).catch(() => undefined);
  }
  const posted = lives.map(({ thread }) =>
    thread().map(({ text, metadata }) => ({ text, isAnswer: metadata?.event_payload['is_answer'] })),
  );
  expect(posted).toEqual(lives.map(({ index }) => [{ text: `The answer to word${index} is 42.`, isAnswer: true }]));
});
