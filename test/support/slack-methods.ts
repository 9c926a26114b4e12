/** The methods of Slack's Web API that the double knows: what each takes, what a token must be allowed, and how often. */
import { valueOfJson } from '../../src/encoding.ts';
import { type SlackRate, slackRates } from './slack-limits.ts';

/** `texts`: a list, as JSON or with commas between. */
type ArgumentType = 'text' | 'texts' | 'boolean' | 'number' | 'json';

interface MethodFacts {
  readonly required: Readonly<Record<string, ArgumentType>>;
  readonly optional: Readonly<Record<string, ArgumentType>>;
  /** Null where the method decides by the kind of channel, or needs none. */
  readonly scope: string | null;
  readonly rate: SlackRate;
  /** Reading methods and OAuth take forms only. */
  readonly body: 'form' | 'form or JSON';
  /** `oauth.v2.access` is called with the app's secret, and no token. */
  readonly token: boolean;
}

const reads = { body: 'form', token: true, scope: null } as const;
const writes = { body: 'form or JSON', token: true } as const;
const author = { username: 'text', icon_emoji: 'text', icon_url: 'text' } as const;
const content = { text: 'text', blocks: 'json', attachments: 'json', markdown_text: 'text' } as const;
const parsing = { link_names: 'boolean', parse: 'text' } as const;
const stream = { markdown_text: 'text', chunks: 'json' } as const;

/** Each method's page: https://docs.slack.dev/reference/methods/METHOD */
export const slackMethods = {
  'auth.test': { ...writes, required: {}, optional: {}, scope: null, rate: slackRates.special },
  'chat.postMessage': {
    ...writes,
    required: { channel: 'text' },
    optional: {
      ...content,
      ...author,
      ...parsing,
      thread_ts: 'text',
      reply_broadcast: 'boolean',
      unfurl_links: 'boolean',
      unfurl_media: 'boolean',
      mrkdwn: 'boolean',
      metadata: 'json',
    },
    scope: 'chat:write',
    rate: slackRates.posting,
  },
  'chat.update': {
    ...writes,
    required: { channel: 'text', ts: 'text' },
    optional: { ...content, ...parsing, reply_broadcast: 'boolean', metadata: 'json' },
    scope: 'chat:write',
    rate: slackRates.tier3,
  },
  'chat.delete': {
    ...writes,
    required: { channel: 'text', ts: 'text' },
    optional: {},
    scope: 'chat:write',
    rate: slackRates.tier3,
  },
  'chat.postEphemeral': {
    ...writes,
    required: { channel: 'text', user: 'text' },
    optional: { ...content, ...author, ...parsing, thread_ts: 'text' },
    scope: 'chat:write',
    rate: slackRates.tier4,
  },
  'chat.startStream': {
    ...writes,
    required: { channel: 'text' },
    optional: {
      ...stream,
      ...author,
      thread_ts: 'text',
      recipient_user_id: 'text',
      recipient_team_id: 'text',
      task_display_mode: 'text',
    },
    scope: 'chat:write',
    rate: slackRates.tier2,
  },
  'chat.appendStream': {
    ...writes,
    required: { channel: 'text', ts: 'text' },
    optional: stream,
    scope: 'chat:write',
    rate: slackRates.tier4,
  },
  'chat.stopStream': {
    ...writes,
    required: { channel: 'text', ts: 'text' },
    optional: { ...stream, blocks: 'json', metadata: 'json', session_status: 'text' },
    scope: 'chat:write',
    rate: slackRates.tier2,
  },
  'assistant.threads.setStatus': {
    ...writes,
    required: { channel_id: 'text', thread_ts: 'text', status: 'text' },
    optional: { ...author, loading_messages: 'texts' },
    scope: 'chat:write',
    rate: slackRates.special,
  },
  'assistant.threads.setSuggestedPrompts': {
    ...writes,
    required: { channel_id: 'text', prompts: 'json' },
    optional: { title: 'text', thread_ts: 'text' },
    scope: 'assistant:write',
    rate: slackRates.tier3,
  },
  'agents.sessions.setStatus': {
    ...writes,
    required: { status: 'text', channel_id: 'text' },
    optional: { ...author, thread_ts: 'text', title: 'text', initiator_user_id: 'text' },
    scope: 'chat:write',
    rate: slackRates.tier3,
  },
  'conversations.replies': {
    ...reads,
    required: { channel: 'text', ts: 'text' },
    optional: {
      cursor: 'text',
      include_all_metadata: 'boolean',
      inclusive: 'boolean',
      latest: 'text',
      limit: 'number',
      oldest: 'text',
    },
    rate: slackRates.tier3,
  },
  'conversations.info': {
    ...reads,
    required: { channel: 'text' },
    optional: { include_locale: 'boolean', include_num_members: 'boolean' },
    rate: slackRates.tier3,
  },
  'views.open': {
    ...writes,
    required: { view: 'json', trigger_id: 'text' },
    optional: {},
    scope: null,
    rate: slackRates.tier4,
  },
  'views.publish': {
    ...writes,
    required: { view: 'json', user_id: 'text' },
    optional: { hash: 'text' },
    scope: null,
    rate: slackRates.tier4,
  },
  'oauth.v2.access': {
    ...reads,
    token: false,
    required: { code: 'text' },
    optional: { client_id: 'text', client_secret: 'text', redirect_uri: 'text' },
    rate: slackRates.tier4,
  },
} as const satisfies Readonly<Record<string, MethodFacts>>;

