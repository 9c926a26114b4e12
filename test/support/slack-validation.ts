/** What Slack refuses of views, chunks and metadata, in the words that it refuses them with. */
import type { AnyChunk, HomeView, MessageMetadata, ModalView } from '@slack/types';
import {
  checkBlocks,
  checkFields,
  checkOptionalLength,
  checkText,
  collect,
  type Fields,
  isFields,
  plain,
  refusalOfBlocks,
} from './slack-blocks.ts';
import { slackLimits } from './slack-limits.ts';
import type { Refusal } from './slack-methods.ts';

/** Null for a view that may be opened (`modal`) or published (`home`). Slack answers views with `invalid_arguments`. */
export function refusalOfView(view: unknown, type: 'modal' | 'home'): Refusal | null {
  const found = collect((complain) => {
    if (!isFields(view)) {
      complain('must be an object', '/view');
      return;
    }
    if (view['type'] !== type) {
      complain('must be a valid enum value', '/view/type');
      return;
    }
    const common = ['blocks', 'private_metadata', 'callback_id', 'external_id'];
    const ofModal = ['title', 'close', 'submit', 'clear_on_close', 'notify_on_close'];
    checkFields(view, type === 'modal' ? [...common, ...ofModal] : common, '/view', complain);
    checkBlocks(view['blocks'], type, '/view/blocks', complain);
    checkOptionalLength(view['private_metadata'], 'privateMetadata', '/view/private_metadata', complain);
    checkOptionalLength(view['callback_id'], 'callbackId', '/view/callback_id', complain);
    if (type === 'home') return;
    checkText(view['title'], plain, 'modalTitle', '/view/title', complain);
    for (const name of ['close', 'submit']) {
      if (view[name] !== undefined) checkText(view[name], plain, 'modalButton', `/view/${name}`, complain);
    }
    const asks =
      Array.isArray(view['blocks']) && view['blocks'].some((block) => isFields(block) && block['type'] === 'input');
    if (asks && view['submit'] === undefined) complain('missing required field: submit', '/view');
  });
  return found.length > 0 ? { error: 'invalid_arguments', messages: found } : null;
}

export function isModal(view: unknown): view is ModalView {
  return refusalOfView(view, 'modal') === null;
}

export function isHome(view: unknown): view is HomeView {
  return refusalOfView(view, 'home') === null;
}

/** https://docs.slack.dev/messaging/message-metadata */
export function refusalOfMetadata(value: unknown): Refusal | null {
  if (!isFields(value)) return { error: 'invalid_metadata_format' };
  const isWhole =
    typeof value['event_type'] === 'string' && value['event_type'] !== '' && isFields(value['event_payload']);
  if (!isWhole) return { error: 'invalid_metadata_format' };
  const isScalar = (part: unknown) => ['string', 'number', 'boolean'].includes(typeof part);
  const isFlat = (part: unknown) => isFields(part) && Object.values(part).every(isScalar);
  const isAllowed = (part: unknown) =>
    isScalar(part) || isFlat(part) || (Array.isArray(part) && part.every((item) => isScalar(item) || isFlat(item)));
  return Object.values(value['event_payload'] ?? {}).every(isAllowed) ? null : { error: 'invalid_metadata_schema' };
}

export function isMetadata(value: unknown): value is MessageMetadata {
  return refusalOfMetadata(value) === null;
}

const taskStatuses: readonly unknown[] = ['pending', 'in_progress', 'complete', 'error'];

const chunkRules: Readonly<Record<string, (chunk: Fields) => Refusal | null>> = {
  markdown_text: ({ text }) => {
    if (typeof text !== 'string') return { error: 'invalid_chunks' };
    return text.length > slackLimits.markdownText.most ? { error: 'msg_too_long' } : null;
  },
  task_update: ({ id, title, status, details, output }) => {
    const isText = (part: unknown) => part === undefined || typeof part === 'string';
    const isValid =
      typeof id === 'string' &&
      id !== '' &&
      typeof title === 'string' &&
      title !== '' &&
      taskStatuses.includes(status) &&
      isText(details) &&
      isText(output);
    if (!isValid) return { error: 'invalid_chunks' };
    return title.length > slackLimits.taskTitle.most ? { error: 'msg_too_long' } : null;
  },
  plan_update: ({ title }) => (typeof title === 'string' && title !== '' ? null : { error: 'invalid_chunks' }),
  blocks: ({ blocks }) => refusalOfBlocks(blocks, '/chunks/blocks'),
};

/** https://docs.slack.dev/reference/methods/chat.appendStream */
export function refusalOfChunks(value: unknown): Refusal | null {
  if (!Array.isArray(value) || value.length === 0) return { error: 'invalid_chunks' };
  for (const chunk of value) {
    const rule = isFields(chunk) ? chunkRules[String(chunk['type'])] : undefined;
    const refusal = rule && isFields(chunk) ? rule(chunk) : { error: 'invalid_chunks' };
    if (refusal) return refusal;
  }
  return null;
}

export function areChunks(value: unknown): value is AnyChunk[] {
  return refusalOfChunks(value) === null;
}
