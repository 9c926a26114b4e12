/** Slack's limits as the double holds them: of each, a call that has all it may have is taken, and one with one more is refused. */
import { describe, expect, test } from 'vitest';
import { type SlackLimitName, slackLimits, slackTimes } from '../../support/slack-limits.ts';
import type { SlackMethod } from '../../support/slack-methods.ts';
import { channel, slackWorld, user } from './slack-world.ts';

interface LimitCase {
  readonly method?: SlackMethod;
  readonly error: string;
  readonly given: (size: number) => Readonly<Record<string, unknown>>;
}

const x = (size: number) => 'x'.repeat(size);
const many = <T>(size: number, item: (index: number) => T): T[] =>
  Array.from({ length: size }, (_, index) => item(index));
const plain = (text: string) => ({ type: 'plain_text', text });
const divider = () => ({ type: 'divider' });
const section = (text: string) => ({ type: 'section', text: plain(text) });
const button = (change: object) => ({ type: 'button', text: plain('Go'), action_id: 'go', ...change });

const inBlock = (block: (size: number) => object): LimitCase => ({
  error: 'invalid_blocks',
  given: (size) => ({ text: 'text', blocks: [block(size)] }),
});
const inButton = (change: (size: number) => object): LimitCase =>
  inBlock((size) => ({ type: 'actions', elements: [button(change(size))] }));
const inFeedback = (change: (size: number) => object): LimitCase =>
  inBlock((size) => {
    const rating = { text: plain('Good'), value: 'up' };
    const feedback = { positive_button: { ...rating, ...change(size) }, negative_button: rating };
    return { type: 'context_actions', elements: [{ type: 'feedback_buttons', action_id: 'rate', ...feedback }] };
  });
const inView = (change: (size: number) => object): LimitCase => ({
  method: 'views.open',
  error: 'invalid_arguments',
  given: (size) => ({ view: { type: 'modal', title: plain('Title'), blocks: [divider()], ...change(size) } }),
});
const inStream = (chunk: (size: number) => object): LimitCase => ({
  method: 'chat.startStream',
  error: 'msg_too_long',
  given: (size) => ({ chunks: [chunk(size)] }),
});

/** Blocks that are `size` letters of JSON. */
function blocksOf(size: number): object[] {
  const blocks = (last: number) => [...many(4, () => section(x(2_500))), section(x(last))];
  return blocks(2_500 + size - JSON.stringify(blocks(2_500)).length);
}

/** `responseUrlUses` is about more than one call, and stands in slack-double.test.ts. */
const cases = {
  sectionText: inBlock((size) => section(x(size))),
  sectionFields: inBlock((size) => ({ type: 'section', fields: many(size, () => plain('x')) })),
  sectionField: inBlock((size) => ({ type: 'section', fields: [plain(x(size))] })),
  headerText: inBlock((size) => ({ type: 'header', text: plain(x(size)) })),
  contextElements: inBlock((size) => ({ type: 'context', elements: many(size, () => plain('x')) })),
  actionsElements: inBlock((size) => ({
    type: 'actions',
    elements: many(size, (index) => button({ action_id: `go-${index}` })),
  })),
  contextActionsElements: inBlock((size) => ({
    type: 'context_actions',
    elements: many(size, (index) => ({ type: 'icon_button', icon: 'trash', text: plain('x'), action_id: `${index}` })),
  })),
  buttonText: inButton((size) => ({ text: plain(x(size)) })),
  buttonValue: inButton((size) => ({ value: x(size) })),
  buttonUrl: inButton((size) => ({ url: x(size) })),
  feedbackText: inFeedback((size) => ({ text: plain(x(size)) })),
  feedbackValue: inFeedback((size) => ({ value: x(size) })),
  actionId: inButton((size) => ({ action_id: x(size) })),
  blockId: inBlock((size) => ({ ...divider(), block_id: x(size) })),
  markdownBlocks: {
    error: 'msg_blocks_too_long',
    given: (size) => ({
      text: 'text',
      blocks: [
        { type: 'markdown', text: x(6_000) },
        { type: 'markdown', text: x(size - 6_000) },
      ],
    }),
  },
  blocksOfMessage: { error: 'invalid_blocks', given: (size) => ({ text: 'text', blocks: many(size, divider) }) },
  blocksOfView: inView((size) => ({ blocks: many(size, divider) })),
  blocksTogether: { error: 'msg_blocks_too_long', given: (size) => ({ text: 'text', blocks: blocksOf(size) }) },
  text: { error: 'msg_too_long', given: (size) => ({ text: x(size) }) },
  markdownText: { error: 'msg_too_long', given: (size) => ({ markdown_text: x(size) }) },
  taskTitle: inStream((size) => ({ type: 'task_update', id: 'draft', title: x(size), status: 'pending' })),
  modalTitle: inView((size) => ({ title: plain(x(size)) })),
  modalButton: inView((size) => ({ close: plain(x(size)) })),
  privateMetadata: inView((size) => ({ private_metadata: x(size) })),
  callbackId: inView((size) => ({ callback_id: x(size) })),
  loadingMessages: {
    method: 'assistant.threads.setStatus',
    error: 'invalid_arguments',
    given: (size) => ({ status: 'drafts', loading_messages: many(size, () => 'x') }),
  },
  suggestedPrompts: {
    method: 'assistant.threads.setSuggestedPrompts',
    error: 'invalid_arguments',
    given: (size) => ({ prompts: many(size, () => ({ title: 'Ask', message: 'Why?' })) }),
  },
  sessionTitle: {
    method: 'agents.sessions.setStatus',
    error: 'invalid_arguments',
    given: (size) => ({ status: 'processing', title: x(size) }),
  },
  repliesOfPage: { method: 'conversations.replies', error: 'invalid_limit', given: (limit) => ({ limit }) },
} satisfies Readonly<Record<Exclude<SlackLimitName, 'responseUrlUses'>, LimitCase>>;

