/**
 * What Slack sends, as the few things that this service does something about. Whatever else it sends is `ignored`, with a reason for the log, and is still
 * acknowledged: an event that is not would come three times more. https://docs.slack.dev/apis/events-api
 */
import * as z from 'zod/mini';
import type { RoomSettings, Unfit } from '../channel.ts';
import { readWords } from './command-words.ts';

/** Somebody clicked on something of a run's. */
interface Click {
  readonly run: string;
  readonly team: string;
  readonly user: string;
  /** Where they saw it; null within a view. */
  readonly place: SlackPlace | null;
}

/** Where an answer belongs. */
export interface SlackPlace {
  readonly team: string;
  readonly channel: string;
  /** The message that the thread hangs on; null for an answer beside it, to a slash command. */
  readonly thread: string | null;
}

export type Incoming =
  | { readonly type: 'challenge'; readonly challenge: string }
  | {
      readonly type: 'question';
      readonly by: 'mention' | 'direct' | 'command' | 'shortcut';
      readonly place: SlackPlace;
      readonly user: string;
      /** Empty where there are no words: whoever asked is told. */
      readonly text: string;
      /** The same however often and in whatever form it is delivered. */
      readonly id: string;
      /** For what only the asker is to see, and where the bot is no member. Five uses in 30 minutes. */
      readonly responseUrl: string | null;
    }
  | { readonly type: 'stop'; readonly place: SlackPlace; readonly user: string }
  | (Click & { readonly type: 'stop_run' })
  | (Click & { readonly type: 'feedback'; readonly rating: 'up' | 'down' })
  /** `trigger` opens one view, within three seconds. */
  | (Click & { readonly type: 'show'; readonly trigger: string })
  /** Of the channel that it is said in. Without a change, they are asked for. */
  | { readonly type: 'settings'; readonly place: SlackPlace; readonly change: Partial<RoomSettings> }
  | { readonly type: 'usage' }
  | Unfit
  /** `at`: when it happened, in epoch milliseconds; null where Slack does not say. */
  | { readonly type: 'uninstalled'; readonly team: string; readonly at: number | null }
  | { readonly type: 'ignored'; readonly reason: string };

const ignored = (reason: string): Incoming => ({ type: 'ignored', reason });

const message = z.object({
  type: z.enum(['app_mention', 'message']),
  user: z.optional(z.string()),
  bot_id: z.optional(z.string()),
  subtype: z.optional(z.string()),
  channel: z.string(),
  channel_type: z.optional(z.string()),
  text: z.optional(z.string()),
  ts: z.string(),
  thread_ts: z.optional(z.string()),
});
const stopped = z.object({
  type: z.literal('agent_session_stopped'),
  channel: z.string(),
  thread_ts: z.string(),
  user: z.string(),
});
const gone = z.union([
  z.object({ type: z.literal('app_uninstalled') }),
  // The tokens of people are revoked as well, and mean nothing here.
  z.object({ type: z.literal('tokens_revoked'), tokens: z.object({ bot: z.array(z.string()).check(z.minLength(1)) }) }),
]);
const other = z.object({ type: z.string() });

const envelope = z.object({
  type: z.literal('event_callback'),
  team_id: z.string(),
  authorizations: z.optional(z.array(z.object({ team_id: z.nullable(z.string()) }))),
  event_id: z.string(),
  event_time: z.optional(z.number()),
  event: z.union([message, stopped, gone, other]),
});
const challenge = z.object({ type: z.literal('url_verification'), challenge: z.string() });

/** What Slack is asked to tell. */
export const subscribedEvents = [
  'app_mention',
  'message.im',
  'agent_session_stopped',
  'app_uninstalled',
  'tokens_revoked',
] as const;

/** Messages that somebody wrote and sent: with a file, shown beside their thread as well, or neither. All other subtypes tell of edits, joins and the like. */
const spokenSubtypes: readonly (string | undefined)[] = [undefined, 'file_share', 'thread_broadcast'];

/** A body of `POST /channels/slack/events`. */
export function readEvent(body: unknown): Incoming {
  const asked = challenge.safeParse(body);
  if (asked.success) return { type: 'challenge', challenge: asked.data.challenge };
  const parsed = envelope.safeParse(body);
  if (!parsed.success) return ignored('not an event');
  const { team_id, authorizations, event_time, event } = parsed.data;
  // In a channel that two workspaces share, an event may have happened in the other one. https://docs.slack.dev/apis/events-api#authorizations
  const team = authorizations?.[0]?.team_id ?? team_id;
  const spoken = message.safeParse(event);
  if (spoken.success) return readMessage(team, spoken.data);
  const stop = stopped.safeParse(event);
  if (stop.success) {
    const { channel, thread_ts: thread, user } = stop.data;
    return { type: 'stop', place: { team, channel, thread }, user };
  }
  if (!gone.safeParse(event).success) return ignored(`event ${event.type}`);
  return { type: 'uninstalled', team, at: event_time === undefined ? null : event_time * 1_000 };
}

