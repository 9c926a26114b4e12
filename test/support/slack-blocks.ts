/** What Slack refuses of Block Kit's blocks, in the words that it refuses them with. https://docs.slack.dev/reference/block-kit */
import type { AnyBlock } from '@slack/types';
import { type SlackLimitName, slackLimits } from './slack-limits.ts';
import type { Refusal } from './slack-methods.ts';

export type Fields = Readonly<Record<string, unknown>>;
/** `where`: a JSON pointer into the arguments. */
export type Complain = (message: string, where: string) => void;
type Surface = 'message' | 'modal' | 'home';

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkLength(value: unknown, limit: SlackLimitName, where: string, complain: Complain): void {
  const { most } = slackLimits[limit];
  if (typeof value !== 'string') complain('must be a string', where);
  else if (value === '') complain('must be more than 0 characters', where);
  else if (value.length > most) complain(`must be less than ${most + 1} characters`, where);
}

export function checkOptionalLength(value: unknown, limit: SlackLimitName, where: string, complain: Complain): void {
  if (value !== undefined) checkLength(value, limit, where, complain);
}

export function checkFields(value: Fields, allowed: readonly string[], where: string, complain: Complain): void {
  for (const name of Object.keys(value)) {
    if (name !== 'type' && !allowed.includes(name)) complain(`no such field: ${name}`, where);
  }
}

type TextKind = 'plain_text' | 'mrkdwn';

export function checkText(
  value: unknown,
  kinds: readonly TextKind[],
  limit: SlackLimitName,
  where: string,
  complain: Complain,
): void {
  if (!isFields(value)) {
    complain('missing required field: text', where);
    return;
  }
  if (!kinds.some((kind) => kind === value['type'])) complain(`must be ${kinds.join(' or ')}`, `${where}/type`);
  checkFields(value, ['text', value['type'] === 'mrkdwn' ? 'verbatim' : 'emoji'], where, complain);
  checkLength(value['text'], limit, `${where}/text`, complain);
}

function checkItems(
  value: unknown,
  limit: SlackLimitName,
  where: string,
  complain: Complain,
): readonly (readonly [Fields, string])[] {
  const { most } = slackLimits[limit];
  if (!Array.isArray(value)) {
    complain('must be an array', where);
    return [];
  }
  if (value.length === 0) complain('no fewer than 1 items', where);
  if (value.length > most) complain(`no more than ${most} items allowed`, where);
  return value.flatMap((item: unknown, index) => {
    if (isFields(item)) return [[item, `${where}/${index}`] as const];
    complain('must be an object', `${where}/${index}`);
    return [];
  });
}

type CheckOf = (value: Fields, where: string, complain: Complain) => void;

const both: readonly TextKind[] = ['plain_text', 'mrkdwn'];
export const plain: readonly TextKind[] = ['plain_text'];

const checkImage: CheckOf = (image, where, complain) => {
  if (typeof image['alt_text'] !== 'string') complain('missing required field: alt_text', where);
  if (image['image_url'] === undefined && image['slack_file'] === undefined) {
    complain('missing required field: image_url', where);
  }
};

const checkFeedbackButton = (value: unknown, where: string, complain: Complain) => {
  if (!isFields(value)) {
    complain('missing required field', where);
    return;
  }
  checkFields(value, ['text', 'value', 'accessibility_label'], where, complain);
  checkText(value['text'], plain, 'feedbackText', `${where}/text`, complain);
  checkLength(value['value'], 'feedbackValue', `${where}/value`, complain);
};