/** What each of these methods needs besides. */
function around(method: SlackMethod, thread: string, trigger: string): Readonly<Record<string, unknown>> {
  const needed: Partial<Record<SlackMethod, Readonly<Record<string, unknown>>>> = {
    'chat.postMessage': { channel },
    'chat.startStream': { channel, thread_ts: thread, recipient_user_id: user, recipient_team_id: 'T0001' },
    'views.open': { trigger_id: trigger },
    'assistant.threads.setStatus': { channel_id: channel, thread_ts: thread },
    'assistant.threads.setSuggestedPrompts': { channel_id: channel },
    'agents.sessions.setStatus': { channel_id: channel, thread_ts: thread },
    'conversations.replies': { channel, ts: thread },
  };
  return needed[method] ?? {};
}

describe('of', () => {
  test.each(Object.entries<LimitCase>(cases).map(([name, limit]) => ({ name, ...limit })))(
    '$name as much as Slack allows is taken, and one more is $error',
    async ({ name, method = 'chat.postMessage', given, error }) => {
      const { most } = Object.entries(slackLimits).find(([key]) => key === name)?.[1] ?? { most: 0 };
      const { double, call } = slackWorld();
      const { ts } = double.write('T0001', { channel, user, text: 'Why?' });
      const besides = around(method, ts, double.issueTrigger('T0001', user));
      expect(await call(method, { ...besides, ...given(most + 1) })).toMatchObject({ ok: false, error });
      expect(await call(method, { ...besides, ...given(most) })).toMatchObject({ ok: true });
    },
  );
});

test('every limit tells where it comes from', () => {
  for (const { source } of [...Object.values(slackLimits), ...Object.values(slackTimes)]) {
    expect(source).toMatch(/^https:\/\/(?:docs\.slack\.dev|github\.com\/slackapi)\//);
  }
});

test('a refusal names the place and the number', async () => {
  const { call } = slackWorld();
  const blocks = [divider(), section(x(3_001))];
  expect(await call('chat.postMessage', { channel, text: 'text', blocks })).toMatchObject({
    error: 'invalid_blocks',
    errors: ['[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]'],
  });
});

describe('a message is refused with', () => {
  test.each([
    ['a block that Slack does not have', { blocks: [{ type: 'paragraph' }] }, 'invalid_blocks'],
    ['a field that the block does not have', { blocks: [{ ...divider(), text: 'x' }] }, 'invalid_blocks'],
    [
      'a mark in a plain header',
      { blocks: [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }] },
      'invalid_blocks',
    ],
    ['an empty section', { blocks: [section('')] }, 'invalid_blocks'],
    ['an input that nothing stands in', { blocks: [{ type: 'input' }] }, 'invalid_blocks'],
    ['one name for two blocks', { blocks: many(2, () => ({ ...divider(), block_id: 'a' })) }, 'invalid_blocks'],
    [
      'one name for two buttons',
      { blocks: [{ type: 'actions', elements: many(2, () => button({})) }] },
      'invalid_blocks',
    ],
    ['blocks that are no JSON', { blocks: '[{' }, 'invalid_blocks_format'],
    ['Markdown beside text', { markdown_text: 'x', text: 'x' }, 'markdown_text_conflict'],
    ['Markdown beside blocks', { markdown_text: 'x', blocks: [divider()] }, 'markdown_text_conflict'],
    ['nothing', {}, 'no_text'],
    ['empty text', { text: '' }, 'no_text'],
    ['metadata without a type', { text: 'x', metadata: { event_payload: {} } }, 'invalid_metadata_format'],
    [
      'metadata in three layers',
      { text: 'x', metadata: { event_type: 'run', event_payload: { a: { b: { c: 1 } } } } },
      'invalid_metadata_schema',
    ],
    ['an argument that Slack does not know', { text: 'x', thread: '1' }, 'invalid_arguments'],
  ])('%s', async (_, given, error) => {
    const { call, double } = slackWorld();
    expect(await call('chat.postMessage', { channel, ...given })).toMatchObject({ ok: false, error });
    expect(double.workspace('T0001').messages.inChannel(channel)).toEqual([]);
  });
});

test.each(['markdown', 'context_actions', 'table'])('a modal has no %s block', async (type) => {
  const { call, double } = slackWorld();
  const view = { type: 'modal', title: plain('Title'), blocks: [{ type, text: 'x', elements: [], rows: [] }] };
  const trigger_id = double.issueTrigger('T0001', user);
  expect(await call('views.open', { trigger_id, view })).toMatchObject({ ok: false, error: 'invalid_arguments' });
});