function readMessage(team: string, spoken: z.output<typeof message>): Incoming {
  const { type, user, bot_id, subtype, channel, channel_type, ts } = spoken;
  if (bot_id !== undefined || user === undefined) return ignored('not written by a person');
  if (!spokenSubtypes.includes(subtype)) return ignored(`message ${subtype}`);
  const isDirect = channel_type === 'im';
  if (type === 'message' && !isDirect) return ignored('not addressed');
  return {
    type: 'question',
    by: isDirect ? 'direct' : 'mention',
    place: { team, channel, thread: spoken.thread_ts ?? ts },
    user,
    text: withoutMentionAtFront(spoken.text ?? ''),
    // A mention in a direct message comes as both events.
    id: `${team}:${channel}:${ts}`,
    responseUrl: null,
  };
}

/** The bot's own name is how it was called, and no part of the question. */
function withoutMentionAtFront(text: string): string {
  return plainOf(text.replace(/^\s*<@[A-Z0-9]+(?:\|[^>]*)?>[\s,:]*/, '')).trim();
}

/** Slack's own marks as what a reader sees. https://docs.slack.dev/messaging/formatting-message-text#escaping */
export function plainOf(text: string): string {
  return text
    .replaceAll(/<([^<>|]+)\|([^<>]*)>/g, (_, target: string, label: string) =>
      /^[#@!]/.test(target) ? label : `${label} (${target})`,
    )
    .replaceAll(/<([^<>]+)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

const command = z.object({
  team_id: z.string(),
  channel_id: z.string(),
  user_id: z.string(),
  text: z.string(),
  trigger_id: z.string(),
  response_url: z.string(),
});

/** A body of `POST /channels/slack/commands`, read as a form. */
export function readCommand(form: URLSearchParams): Incoming {
  const parsed = command.safeParse(Object.fromEntries(form));
  if (!parsed.success) return ignored('not a command');
  const { team_id: team, channel_id: channel, user_id: user, trigger_id, response_url: responseUrl } = parsed.data;
  const text = plainOf(parsed.data.text).trim();
  const place = { team, channel, thread: null };
  const words = readWords(text);
  if (words.type === 'settings') return { ...words, place };
  if (words.type !== 'ask') return words;
  return { type: 'question', by: 'command', place, user, text, id: `${team}:${trigger_id}`, responseUrl };
}

const who = { team: z.nullable(z.object({ id: z.string() })), user: z.object({ id: z.string() }) };
const shortcut = z.object({
  ...who,
  type: z.literal('message_action'),
  callback_id: z.string(),
  trigger_id: z.string(),
  response_url: z.string(),
  channel: z.object({ id: z.string() }),
  message: z.object({ ts: z.string(), thread_ts: z.optional(z.string()), text: z.optional(z.string()) }),
});
const clicked = z.object({
  ...who,
  type: z.literal('block_actions'),
  trigger_id: z.string(),
  channel: z.optional(z.object({ id: z.string() })),
  message: z.optional(z.object({ thread_ts: z.optional(z.string()) })),
  actions: z.array(z.object({ action_id: z.string(), value: z.optional(z.string()) })),
});

/** What clickable things are called. Their values are the run's id, and for feedback the rating before it. */
export const actionIds = { show: 'reflection_show', stop: 'reflection_stop', feedback: 'reflection_feedback' } as const;
export const shortcutId = 'reflect_on_this';

const feedbackValue = /^(up|down):(.+)$/;

/** The `payload` of a body of `POST /channels/slack/interactions`. */
export function readInteraction(payload: unknown): Incoming {
  const asked = shortcut.safeParse(payload);
  if (asked.success) return readShortcut(asked.data);
  const click = clicked.safeParse(payload);
  if (!click.success) return ignored('not an interaction');
  const { team, user, trigger_id: trigger, channel, message: on, actions } = click.data;
  const [action] = actions;
  if (!team || action?.value === undefined) return ignored('a click on nothing');
  const place = channel ? { team: team.id, channel: channel.id, thread: on?.thread_ts ?? null } : null;
  const by = { team: team.id, user: user.id, place };
  switch (action.action_id) {
    case actionIds.show:
      return { type: 'show', run: action.value, trigger, ...by };
    case actionIds.stop:
      return { type: 'stop_run', run: action.value, ...by };
    case actionIds.feedback: {
      const [, rating, run] = feedbackValue.exec(action.value) ?? [];
      if (run === undefined || (rating !== 'up' && rating !== 'down')) return ignored('feedback on nothing');
      return { type: 'feedback', run, rating, ...by };
    }
    default:
      return ignored(`action ${action.action_id}`);
  }
}

function readShortcut({
  callback_id,
  team,
  user,
  channel,
  message: on,
  ...asked
}: z.output<typeof shortcut>): Incoming {
  if (callback_id !== shortcutId || !team) return ignored(`shortcut ${callback_id}`);
  const text = plainOf(on.text ?? '').trim();
  const place = { team: team.id, channel: channel.id, thread: on.thread_ts ?? on.ts };
  const id = `${team.id}:${asked.trigger_id}`;
  return { type: 'question', by: 'shortcut', place, user: user.id, text, id, responseUrl: asked.response_url };
}
