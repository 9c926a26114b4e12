/**
 * What Slack allows, each with its source. Lengths are in UTF-16 units, which is never more than Slack grants. Where Slack does not say what it allows, the
 * number is one that it was seen to take, and the source says where.
 */

export interface SlackLimit {
  readonly most: number;
  readonly source: string;
}

const blockKit = 'https://docs.slack.dev/reference/block-kit';

export const slackLimits = {
  sectionText: { most: 3_000, source: `${blockKit}/blocks/section-block` },
  sectionFields: { most: 10, source: `${blockKit}/blocks/section-block` },
  sectionField: { most: 2_000, source: `${blockKit}/blocks/section-block` },
  headerText: { most: 150, source: `${blockKit}/blocks/header-block` },
  contextElements: { most: 10, source: `${blockKit}/blocks/context-block` },
  actionsElements: { most: 25, source: `${blockKit}/blocks/actions-block` },
  contextActionsElements: { most: 5, source: `${blockKit}/blocks/context-actions-block` },
  buttonText: { most: 75, source: `${blockKit}/block-elements/button-element` },
  buttonValue: { most: 2_000, source: `${blockKit}/block-elements/button-element` },
  buttonUrl: { most: 3_000, source: `${blockKit}/block-elements/button-element` },
  feedbackText: { most: 75, source: `${blockKit}/block-elements/feedback-buttons-element` },
  feedbackValue: { most: 2_000, source: `${blockKit}/block-elements/feedback-buttons-element` },
  actionId: { most: 255, source: `${blockKit}/block-elements/button-element` },
  blockId: { most: 255, source: `${blockKit}/blocks` },
  /** Of all `markdown` blocks of one payload together. */
  markdownBlocks: { most: 12_000, source: `${blockKit}/blocks/markdown-block` },
  blocksOfMessage: { most: 50, source: `${blockKit}/blocks` },
  blocksOfView: { most: 100, source: `${blockKit}/blocks` },
  /** Of all blocks as JSON. Not documented: 13,297 letters of text were seen to pass, and 11,341 with much else around them to fail. */
  blocksTogether: { most: 13_000, source: 'https://github.com/slackapi/bolt-js/issues/2509' },
  text: { most: 40_000, source: 'https://docs.slack.dev/reference/methods/chat.postMessage' },
  markdownText: { most: 12_000, source: 'https://docs.slack.dev/reference/methods/chat.postMessage' },
  /** Of one chunk. Not documented. */
  taskTitle: { most: 256, source: 'https://docs.slack.dev/reference/methods/chat.appendStream' },
  modalTitle: { most: 24, source: 'https://docs.slack.dev/reference/views/modal-views' },
  modalButton: { most: 24, source: 'https://docs.slack.dev/reference/views/modal-views' },
  privateMetadata: { most: 3_000, source: 'https://docs.slack.dev/reference/views/modal-views' },
  callbackId: { most: 255, source: 'https://docs.slack.dev/reference/views/modal-views' },
  loadingMessages: { most: 10, source: 'https://docs.slack.dev/reference/methods/assistant.threads.setStatus' },
  suggestedPrompts: {
    most: 4,
    source: 'https://docs.slack.dev/reference/methods/assistant.threads.setSuggestedPrompts',
  },
  sessionTitle: { most: 200, source: 'https://docs.slack.dev/reference/methods/agents.sessions.setStatus' },
  repliesOfPage: { most: 1_000, source: 'https://docs.slack.dev/reference/methods/conversations.replies' },
  responseUrlUses: { most: 5, source: 'https://docs.slack.dev/interactivity/handling-user-interaction' },
} as const satisfies Readonly<Record<string, SlackLimit>>;

export type SlackLimitName = keyof typeof slackLimits;

/** How long things last, in milliseconds. */
export const slackTimes = {
  responseUrl: { ms: 30 * 60_000, source: 'https://docs.slack.dev/interactivity/handling-user-interaction' },
  trigger: { ms: 3_000, source: 'https://docs.slack.dev/interactivity/handling-user-interaction' },
  /** From its start, however much is appended. Not documented. */
  stream: { ms: 5 * 60_000, source: 'https://github.com/slackapi/node-slack-sdk/issues/2702' },
  status: { ms: 2 * 60_000, source: 'https://docs.slack.dev/reference/methods/assistant.threads.setStatus' },
  code: { ms: 10 * 60_000, source: 'https://docs.slack.dev/authentication/installing-with-oauth' },
} as const satisfies Readonly<Record<string, { readonly ms: number; readonly source: string }>>;

export interface SlackRate {
  readonly most: number;
  readonly perMs: number;
  readonly per: 'workspace' | 'channel';
}

/** https://docs.slack.dev/apis/web-api/rate-limits. A tier says "20+": the double grants exactly 20, in any minute. */
export const slackRates = {
  tier2: { most: 20, perMs: 60_000, per: 'workspace' },
  tier3: { most: 50, perMs: 60_000, per: 'workspace' },
  tier4: { most: 100, perMs: 60_000, per: 'workspace' },
  /** "One a second, short bursts allowed": three at once are. */
  posting: { most: 3, perMs: 3_000, per: 'channel' },
  /** Special limits whose numbers Slack does not tell. */
  special: { most: 100, perMs: 60_000, per: 'workspace' },
} as const satisfies Readonly<Record<string, SlackRate>>;

/** Counts what was admitted in any window that ends now. */
export class SlackRates {
  readonly #admitted = new Map<string, number[]>();

  /** Seconds to wait, or null: then the call is counted. `now` in epoch milliseconds. */
  retryAfter(key: string, rate: SlackRate, now: number): number | null {
    const recent = (this.#admitted.get(key) ?? []).filter((at) => at > now - rate.perMs);
    this.#admitted.set(key, recent);
    const [oldest] = recent;
    if (oldest !== undefined && recent.length >= rate.most) {
      return Math.max(1, Math.ceil((oldest + rate.perMs - now) / 1_000));
    }
    recent.push(now);
    return null;
  }
}
