/** The `chat.*` methods of the double. https://docs.slack.dev/reference/methods?family=chat */
import type { AnyBlock, MessageMetadata } from '@slack/types';
import { areBlocks, refusalOfBlocks } from './slack-blocks.ts';
import { slackLimits } from './slack-limits.ts';
import type { SlackMessage, SlackStream } from './slack-messages.ts';
import { isRefusal, type RawArguments, type Refusal } from './slack-methods.ts';
import { areChunks, isMetadata, refusalOfChunks, refusalOfMetadata } from './slack-validation.ts';
import { type MethodAnswer, messageOnWire, type SlackCall, textOf, writableChannel } from './slack-workspace.ts';

interface Content {
  readonly text: string | undefined;
  readonly blocks: readonly AnyBlock[] | undefined;
}

/** The text and blocks of a message, by either way of giving them. */
export function readContent(given: RawArguments): Content | Refusal {
  const text = textOf({ arguments: given }, 'text');
  const markdown = textOf({ arguments: given }, 'markdown_text');
  const { blocks } = given;
  if (markdown !== undefined) {
    if (text !== undefined || blocks !== undefined) return { error: 'markdown_text_conflict' };
    if (markdown === '') return { error: 'no_text' };
    if (markdown.length > slackLimits.markdownText.most) return { error: 'msg_too_long' };
    return { text: markdown, blocks: undefined };
  }
  if (blocks !== undefined) {
    const refusal = refusalOfBlocks(blocks);
    if (refusal) return refusal;
  }
  if ((text ?? '') === '' && (!Array.isArray(blocks) || blocks.length === 0)) return { error: 'no_text' };
  if (text !== undefined && text.length > slackLimits.text.most) return { error: 'msg_too_long' };
  return { text, blocks: areBlocks(blocks) ? blocks : undefined };
}

/** Null where none is given. */
function readMetadata({ metadata }: RawArguments): { readonly metadata: MessageMetadata | null } | Refusal {
  if (metadata === undefined) return { metadata: null };
  const refusal = refusalOfMetadata(metadata);
  if (refusal) return refusal;
  return { metadata: isMetadata(metadata) ? metadata : null };
}

/** Not documented: an answer is refused where there is no first message of a thread. Of answers to answers Slack only says to avoid them. */
function refusalOfThread({ workspace }: SlackCall, channel: string, thread: string | undefined): Refusal | null {
  if (thread === undefined) return null;
  const first = workspace.messages.find(channel, thread);
  return first?.thread === null ? null : { error: 'thread_not_found' };
}

function ownMessage(call: SlackCall, foreign: string): SlackMessage | Refusal {
  const channel = writableChannel(call, textOf(call, 'channel'));
  if (isRefusal(channel)) return channel;
  const message = call.workspace.messages.find(channel.id, textOf(call, 'ts') ?? '');
  if (!message || message.tombstone) return { error: 'message_not_found' };
  return message.bot === call.workspace.bot ? message : { error: foreign };
}

const told = (call: SlackCall, message: SlackMessage) => ({
  channel: message.channel,
  ts: message.ts,
  message: messageOnWire(call.workspace, message, true),
});

export function postMessage(call: SlackCall): MethodAnswer {
  const { workspace, arguments: given } = call;
  const channel = writableChannel(call, textOf(call, 'channel'));
  if (isRefusal(channel)) return channel;
  const content = readContent(given);
  if (isRefusal(content)) return content;
  const metadata = readMetadata(given);
  if (isRefusal(metadata)) return metadata;
  const thread = textOf(call, 'thread_ts');
  const refusal = refusalOfThread(call, channel.id, thread);
  if (refusal) return refusal;
  const message = workspace.messages.post({
    channel: channel.id,
    thread: thread ?? null,
    user: workspace.botUser,
    bot: workspace.bot,
    text: content.text ?? '',
    blocks: content.blocks ?? [],
    ...metadata,
    unfurls: given['unfurl_links'] !== false || given['unfurl_media'] !== false,
  });
  return told(call, message);
}

/** Text without blocks takes the blocks away. Metadata stays where none is given, and goes where an empty object is. */
export function update(call: SlackCall): MethodAnswer {
  const { workspace, arguments: given } = call;
  const message = ownMessage(call, 'cant_update_message');
  if (isRefusal(message)) return message;
  if (workspace.messages.isStreaming(message)) return { error: 'streaming_state_conflict' };
  const content = readContent(given);
  if (isRefusal(content)) return content;
  const removes = typeof given['metadata'] === 'object' && Object.keys(given['metadata'] ?? {}).length === 0;
  const metadata = removes ? { metadata: null } : readMetadata(given);
  if (isRefusal(metadata)) return metadata;
  workspace.messages.edit(message, {
    blocks: content.blocks ?? [],
    ...(content.text !== undefined && { text: content.text }),
  });
  if (given['metadata'] !== undefined) message.metadata = metadata.metadata;
  return { ...told(call, message), text: message.text };
}

export function remove(call: SlackCall): MethodAnswer {
  const message = ownMessage(call, 'cant_delete_message');
  if (isRefusal(message)) return message;
  call.workspace.messages.remove(message);
  return { channel: message.channel, ts: message.ts };
}

