/** The answer in a thread: the first part in the message that showed the run, the others below it. Each call may be repeated. */
import type { Reflection } from '../../reflection/record.ts';
import type { Delivery } from '../../runs/deliver.ts';
import type { CallResult } from '../call.ts';
import { isGone } from './address.ts';
import { ended } from './blocks.ts';
import type { SlackContent } from './content.ts';
import type { Posts } from './posts.ts';

/** Slack takes a message a second in a channel. */
const betweenPostsMs = 1_100;

/** Null where all parts stand. */
export type Failing = Exclude<CallResult<never>, { readonly type: 'done' }> | null;

export async function answerInThread(
  posts: Posts,
  record: Reflection,
  pause: (milliseconds: number) => Promise<void>,
): Promise<Failing> {
  const [first, ...rest] = ended(record);
  const failing = await showFirst(posts, first);
  if (failing) return failing;
  for (const [index, content] of rest.entries()) {
    const part = index + 1;
    if (posts.tsOf(part) !== undefined) continue;
    await pause(betweenPostsMs);
    const posted = await posts.post(part, content);
    if (posted.type !== 'done') return posted;
  }
  return null;
}

async function showFirst(posts: Posts, content: SlackContent): Promise<Failing> {
  const known = posts.tsOf(0);
  const posted = known === undefined ? await posts.post(0, content) : { type: 'done' as const, answer: known };
  if (posted.type !== 'done') return posted;
  const ts = posted.answer;
  if (posts.isStreaming) {
    const stopped = await posts.stopStream(ts, 'active');
    if (stopped.type === 'later' || stopped.type === 'unknown') return stopped;
    if (stopped.type === 'refused' && isGone(stopped.error)) return stopped;
  }
  const edited = await posts.edit(ts, content);
  if (edited.type === 'done') return null;
  // It is to be stopped once more; Slack does it by itself after some minutes.
  return edited.type === 'refused' && edited.error === 'streaming_state_conflict' ? { type: 'unknown' } : edited;
}

export function deliveryOf(failing: Failing): Delivery {
  switch (failing?.type) {
    case undefined:
      return { type: 'delivered' };
    case 'refused':
      // Slack has reasons that pass, and such a call did nothing.
      return isGone(failing.error) ? { type: 'refused' } : { type: 'failed', retryAfterMs: null };
    case 'later':
      return { type: 'failed', retryAfterMs: failing.retryAfterMs };
    case 'unknown':
      return { type: 'failed', retryAfterMs: null };
  }
}