/** Those that this service might send. An element that stands in no list is refused. */
const elements: Readonly<Record<string, CheckOf>> = {
  button: (button, where, complain) => {
    const allowed = ['text', 'action_id', 'url', 'value', 'style', 'confirm', 'accessibility_label'];
    checkFields(button, allowed, where, complain);
    checkText(button['text'], plain, 'buttonText', `${where}/text`, complain);
    checkOptionalLength(button['value'], 'buttonValue', `${where}/value`, complain);
    checkOptionalLength(button['url'], 'buttonUrl', `${where}/url`, complain);
    if (button['style'] !== undefined && button['style'] !== 'primary' && button['style'] !== 'danger') {
      complain('must be a valid enum value', `${where}/style`);
    }
  },
  feedback_buttons: (feedback, where, complain) => {
    checkFields(feedback, ['action_id', 'positive_button', 'negative_button'], where, complain);
    checkFeedbackButton(feedback['positive_button'], `${where}/positive_button`, complain);
    checkFeedbackButton(feedback['negative_button'], `${where}/negative_button`, complain);
  },
  icon_button: (button, where, complain) => {
    const allowed = ['icon', 'text', 'action_id', 'value', 'confirm', 'accessibility_label', 'visible_to_user_ids'];
    checkFields(button, allowed, where, complain);
    if (button['icon'] !== 'trash') complain('must be a valid enum value', `${where}/icon`);
    checkText(button['text'], plain, 'buttonText', `${where}/text`, complain);
  },
  static_select: (select, where, complain) => {
    if (!Array.isArray(select['options'])) complain('missing required field: options', where);
  },
  overflow: () => undefined,
  plain_text_input: () => undefined,
  radio_buttons: () => undefined,
  checkboxes: () => undefined,
};

function checkElement(element: Fields, allowed: readonly string[], where: string, complain: Complain): void {
  const type = String(element['type']);
  const check = elements[type];
  if (!check || !allowed.includes(type)) {
    complain(`unsupported type: ${type}`, where);
    return;
  }
  checkOptionalLength(element['action_id'], 'actionId', `${where}/action_id`, complain);
  check(element, where, complain);
}

function checkElements(
  block: Fields,
  limit: SlackLimitName,
  allowed: readonly string[],
  where: string,
  complain: Complain,
): void {
  const seen = new Set<unknown>();
  for (const [element, at] of checkItems(block['elements'], limit, `${where}/elements`, complain)) {
    checkElement(element, allowed, at, complain);
    const id = element['action_id'];
    if (id !== undefined && seen.has(id)) complain(`\`action_id\` "${String(id)}" already exists`, `${at}/action_id`);
    seen.add(id);
  }
}

const everywhere: readonly Surface[] = ['message', 'modal', 'home'];
const messages: readonly Surface[] = ['message'];
const clickable = ['button', 'static_select', 'overflow', 'radio_buttons', 'checkboxes'];

interface BlockRule {
  readonly on: readonly Surface[];
  readonly fields: readonly string[];
  readonly check: CheckOf;
}

const nothing: CheckOf = () => undefined;
const list =
  (name: string): CheckOf =>
  (block, where, complain) => {
    if (!Array.isArray(block[name])) complain(`missing required field: ${name}`, where);
  };

/** Where a block may stand is told on its page: https://docs.slack.dev/reference/block-kit/blocks */
const blockRules: Readonly<Record<string, BlockRule>> = {
  section: {
    on: everywhere,
    fields: ['text', 'fields', 'accessory', 'expand'],
    check: (block, where, complain) => {
      if (block['text'] === undefined && block['fields'] === undefined) {
        complain('missing required field: text or fields', where);
        return;
      }
      if (block['text'] !== undefined) checkText(block['text'], both, 'sectionText', `${where}/text`, complain);
      if (block['fields'] !== undefined) {
        for (const [field, at] of checkItems(block['fields'], 'sectionFields', `${where}/fields`, complain)) {
          checkText(field, both, 'sectionField', at, complain);
        }
      }
      if (isFields(block['accessory'])) {
        if (block['accessory']['type'] === 'image') checkImage(block['accessory'], `${where}/accessory`, complain);
        else checkElement(block['accessory'], clickable, `${where}/accessory`, complain);
      }
    },
  },
  header: {
    on: everywhere,
    fields: ['text', 'level'],
    check: (block, where, complain) => checkText(block['text'], plain, 'headerText', `${where}/text`, complain),
  },
  context: {
    on: everywhere,
    fields: ['elements'],
    check: (block, where, complain) => {
      for (const [item, at] of checkItems(block['elements'], 'contextElements', `${where}/elements`, complain)) {
        if (item['type'] === 'image') checkImage(item, at, complain);
        else checkText(item, both, 'sectionText', at, complain);
      }
    },
  },
  actions: {
    on: everywhere,
    fields: ['elements'],
    check: (block, where, complain) => checkElements(block, 'actionsElements', clickable, where, complain),
  },
  context_actions: {
    on: messages,
    fields: ['elements'],
    check: (block, where, complain) =>
      checkElements(block, 'contextActionsElements', ['feedback_buttons', 'icon_button'], where, complain),
  },
  markdown: {
    on: messages,
    fields: ['text'],
    check: (block, where, complain) => {
      if (typeof block['text'] !== 'string') complain('must be a string', `${where}/text`);
    },
  },
  input: {
    on: everywhere,
    fields: ['label', 'element', 'hint', 'optional', 'dispatch_action'],
    check: (block, where, complain) => checkText(block['label'], plain, 'sectionField', `${where}/label`, complain),
  },
  image: { on: everywhere, fields: ['alt_text', 'image_url', 'slack_file', 'title'], check: checkImage },
  divider: { on: everywhere, fields: [], check: nothing },
  rich_text: { on: everywhere, fields: ['elements'], check: list('elements') },
  table: { on: messages, fields: ['rows', 'column_settings'], check: list('rows') },
  plan: { on: messages, fields: ['title', 'tasks'], check: nothing },
  task_card: {
    on: messages,
    fields: ['task_id', 'title', 'details', 'output', 'sources', 'status'],
    check: (block, where, complain) => {
      checkLength(block['task_id'], 'blockId', `${where}/task_id`, complain);
      checkLength(block['title'], 'taskTitle', `${where}/title`, complain);
    },
  },
};