export type SlackMethod = keyof typeof slackMethods;

export function isSlackMethod(name: string): name is SlackMethod {
  return Object.hasOwn(slackMethods, name);
}

export function factsOf(method: SlackMethod): MethodFacts {
  return slackMethods[method];
}

/** As they came: of a form all are text. */
export type RawArguments = Readonly<Record<string, unknown>>;

/** An `ok: false`. `messages` is what `response_metadata` tells. */
export interface Refusal {
  readonly error: string;
  readonly messages?: readonly string[];
  readonly needed?: string;
}

function jsonOf(raw: unknown): object | undefined {
  const value = typeof raw === 'string' ? valueOfJson(raw) : raw;
  return typeof value === 'object' && value !== null ? value : undefined;
}

const readers = {
  text: (raw: unknown) => (typeof raw === 'string' ? raw : typeof raw === 'number' ? String(raw) : undefined),
  boolean: (raw: unknown) =>
    raw === true || raw === 'true' || raw === '1' || raw === 1
      ? true
      : raw === false || raw === 'false' || raw === '0' || raw === 0
        ? false
        : undefined,
  number: (raw: unknown) => {
    const value = typeof raw === 'string' && raw !== '' ? Number(raw) : raw;
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  },
  texts: (raw: unknown) => jsonOf(raw) ?? (typeof raw === 'string' ? raw.split(',') : undefined),
  json: jsonOf,
} as const satisfies Readonly<Record<ArgumentType, (raw: unknown) => unknown>>;

/** What a malformed argument of this name is answered with, where it has a name of its own. */
const malformed: Readonly<Record<string, string>> = {
  blocks: 'invalid_blocks_format',
  chunks: 'invalid_chunks',
  metadata: 'invalid_metadata_format',
};

/** Arguments in the types that the method takes them in. Arguments that are null or empty in a form are as if they were not there. */
export function readArguments(method: SlackMethod, raw: RawArguments, strict: boolean): RawArguments | Refusal {
  const { required, optional } = factsOf(method);
  const types: Readonly<Record<string, ArgumentType>> = { ...required, ...optional };
  const given = Object.entries(raw).filter(
    ([name, value]) => name !== 'token' && value !== null && value !== undefined,
  );
  const read: Record<string, unknown> = {};
  for (const [name, value] of given) {
    const type = types[name];
    if (type === undefined) {
      if (strict) return { error: 'invalid_arguments', messages: [`[ERROR] unknown argument: ${name}`] };
      continue;
    }
    const typed = readers[type](value);
    if (typed === undefined) {
      return {
        error: malformed[name] ?? 'invalid_arguments',
        messages: [`[ERROR] must be ${type} [json-pointer:/${name}]`],
      };
    }
    read[name] = typed;
  }
  const missing = Object.keys(required).filter((name) => read[name] === undefined);
  if (missing.length === 0) return read;
  return missing.includes('channel')
    ? { error: 'channel_not_found' }
    : { error: 'invalid_arguments', messages: missing.map((name) => `[ERROR] missing required field: ${name}`) };
}

export function isRefusal(value: object): value is Refusal {
  return 'error' in value && typeof value.error === 'string';
}
