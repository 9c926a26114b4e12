/** What was said in a thread before a question, as the messages of a conversation: the newest that there is room for. */
import type { ReflectionBody } from '../../reflection/request.ts';
import { likelyTokens } from '../../reflection/tokens.ts';
import type { SlackApi, SlackReply } from './api.ts';
import { textOfSection } from './content.ts';
import { plainOf } from './payloads.ts';
import { messageOf, type SlackQuestion } from './question.ts';

type Message = NonNullable<ReflectionBody['messages']>[number];

export interface ThreadHistory {
  /** Oldest first, without the question. */
  readonly messages: readonly Message[];
  /** Whether something of what was said before the question was left out. */
  readonly isTrimmed: boolean;
}

const nothing: ThreadHistory = { messages: [], isTrimmed: false };

/** More would cost more than it tells. */
const mostOf = { tokens: 4_000, messages: 60 } as const;
/** All pages together. */
const patienceMs = 5_000;
const pages = { size: 200, most: 15 } as const;

interface HistoryTools {
  readonly api: SlackApi;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Never rejects: where Slack does not tell, a question is asked without. */
export async function historyOf(tools: HistoryTools, question: SlackQuestion): Promise<ThreadHistory> {
  const { thread } = question.place;
  if (thread === null || thread === messageOf(question)) return nothing;
  const { replies, isWhole } = await repliesIn(tools, { ...question.place, thread });
  const messages = before(question, replies).flatMap((reply) => spoken(reply) ?? []);
  const kept = newest(messages);
  return { messages: kept, isTrimmed: kept.length < messages.length || (messages.length > 0 && !isWhole) };
}

/** As many pages as there is time for. Slack gives the oldest first, so that of a thread that is not read to its end the newest are missing. */
async function repliesIn(
  { api, now }: HistoryTools,
  { channel, thread }: { readonly channel: string; readonly thread: string },
): Promise<{ readonly replies: readonly SlackReply[]; readonly isWhole: boolean }> {
  const until = now() + patienceMs;
  const found: SlackReply[] = [];
  let cursor = '';
  for (let page = 0; page < pages.most && now() < until; page += 1) {
    const given = { channel, ts: thread, include_all_metadata: true, limit: pages.size };
    const told = await api.replies({ ...given, ...(cursor !== '' && { cursor }) }, until - now());
    if (told.type !== 'done') break;
    found.push(...told.answer.messages);
    cursor = told.answer.response_metadata?.next_cursor ?? '';
    if (cursor === '') return { replies: found, isWhole: true };
  }
  return { replies: found, isWhole: false };
}

/** What stands before the question. Of a message that is pointed at only its text is known. */
function before(question: SlackQuestion, replies: readonly SlackReply[]): readonly SlackReply[] {
  const ts = messageOf(question);
  if (ts !== undefined) return replies.filter((reply) => Number(reply.ts) < Number(ts));
  const at = replies.findLastIndex(({ text = '' }) => plainOf(text).trim() === question.text);
  return replies.slice(0, Math.max(0, at));
}

/** Our own messages are known by their metadata; those that show a run that goes on say nothing. */
function spoken({ text = '', user, subtype, blocks = [], metadata }: SlackReply): Message | undefined {
  if (metadata?.event_type === 'reflection') {
    const sections = blocks.flatMap((block) => textOfSection(block) ?? []);
    const answer = readable(sections.length > 0 ? sections.join('\n\n') : text);
    const isAnswer = metadata.event_payload['is_answer'] === true && answer !== '';
    return isAnswer ? { role: 'assistant', content: answer } : undefined;
  }
  const content = readable(text);
  if (content === '' || subtype === 'tombstone') return undefined;
  const name = user !== undefined && /^[\w-]{1,64}$/.test(user) ? { name: user } : {};
  return { role: 'user', content, ...name };
}

function readable(text: string): string {
  return plainOf(text).replaceAll('\u2060', '').trim();
}

function newest(messages: readonly Message[]): readonly Message[] {
  const kept: Message[] = [];
  let tokens = 0;
  for (const message of messages.toReversed()) {
    tokens += likelyTokens(String(message.content));
    if (tokens > mostOf.tokens || kept.length >= mostOf.messages) break;
    kept.unshift(message);
  }
  return kept;
}
