/** What each method of the double does, and the methods that are not `chat.*`. https://docs.slack.dev/reference/methods */
import { appendStream, postEphemeral, postMessage, remove, startStream, stopStream, update } from './slack-chat.ts';
import { slackLimits, slackTimes } from './slack-limits.ts';
import { isRefusal, type Refusal, type SlackMethod } from './slack-methods.ts';
import { isHome, isModal, refusalOfView } from './slack-validation.ts';
import {
  type MethodAnswer,
  messageOnWire,
  readableChannel,
  type SlackCall,
  textOf,
  writableChannel,
} from './slack-workspace.ts';

function testAuth({ workspace }: SlackCall): MethodAnswer {
  return {
    url: `https://${workspace.name}.slack.com/`,
    team: workspace.name,
    team_id: workspace.team,
    user: 'reflection',
    user_id: workspace.botUser,
    bot_id: workspace.bot,
    is_enterprise_install: false,
  };
}

function setStatus(call: SlackCall): MethodAnswer {
  const { workspace, arguments: given } = call;
  const channel = writableChannel(call, textOf(call, 'channel_id'));
  if (isRefusal(channel)) return channel;
  const loading = given['loading_messages'];
  if (loading !== undefined) {
    const isList = Array.isArray(loading) && loading.every((text) => typeof text === 'string');
    if (!isList || loading.length > slackLimits.loadingMessages.most) return { error: 'invalid_arguments' };
  }
  const thread = textOf(call, 'thread_ts') ?? '';
  if (!workspace.messages.find(channel.id, thread)) return { error: 'thread_not_found' };
  workspace.messages.setStatus(channel.id, thread, textOf(call, 'status') ?? '');
  return {};
}

interface Prompt {
  readonly title: string;
  readonly message: string;
}

const isPrompt = (value: unknown): value is Prompt =>
  typeof value === 'object' &&
  value !== null &&
  'title' in value &&
  typeof value.title === 'string' &&
  'message' in value &&
  typeof value.message === 'string';

/** Slack takes a `thread_ts` of an agent's app and shows nothing. The double says so. */
function setSuggestedPrompts(call: SlackCall): MethodAnswer {
  const { workspace, arguments: given } = call;
  const channel = writableChannel(call, textOf(call, 'channel_id'));
  if (isRefusal(channel)) return channel;
  if (given['thread_ts'] !== undefined) {
    return { error: 'invalid_arguments', messages: ['[ERROR] an agent app leaves thread_ts out'] };
  }
  const { prompts } = given;
  if (!Array.isArray(prompts) || prompts.length === 0 || !prompts.every(isPrompt))
    return { error: 'invalid_arguments' };
  if (prompts.length > slackLimits.suggestedPrompts.most) return { error: 'invalid_arguments' };
  workspace.messages.suggestedPrompts.set(channel.id, prompts);
  return {};
}

function setSessionStatus(call: SlackCall): MethodAnswer {
  const { workspace } = call;
  const channel = writableChannel(call, textOf(call, 'channel_id'));
  if (isRefusal(channel)) return channel;
  const status = textOf(call, 'status') ?? '';
  if (!['processing', 'active', 'suspended', 'closed'].includes(status)) return { error: 'invalid_arguments' };
  const title = textOf(call, 'title') ?? null;
  if ((title ?? '').length > slackLimits.sessionTitle.most) return { error: 'invalid_arguments' };
  const thread = textOf(call, 'thread_ts');
  if (thread === undefined || !workspace.messages.find(channel.id, thread)) return { error: 'thread_not_found' };
  const session = workspace.messages.setSession(channel.id, thread, status, title);
  return { status, agent_status: status, title: session.title };
}

