/** Where an answer belongs, as it is kept with the run. */
import * as z from 'zod/mini';
import { valueOfJson } from '../../encoding.ts';

const address = z.object({
  team: z.string(),
  channel: z.string(),
  /** Null for a command: its answer is seen by whoever gave it. */
  thread: z.nullable(z.string()),
  user: z.string(),
  responseUrl: z.nullable(z.string()),
  /** Epoch milliseconds. */
  askedAt: z.number(),
});
export type SlackAddress = z.output<typeof address>;

export function writeAddress(given: SlackAddress): string {
  return JSON.stringify(given);
}

export function readAddress(text: string): SlackAddress | undefined {
  const parsed = address.safeParse(valueOfJson(text));
  return parsed.success ? parsed.data : undefined;
}

/** Refusals that no later call gets around: the place is gone, the bot is, or it may say nothing there. */
const gone = [
  'account_inactive',
  'cannot_reply_to_message',
  'cant_update_message',
  'channel_not_found',
  'edit_window_closed',
  'expired_url',
  'foreign_address',
  'invalid_auth',
  'is_archived',
  'message_not_found',
  'not_authed',
  'not_in_channel',
  'not_installed',
  'restricted_action',
  'team_access_not_granted',
  'thread_not_found',
  'token_expired',
  'token_revoked',
  'used_url',
];

export function isGone(error: string): boolean {
  return gone.includes(error);
}
