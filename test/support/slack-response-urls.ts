/** Slack's `response_url`: five uses within thirty minutes. https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
import { isFields } from './slack-blocks.ts';
import { readContent } from './slack-chat.ts';
import { slackLimits, slackTimes } from './slack-limits.ts';
import type { SlackEphemeral, SlackMessage } from './slack-messages.ts';
import { isRefusal, type Refusal } from './slack-methods.ts';
import type { SlackWorkspace } from './slack-workspace.ts';

export interface ResponseUrl {
  readonly workspace: SlackWorkspace;
  readonly channel: string;
  readonly user: string;
  readonly issuedAt: number;
  uses: number;
  /** What `replace_original` and `delete_original` are about: what was clicked on, or what was said last by this address. */
  original: SlackMessage | SlackEphemeral | null;
}

const allowed = [
  'text',
  'blocks',
  'attachments',
  'response_type',
  'replace_original',
  'delete_original',
  'thread_ts',
  'mrkdwn',
  'metadata',
  'unfurl_links',
  'unfurl_media',
];

/** Null when it was done. `now`: epoch milliseconds. */
export function respond(url: ResponseUrl, body: unknown, now: number, strict: boolean): Refusal | null {
  if (now - url.issuedAt > slackTimes.responseUrl.ms) return { error: 'expired_url' };
  if (url.uses >= slackLimits.responseUrlUses.most) return { error: 'used_url' };
  if (!isFields(body)) return { error: 'invalid_payload' };
  const unknown = strict ? Object.keys(body).find((name) => !allowed.includes(name)) : undefined;
  if (unknown !== undefined) return { error: 'invalid_payload', messages: [`[ERROR] unknown argument: ${unknown}`] };
  url.uses += 1;
  if (body['delete_original'] === true) {
    if (!url.original) return { error: 'message_not_found' };
    takeAway(url);
    return null;
  }
  return say(url, body);
}

/** Also what a slash command is acknowledged with. */
export function say(url: ResponseUrl, body: Readonly<Record<string, unknown>>): Refusal | null {
  const content = readContent({ text: body['text'], blocks: body['blocks'] });
  if (isRefusal(content)) return content;
  const { text = '', blocks = [] } = content;
  const { original, workspace, channel, user } = url;
  if (body['replace_original'] === true && original) {
    if ('edits' in original) workspace.messages.edit(original, { text, blocks });
    else Object.assign(original, { text, blocks });
    return null;
  }
  const thread = typeof body['thread_ts'] === 'string' ? body['thread_ts'] : null;
  url.original =
    body['response_type'] === 'in_channel'
      ? workspace.messages.post({
          channel,
          thread,
          user: workspace.botUser,
          bot: workspace.bot,
          text,
          blocks,
          metadata: null,
        })
      : workspace.messages.postEphemeral({ channel, user, thread, text, blocks });
  return null;
}

function takeAway(url: ResponseUrl): void {
  const { original, workspace } = url;
  if (!original) return;
  if ('edits' in original) workspace.messages.remove(original);
  else workspace.messages.ephemerals.splice(workspace.messages.ephemerals.indexOf(original), 1);
  url.original = null;
}