/** A cursor is the position of the first message that was not told. */
function replies(call: SlackCall): MethodAnswer {
  const { workspace, arguments: given } = call;
  const channel = readableChannel(call, textOf(call, 'channel'), 'history');
  if (isRefusal(channel)) return channel;
  const ts = textOf(call, 'ts') ?? '';
  const first = workspace.messages.find(channel.id, ts);
  if (!first) return { error: 'thread_not_found' };
  const most = slackLimits.repliesOfPage.most;
  const limit = typeof given['limit'] === 'number' ? given['limit'] : most;
  if (limit < 1 || limit > most) return { error: 'invalid_limit' };
  const cursor = textOf(call, 'cursor') ?? '';
  const from = cursor === '' ? 0 : Number(/^next:(\d+)$/.exec(cursor)?.[1] ?? Number.NaN);
  if (Number.isNaN(from)) return { error: 'invalid_cursor' };
  const inRange = timeRange(call);
  const all = workspace.messages.inThread(channel.id, ts).filter((message) => message === first || inRange(message.ts));
  const withMetadata = given['include_all_metadata'] === true;
  const hasMore = all.length > from + limit;
  return {
    messages: all.slice(from, from + limit).map((message) => messageOnWire(workspace, message, withMetadata)),
    has_more: hasMore,
    ...(hasMore && { response_metadata: { next_cursor: `next:${from + limit}` } }),
  };
}

/** Timestamps are of one length, so that text compares as they do. */
function timeRange(call: SlackCall): (ts: string) => boolean {
  const oldest = textOf(call, 'oldest');
  const latest = textOf(call, 'latest');
  const inclusive = call.arguments['inclusive'] === true;
  return (ts) =>
    (oldest === undefined || ts > oldest || (inclusive && ts === oldest)) &&
    (latest === undefined || ts < latest || (inclusive && ts === latest));
}

function info(call: SlackCall): MethodAnswer {
  const channel = readableChannel(call, textOf(call, 'channel'), 'reads');
  if (isRefusal(channel)) return channel;
  const { id, kind, name, member, archived, users } = channel;
  const facts =
    kind === 'im'
      ? { is_im: true, user: users[0] }
      : { name, is_channel: true, is_private: kind === 'private', is_member: member };
  return { channel: { id, is_archived: archived, ...facts } };
}

/** Valid for three seconds, and once. */
function takeTrigger({ workspace, now }: SlackCall, id: string): { readonly user: string } | Refusal {
  const trigger = workspace.triggers.get(id);
  if (!trigger) return { error: 'invalid_trigger_id' };
  if (trigger.used) return { error: 'exchanged_trigger_id' };
  if (now - trigger.at > slackTimes.trigger.ms) return { error: 'expired_trigger_id' };
  trigger.used = true;
  return { user: trigger.user };
}

function openView(call: SlackCall): MethodAnswer {
  const { workspace, arguments: given } = call;
  const { view } = given;
  const refusal = refusalOfView(view, 'modal');
  if (refusal || !isModal(view)) return refusal ?? { error: 'invalid_arguments' };
  const trigger = takeTrigger(call, textOf(call, 'trigger_id') ?? '');
  if (isRefusal(trigger)) return trigger;
  const id = workspace.messages.nextId('V');
  workspace.messages.views.push({ id, user: trigger.user, view });
  return { view: { ...view, id, team_id: workspace.team, app_id: workspace.app, bot_id: workspace.bot } };
}

function publishView(call: SlackCall): MethodAnswer {
  const { workspace, arguments: given } = call;
  const { view } = given;
  const refusal = refusalOfView(view, 'home');
  if (refusal || !isHome(view)) return refusal ?? { error: 'invalid_arguments' };
  const user = textOf(call, 'user_id') ?? '';
  const isKnown = [...workspace.messages.channels.values()].some(({ users }) => users.includes(user));
  if (!isKnown) return { error: 'user_not_found' };
  workspace.messages.homes.set(user, view);
  return { view: { ...view, id: workspace.messages.nextId('V'), team_id: workspace.team } };
}

/** All but `oauth.v2.access`, which belongs to no workspace before it is answered. */
export const methodAnswers = {
  'auth.test': testAuth,
  'chat.postMessage': postMessage,
  'chat.update': update,
  'chat.delete': remove,
  'chat.postEphemeral': postEphemeral,
  'chat.startStream': startStream,
  'chat.appendStream': appendStream,
  'chat.stopStream': stopStream,
  'assistant.threads.setStatus': setStatus,
  'assistant.threads.setSuggestedPrompts': setSuggestedPrompts,
  'agents.sessions.setStatus': setSessionStatus,
  'conversations.replies': replies,
  'conversations.info': info,
  'views.open': openView,
  'views.publish': publishView,
} as const satisfies Readonly<Record<Exclude<SlackMethod, 'oauth.v2.access'>, (call: SlackCall) => MethodAnswer>>;
