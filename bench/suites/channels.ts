/** How soon Slack and Discord are told that a question was taken, while the model takes a minute for each answer. */
import { createHmac, createSecretKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { expectStatus, type Question } from '../client.ts';
import { plainMock } from '../mock-settings.ts';
import type { Acknowledgement } from '../results.ts';
import { type Bench, scaled } from './bench.ts';

const signingSecret = 'bench-signing-secret';
/** As many questions at a time wait for their answers. */
const teams = 25;
const betweenMs = 20;

/** What a platform sends: the n-th question. */
interface Platform {
  readonly name: string;
  readonly path: string;
  question(index: number): Pick<Question, 'headers' | 'body'>;
}

export async function measureChannels(bench: Bench): Promise<Acknowledgement[]> {
  const slack = await startSlack();
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const ours = await bench.startOurs({
    variables: {
      SLACK_SIGNING_SECRET: signingSecret,
      SLACK_BOT_TOKEN: 'xoxb-bench',
      SLACK_API_URL: slack.address,
      DISCORD_PUBLIC_KEY: Buffer.from(x, 'base64url').toString('hex'),
      DISCORD_API_URL: slack.address,
    },
  });
  try {
    await bench.upstream.behave({ ...plainMock, delayMs: 60_000 });
    const rows: Acknowledgement[] = [];
    for (const platform of [slackEvents, slackCommands, discordCommands(privateKey)]) {
      rows.push(await measured(bench, ours.address, platform));
    }
    return rows;
  } finally {
    await ours.stop();
    slack.stop();
  }
}

async function measured(bench: Bench, address: string, platform: Platform): Promise<Acknowledgement> {
  const questions = scaled(bench, 1_000, 50);
  const ask = (index: number) => bench.client.ask({ url: address + platform.path, ...platform.question(index) });
  // The first of each workspace makes its account.
  for (let index = 0; index < teams; index += 1) expectStatus(await ask(index), 200, platform.name);
  const answered: Promise<number>[] = [];
  for (let index = teams; index < teams + questions; index += 1) {
    answered.push(ask(index).then((answer) => expectStatus(answer, 200, platform.name).ms));
    await pause(betweenMs);
  }
  const ms = await Promise.all(answered);
  bench.say(`  ${platform.name}: the slowest ${Math.max(...ms).toFixed(1)} ms`);
  return { name: platform.name, ms };
}

const slackEvents: Platform = {
  name: 'a mention in Slack',
  path: '/channels/slack/events',
  question(index) {
    const ts = `${1_790_000_000 + index}.000100`;
    const event = {
      type: 'app_mention',
      user: `U${index % 100}`,
      text: '<@UBOT> Why?',
      ts,
      channel: 'C1',
      event_ts: ts,
    };
    const body = { type: 'event_callback', team_id: teamOf(index), event_id: `Ev${index}`, event };
    return signedBySlack(JSON.stringify(body), 'application/json');
  },
};

const slackCommands: Platform = {
  name: 'a slash command in Slack',
  path: '/channels/slack/commands',
  question(index) {
    const form = new URLSearchParams({
      team_id: teamOf(index),
      channel_id: 'C1',
      user_id: `U${index % 100}`,
      command: '/reflect',
      text: 'Why?',
      trigger_id: `trigger-${index}`,
      response_url: 'https://hooks.slack.com/commands/none',
    });
    return signedBySlack(form.toString(), 'application/x-www-form-urlencoded');
  },
};

function discordCommands(privateKey: KeyObject): Platform {
  return {
    name: 'a command in Discord',
    path: '/channels/discord/interactions',
    question(index) {
      const body = JSON.stringify({
        id: String((BigInt(Date.now() - 1_420_070_400_000) << 22n) + BigInt(index)),
        application_id: '1000000000000000000',
        token: `token-${index}`,
        type: 2,
        guild_id: String(1_300_000_000_000_000_000n + BigInt(index % teams)),
        channel_id: '1200000000000000000',
        member: { user: { id: String(1_400_000_000_000_000_000n + BigInt(index % 100)) } },
        data: { name: 'reflect', options: [{ name: 'prompt', type: 3, value: 'Why?' }] },
      });
      const timestamp = String(Math.floor(Date.now() / 1_000));
      const signature = sign(null, Buffer.from(timestamp + body), privateKey).toString('hex');
      return { headers: { 'x-signature-timestamp': timestamp, 'x-signature-ed25519': signature }, body };
    },
  };
}

function teamOf(index: number): string {
  return `T${index % teams}`;
}

function signedBySlack(body: string, type: string): Pick<Question, 'headers' | 'body'> {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const hmac = createHmac('sha256', createSecretKey(signingSecret, 'utf8')).update(`v0:${timestamp}:${body}`);
  const headers = {
    'content-type': type,
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${hmac.digest('hex')}`,
  };
  return { headers, body };
}

/** Both platforms, as far as calls to them go: each is taken. */
async function startSlack(): Promise<{ readonly address: string; stop(): void }> {
  const server: Server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"ok":true,"ts":"1790000000.000200","messages":[],"id":"1"}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('There is no port.');
  return {
    address: `http://127.0.0.1:${address.port}`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
