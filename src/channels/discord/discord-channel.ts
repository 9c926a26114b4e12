/** Discord as a channel: its questions, and its answers. */
import type { ReflectionBody } from '../../reflection/request.ts';
import type { Delivery } from '../../runs/deliver.ts';
import {
  type Channel,
  channelDeadlineMs,
  type DeclineReason,
  type PreparedQuestion,
  type Question,
  type RoomSettings,
} from '../channel.ts';
import { declineSentence } from '../decline-sentence.ts';
import { addressOf, readAddress, readQuestion } from './address.ts';
import { AnswerDelivery, type DiscordDeliveryTools, isTokenOver, refusalOf } from './answer-delivery.ts';
import { said } from './messages.ts';
import { ProgressEdits } from './progress-edits.ts';

export function discordChannel(tools: DiscordDeliveryTools): Channel {
  const { log } = tools;
  return {
    prepare: (question, settings) => Promise.resolve(prepared(question, settings)),
    decline: (question, why) => decline(tools, question, why),
    async showProgress(run) {
      const address = readAddress(run.address.address);
      return address ? new ProgressEdits(tools, run, address).follow() : 'abandoned';
    },
    async deliver(run) {
      const address = readAddress(run.address.address);
      if (address) return new AnswerDelivery(tools, run, address).deliver();
      log({ level: 'error', event: 'discord.answer_refused', reflection_id: run.id, reason: 'unreadable address' });
      return { type: 'refused' };
    },
  };
}

/** What was typed for this one question goes before what holds in the room. A question that cannot be read asks nothing, and is refused for that. */
function prepared({ content, member, place }: Question, { tier, language }: RoomSettings): PreparedQuestion {
  const question = readQuestion(content);
  const chosen = question?.tier ?? tier;
  const body: ReflectionBody = {
    input: question?.text ?? '',
    ...(language !== null && { instructions: `Answer in this language: ${language}.` }),
    ...(chosen !== null && { tier: chosen }),
    include: ['draft', 'diff'],
    store: true,
    background: true,
    budget: { deadline_ms: channelDeadlineMs },
    metadata: { channel: 'discord', member, place },
  };
  return { body, address: question ? JSON.stringify(addressOf(question)) : '' };
}

async function decline(
  { api, now, log }: DiscordDeliveryTools,
  asked: Question,
  why: DeclineReason,
): Promise<Delivery> {
  const refused = (reason: string): Delivery => {
    log({ level: 'warn', event: 'discord.refusal_refused', reason });
    return { type: 'refused' };
  };
  const question = readQuestion(asked.content);
  if (!question) return refused('unreadable question');
  if (isTokenOver(question, now())) return refused('too late');
  const result = await api.editOriginal(question.ticket, said(declineSentence(why)));
  switch (result.type) {
    case 'done':
      return { type: 'delivered' };
    case 'later':
      return { type: 'failed', retryAfterMs: result.retryAfterMs };
    case 'unknown':
      return { type: 'failed', retryAfterMs: null };
    case 'refused': {
      const refusal = refusalOf(question, result.error, now());
      return refusal === 'too late' || refusal.type === 'refused' ? refused(result.error) : refusal;
    }
  }
}