export function postEphemeral(call: SlackCall): MethodAnswer {
  const { workspace, arguments: given } = call;
  const channel = writableChannel(call, textOf(call, 'channel'));
  if (isRefusal(channel)) return channel;
  const content = readContent(given);
  if (isRefusal(content)) return content;
  const user = textOf(call, 'user') ?? '';
  if (!channel.users.includes(user)) return { error: 'user_not_in_channel' };
  const thread = textOf(call, 'thread_ts') ?? null;
  const { text = '', blocks = [] } = content;
  const shown = workspace.messages.postEphemeral({ channel: channel.id, user, thread, text, blocks });
  return { message_ts: shown.id };
}

type Piece = { readonly mode: SlackStream['mode'] } | Refusal;

/** How a call gives its text, once it is seen to be valid; null where it gives none. */
function readPiece({ markdown_text: markdown, chunks }: RawArguments): Piece | null {
  if (markdown !== undefined && chunks !== undefined) return { error: 'invalid_arguments' };
  if (typeof markdown === 'string') {
    return markdown.length > slackLimits.markdownText.most ? { error: 'msg_too_long' } : { mode: 'text' };
  }
  if (chunks === undefined) return null;
  return refusalOfChunks(chunks) ?? { mode: 'chunks' };
}

function addPiece(
  { workspace, arguments: { markdown_text: markdown, chunks } }: SlackCall,
  message: SlackMessage,
): void {
  if (typeof markdown === 'string') workspace.messages.append(message, [{ type: 'markdown_text', text: markdown }]);
  if (areChunks(chunks)) workspace.messages.append(message, chunks);
}

/**
 * The recipient is documented to be required in channels only, and was seen to be required in direct messages too: the double always asks for it.
 * https://docs.slack.dev/reference/methods/chat.startStream
 */
export function startStream(call: SlackCall): MethodAnswer {
  const { workspace, arguments: given, now } = call;
  const channel = writableChannel(call, textOf(call, 'channel'));
  if (isRefusal(channel)) return channel;
  const piece = readPiece(given);
  if (piece && isRefusal(piece)) return piece;
  const display = textOf(call, 'task_display_mode') ?? 'timeline';
  if (display !== 'timeline' && display !== 'plan') return { error: 'invalid_arguments' };
  if (given['recipient_team_id'] === undefined) return { error: 'missing_recipient_team_id' };
  if (given['recipient_user_id'] === undefined) return { error: 'missing_recipient_user_id' };
  const thread = textOf(call, 'thread_ts');
  if (thread === undefined && channel.kind === 'im') {
    return { error: 'invalid_arguments', messages: ['[ERROR] missing required field: thread_ts'] };
  }
  const refusal = refusalOfThread(call, channel.id, thread);
  if (refusal) return refusal;
  const message = workspace.messages.post({
    channel: channel.id,
    thread: thread ?? null,
    user: workspace.botUser,
    bot: workspace.bot,
    text: '',
    blocks: [],
    metadata: null,
    stream: {
      mode: piece?.mode ?? 'text',
      startedAt: now,
      display,
      state: 'streaming',
      plan: null,
      tasks: new Map(),
    },
  });
  addPiece(call, message);
  return { channel: message.channel, ts: message.ts };
}

/** A message that still takes text. */
function streamingMessage(call: SlackCall): SlackMessage | Refusal {
  const message = ownMessage(call, 'message_not_owned_by_app');
  if (isRefusal(message)) return message;
  if (message.stream?.state === 'stopped_by_user') return { error: 'stopped_by_user' };
  return call.workspace.messages.isStreaming(message) ? message : { error: 'message_not_in_streaming_state' };
}

/** A stream of text takes no chunks. Seen, not documented. */
const refusalOfMode = (message: SlackMessage, piece: Piece | null): Refusal | null => {
  if (!piece) return null;
  if (isRefusal(piece)) return piece;
  return message.stream?.mode === piece.mode ? null : { error: 'streaming_mode_mismatch' };
};

export function appendStream(call: SlackCall): MethodAnswer {
  const message = streamingMessage(call);
  if (isRefusal(message)) return message;
  const piece = readPiece(call.arguments);
  if (!piece) return { error: 'no_text' };
  const refusal = refusalOfMode(message, piece);
  if (refusal) return refusal;
  addPiece(call, message);
  return { channel: message.channel, ts: message.ts };
}

const sessionStatuses: readonly unknown[] = [undefined, 'processing', 'active', 'suspended', 'closed'];

export function stopStream(call: SlackCall): MethodAnswer {
  const { workspace, arguments: given } = call;
  const message = streamingMessage(call);
  if (isRefusal(message)) return message;
  const refusal =
    refusalOfMode(message, readPiece(given)) ??
    (given['blocks'] === undefined ? null : refusalOfBlocks(given['blocks']));
  if (refusal) return refusal;
  const metadata = readMetadata(given);
  if (isRefusal(metadata)) return metadata;
  const status = given['session_status'];
  if (!sessionStatuses.includes(status)) return { error: 'invalid_arguments' };
  addPiece(call, message);
  if (areBlocks(given['blocks'])) message.blocks = [...message.blocks, ...given['blocks']];
  if (metadata.metadata) message.metadata = metadata.metadata;
  if (message.stream) message.stream.state = 'stopped';
  if (typeof status === 'string') workspace.messages.setSession(message.channel, message.thread, status, null);
  return told(call, message);
}
