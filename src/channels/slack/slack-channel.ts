/** Slack as a channel: its questions, and its answers. */
import type { ReflectionBody } from '../../reflection/request.ts';
import type { Delivery } from '../../runs/deliver.ts';
import type { CallResult } from '../call.ts';
import {
  type Channel,
  channelDeadlineMs,
  type PreparedQuestion,
  type Question,
  type RoomSettings,
  type Unfit,
} from '../channel.ts';
import { declineSentence } from '../decline-sentence.ts';
import { writeAddress } from './address.ts';
import type { SlackApi } from './api.ts';
import { type DeliveryTools, slackDelivery } from './delivery.ts';
import { mrkdwn } from './mrkdwn.ts';
import { messageOf, readQuestion, type SlackQuestion } from './question.ts';
import { deliveryOf } from './thread-answer.ts';
import { historyOf, type ThreadHistory } from './thread-history.ts';

/** `api` carries the token of the workspace. */
export function slackChannel(tools: DeliveryTools): Channel {
  return {
    ...slackDelivery(tools),
    prepare: (question, settings) => prepare(tools, question, settings),
    async decline({ content }, why) {
      const question = readQuestion(content);
      return question ? whisper(tools.api, question, declineSentence(why)) : { type: 'refused' };
    },
  };
}

/** What is said of a question without words: a message may hold a file and nothing else. */
const noWords = {
  mention: 'There is no question in that. Write it after my name.',
  direct: 'There are no words in that. Write a question.',
  command: 'There is no question in that. Write it after the command.',
  shortcut: 'There are no words in that message.',
} as const satisfies Record<SlackQuestion['by'], string>;

/** A question that cannot be read asks nothing, and is refused for that; so is one without words. */
async function prepare(
  tools: DeliveryTools,
  asked: Question,
  settings: RoomSettings,
): Promise<PreparedQuestion | Unfit> {
  const question = readQuestion(asked.content);
  if (!question) return { body: { input: '' }, address: '' };
  const { place, user, responseUrl } = question;
  if (question.text === '') return { type: 'unfit', message: noWords[question.by] };
  return {
    body: bodyOf(asked, question, await historyOf(tools, question), settings),
    address: writeAddress({ ...place, user, responseUrl, askedAt: tools.now() }),
  };
}

function bodyOf(
  { member, place }: Question,
  { text, user }: SlackQuestion,
  { messages, isTrimmed }: ThreadHistory,
  { tier, language }: RoomSettings,
): ReflectionBody {
  const instructions = [
    ...(language === null ? [] : [`Answer in this language: ${language}.`]),
    ...(isTrimmed ? ['The conversation is longer than this: a part of it is left out.'] : []),
  ];
  return {
    ...(messages.length === 0
      ? { input: text }
      : {
          messages: [...messages, { role: 'user', content: text, ...(/^[\w-]{1,64}$/.test(user) && { name: user }) }],
        }),
    ...(instructions.length > 0 && { instructions: instructions.join(' ') }),
    ...(tier !== null && { tier }),
    include: ['draft', 'diff'],
    store: true,
    background: true,
    budget: { deadline_ms: channelDeadlineMs },
    metadata: { channel: 'slack', member, place },
  };
}

/** Only whoever asked sees it. In a thread it is shown only where the thread was begun. */
async function whisper(api: SlackApi, question: SlackQuestion, words: string): Promise<Delivery> {
  const text = mrkdwn.escape(words);
  const { responseUrl, user, place } = question;
  if (responseUrl !== null) return settled(await api.respond(responseUrl, { text, blocks: [] }));
  const { channel, thread } = place;
  const isBegun = thread !== null && thread !== messageOf(question);
  const said = await api.postEphemeral({ channel, user, text, ...(isBegun && { thread_ts: thread }) });
  // It cannot be looked up whether it was said, so it is not said again.
  return said.type === 'unknown' ? { type: 'refused' } : settled(said);
}

function settled(said: CallResult<unknown>): Delivery {
  return deliveryOf(said.type === 'done' ? null : said);
}
