/** A workspace with the app in it, and what a call to it may see. */
import type { SlackChannel, SlackMessage, SlackMessages } from './slack-messages.ts';
import type { RawArguments, Refusal } from './slack-methods.ts';

export interface SlackWorkspace {
  readonly team: string;
  readonly name: string;
  readonly app: string;
  readonly bot: string;
  readonly botUser: string;
  token: string;
  scopes: readonly string[];
  /** After an uninstallation: the token is refused. */
  revoked: boolean;
  readonly messages: SlackMessages;
  readonly triggers: Map<string, { readonly user: string; readonly at: number; used: boolean }>;
}

export interface SlackCall {
  readonly workspace: SlackWorkspace;
  readonly arguments: RawArguments;
  readonly now: number;
}

/** What follows `ok: true`. */
export type Accepted = Readonly<Record<string, unknown>>;
export type MethodAnswer = Accepted | Refusal;

export function textOf({ arguments: given }: Pick<SlackCall, 'arguments'>, name: string): string | undefined {
  const value = given[name];
  return typeof value === 'string' ? value : undefined;
}

/** A channel that the bot may write to. A private one that it is not in does not exist for it. */
export function writableChannel({ workspace }: SlackCall, id: string | undefined): SlackChannel | Refusal {
  const channel = workspace.messages.channels.get(id ?? '');
  if (!channel || (channel.kind === 'private' && !channel.member)) return { error: 'channel_not_found' };
  if (channel.archived) return { error: 'is_archived' };
  return channel.kind === 'im' || channel.member ? channel : { error: 'not_in_channel' };
}

const kinds = {
  public: { reads: 'channels:read', history: 'channels:history' },
  private: { reads: 'groups:read', history: 'groups:history' },
  im: { reads: 'im:read', history: 'im:history' },
} as const satisfies Readonly<Record<SlackChannel['kind'], { reads: string; history: string }>>;

/** A channel that the bot may read from; the scope that it takes depends on the kind of channel. */
export function readableChannel(
  { workspace }: SlackCall,
  id: string | undefined,
  what: 'reads' | 'history',
): SlackChannel | Refusal {
  const channel = workspace.messages.channels.get(id ?? '');
  if (!channel || (channel.kind === 'private' && !channel.member)) return { error: 'channel_not_found' };
  const needed = kinds[channel.kind][what];
  if (!workspace.scopes.includes(needed)) return { error: 'missing_scope', needed };
  const isOut = what === 'history' && channel.kind === 'public' && !channel.member;
  return isOut ? { error: 'not_in_channel' } : channel;
}

/** A message as Slack tells of it. */
export function messageOnWire(workspace: SlackWorkspace, message: SlackMessage, withMetadata: boolean): Accepted {
  const { ts, thread, user, bot, text, blocks, metadata, edits, channel, tombstone } = message;
  const replies = workspace.messages.inThread(channel, ts).length - 1;
  const shown = [...planOf(message), ...blocks];
  return {
    type: 'message',
    user: tombstone ? 'USLACKBOT' : user,
    ...(tombstone && { subtype: 'tombstone', hidden: true }),
    ...(bot !== null && { bot_id: bot, app_id: workspace.app }),
    text,
    ts,
    team: workspace.team,
    ...(shown.length > 0 && { blocks: shown }),
    ...(thread !== null && { thread_ts: thread }),
    ...(thread === null && replies > 0 && { thread_ts: ts, reply_count: replies }),
    ...(edits.length > 0 && { edited: { user, ts } }),
    ...(withMetadata && metadata !== null && { metadata }),
  };
}

/** The tasks of a stream stand in a block of their own, until an edit takes their place. */
function planOf({ stream, edits }: SlackMessage): readonly Accepted[] {
  if (!stream || stream.tasks.size === 0 || edits.length > 0) return [];
  const tasks = [...stream.tasks.values()].map(({ id, title, status }) => ({
    type: 'task_card',
    task_id: id,
    title,
    status,
  }));
  return [{ type: 'plan', title: stream.plan ?? '', tasks }];
}
