/** What stands on the terminal when everything runs. */
import type { ChannelConfig } from '../src/channels/config.ts';
import type { ModelChoice } from './models.ts';
import { modelLabel } from './models.ts';
import { formatBytes } from './progress.ts';

/** Who answers. */
export type Answerer =
  | { readonly kind: 'local'; readonly choice: ModelChoice }
  | { readonly kind: 'upstream'; readonly url: string; readonly model: string; readonly class: 'small' | 'large' }
  | { readonly kind: 'workers-ai' };

/** Who may ask. */
export interface Access {
  readonly apiKey: string;
  /** The folder of what is kept, or the secrets that are nowhere to be read after the launch. */
  readonly kept: string | { readonly adminToken: string; readonly webhookSecret: string };
}

export interface Ready {
  /** `http://127.0.0.1:8787`. */
  readonly address: string;
  readonly answerer: Answerer;
  readonly access: Access;
  readonly channels: Pick<ChannelConfig, 'slack' | 'discord'>;
  /** Undefined while nothing is kept. */
  readonly stateFolder: string | undefined;
}

export function readyText({ address, answerer, access, channels, stateFolder }: Ready): string {
  const rows = [
    ['API', `${address}/v1`],
    ['Browser', `${address}/`],
    ...describeAccess(access),
    ...describeAnswerer(answerer),
    ...describeChannels(channels),
    ['State', stateFolder ?? 'kept nowhere: removed on exit'],
  ] as const;
  const lines = rows.map(([name, value]) => `  ${name.padEnd(9)} ${value}`);
  return `\nedge-reflection is ready.\n\n${lines.join('\n')}\n\nTry it:\n\n${curlLine(address, access.apiKey)}\n\nCtrl-C stops everything.\n`;
}

/** The README's: a small model forgets the commas, so the first answer shows a reflection. No apostrophe may stand in it. */
const firstQuestion = {
  input: 'Write two sentences about the sea. Do not use any commas.',
  checks: [
    { type: 'forbidden_characters', characters: [','] },
    { type: 'sentences', exactly: 2 },
  ],
};

/** A line that works when pasted into a POSIX shell. */
export function curlLine(address: string, apiKey: string): string {
  const body = JSON.stringify(firstQuestion);
  return `curl -s ${address}/v1/reflections -H 'authorization: Bearer ${apiKey}' -H 'content-type: application/json' -d '${body}'`;
}

type Row = readonly [name: string, value: string];

/** Which of them answer. Their platforms reach this machine through a tunnel. */
function describeChannels({ slack, discord }: Ready['channels']): Row[] {
  const isWithoutToken = slack !== null && slack.botToken === undefined && slack.install === null;
  return [
    ...(slack ? [['Slack', '/channels/slack/events, …/commands, …/interactions (docs/slack.md)'] as const] : []),
    ...(isWithoutToken
      ? [['', 'It can answer commands alone: SLACK_BOT_TOKEN is not set, nor all three variables of OAuth'] as const]
      : []),
    ...(discord ? [['Discord', '/channels/discord/interactions (docs/discord.md)'] as const] : []),
  ];
}

function describeAccess({ apiKey, kept }: Access): Row[] {
  const where = 'on this machine only (loopback)';
  if (typeof kept === 'string') {
    return [
      ['Access', apiKey],
      ['', `${where}; kept in ${kept}, with the admin token and the webhook secret`],
    ];
  }
  return [
    ['Access', apiKey],
    ['', `${where}, until exit`],
    ['Admin', kept.adminToken],
    ['Webhooks', kept.webhookSecret],
  ];
}

function describeAnswerer(answerer: Answerer): readonly Row[] {
  if (answerer.kind === 'workers-ai')
    return [['Model', 'Workers AI, by your Cloudflare account: each call counts there']];
  if (answerer.kind === 'upstream') {
    return [['Model', `${answerer.model} at ${answerer.url} (taken as ${answerer.class})`]];
  }
  const { choice } = answerer;
  const weak: Row = [
    '',
    'It runs on this machine. A small model is often wrong: use it to try things, not to trust them.',
  ];
  if (choice.kind === 'file')
    return [['Model', `${modelLabel(choice)}, ${formatBytes(choice.bytes)}, ${choice.path}`], weak];
  const { name, parameters, bytes, licence, notice } = choice.model;
  const rows: readonly Row[] = [
    ['Model', `${name}, ${parameters}, ${formatBytes(bytes)}`],
    ['Licence', `${licence}${notice === null ? '' : `. ${notice}`}`],
  ];
  return [...rows, weak];
}