function checkBlock(block: Fields, surface: Surface, where: string, complain: Complain): void {
  const type = String(block['type']);
  const rule = blockRules[type];
  if (!rule?.on.includes(surface)) {
    complain(`unsupported type: ${type}`, `${where}/type`);
    return;
  }
  checkFields(block, [...rule.fields, 'block_id'], where, complain);
  checkOptionalLength(block['block_id'], 'blockId', `${where}/block_id`, complain);
  rule.check(block, where, complain);
}

export function collect(check: (complain: Complain) => void): readonly string[] {
  const found: string[] = [];
  check((message, where) => found.push(`[ERROR] ${message} [json-pointer:${where}]`));
  return found;
}

export function checkBlocks(value: unknown, surface: Surface, where: string, complain: Complain): void {
  if (!Array.isArray(value)) {
    complain('must be an array', where);
    return;
  }
  const { most } = slackLimits[surface === 'message' ? 'blocksOfMessage' : 'blocksOfView'];
  if (value.length > most) complain(`no more than ${most} items allowed`, where);
  const seen = new Set<unknown>();
  const blocks: readonly unknown[] = value;
  for (const [index, block] of blocks.entries()) {
    const at = `${where}/${index}`;
    if (!isFields(block)) {
      complain('must be an object', at);
      continue;
    }
    checkBlock(block, surface, at, complain);
    const id = block['block_id'];
    if (id !== undefined && seen.has(id)) complain(`\`block_id\` "${String(id)}" already exists`, `${at}/block_id`);
    seen.add(id);
  }
}

const isMarkdownText = (block: unknown): block is { readonly text: string } =>
  isFields(block) && block['type'] === 'markdown' && typeof block['text'] === 'string';

/** Null for blocks that a message may have; `where` is the argument that they came in. */
export function refusalOfBlocks(value: unknown, where = '/blocks'): Refusal | null {
  const found = collect((complain) => checkBlocks(value, 'message', where, complain));
  if (found.length > 0) return { error: 'invalid_blocks', messages: found };
  if (!areBlocks(value)) return { error: 'invalid_blocks_format' };
  const markdown = value.reduce((sum, block) => sum + (isMarkdownText(block) ? block.text.length : 0), 0);
  const isTooLong =
    markdown > slackLimits.markdownBlocks.most || JSON.stringify(value).length > slackLimits.blocksTogether.most;
  return isTooLong ? { error: 'msg_blocks_too_long' } : null;
}

export function areBlocks(value: unknown): value is AnyBlock[] {
  return Array.isArray(value) && value.every((block) => isFields(block) && typeof block['type'] === 'string');
}
