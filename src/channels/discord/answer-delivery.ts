/**
 * Shows an answer once, whatever breaks on the way. Edits are repeated until they are known to be done. A message that is created is noted before and after;
 * one that may be there is not created again, unless Discord itself knows it again or it is looked for and missing. The first message has a button that shows
 * what follows, so that whatever is not sent can be read all the same.
 */

import { sha256 } from '../../encoding.ts';
import { type Log, whereFrom } from '../../errors.ts';
import type { Delivery, EndedRun } from '../../runs/deliver.ts';
import type { CallResult } from '../call.ts';
import { type DiscordAddress, type DiscordNotes, idAt, readNotes, sentAt } from './address.ts';
import { type DiscordApi, type DiscordMessage, ephemeralFlag, type Posted } from './api.ts';
import { answered, answeredBelow, answerParts, following, lateHeading } from './messages.ts';
import { customIdOf } from './payloads.ts';

export interface DiscordDeliveryTools {
  readonly api: DiscordApi;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly log: Log;
}

/** Discord's codes. https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
export const unknownMessage = '10008';
const unknownWebhook = '10015';
const invalidWebhookToken = '50027';

/** A token is good for 15 minutes; a call that begins in the last seconds may come too late. */
const tokenLifeMs = 15 * 60_000 - 10_000;
/** Until Discord has taken our first answer to an interaction, it does not know its token. */
const firstAnswerMs = 30_000;
const untilFirstAnswerMs = 2_000;

/** Discord documents that nonces are known again for "a few minutes". After this, a message is looked for instead. */
const nonceLifeMs = 2 * 60_000;

/** By which Discord's clock and ours may differ. */
const clockSkewMs = 10_000;

/** Messages after the first. Discord allows five where only a user has installed the app; more than ten fill a channel. */
const mostFollowing = { userInstalled: 5, others: 10 } as const;
/** Five calls in two seconds were seen to be allowed. https://github.com/discord/discord-api-docs/issues/6407 */
const betweenMessagesMs = 600;

const delivered: Delivery = { type: 'delivered' };
const failed = (retryAfterMs: number | null = null): Delivery => ({ type: 'failed', retryAfterMs });

/** Whether an interaction is too old to be answered. */
export function isTokenOver({ ticket }: Pick<DiscordAddress, 'ticket'>, nowMs: number): boolean {
  return nowMs - sentAt(ticket) >= tokenLifeMs;
}

/** How an edit of the first message was refused: an interaction whose first answer Discord has not read yet is not known, and is not known any more in the end. */
export function refusalOf(
  { ticket }: Pick<DiscordAddress, 'ticket'>,
  error: string,
  nowMs: number,
): Delivery | 'too late' {
  if (error !== unknownWebhook && error !== invalidWebhookToken) return { type: 'refused' };
  return nowMs - sentAt(ticket) < firstAnswerMs ? failed(untilFirstAnswerMs) : 'too late';
}

/** How a step went: `on` where the next can be taken. */
type Advance = 'on' | Delivery;

export class AnswerDelivery {
  readonly #tools: DiscordDeliveryTools;
  readonly #run: EndedRun;
  readonly #address: DiscordAddress;
  readonly #parts: readonly string[];
  #notes: DiscordNotes;

  constructor(tools: DiscordDeliveryTools, run: EndedRun, address: DiscordAddress) {
    this.#tools = tools;
    this.#run = run;
    this.#address = address;
    this.#parts = answerParts(run.record);
    this.#notes = readNotes(run.notes);
  }

  /** One try. Never rejects: where nothing can be noted, nothing is created. */
  async deliver(): Promise<Delivery> {
    try {
      let step: Advance = this.#notes.shown === 0 ? await this.#showFirst() : 'on';
      while (step === 'on' && this.#isMoreToSend) step = await this.#sendNext();
      if (step === 'on') step = await this.#settleFirst();
      return step === 'on' ? await this.#settleOriginal() : step;
    } catch (error) {
      this.#tools.log({
        level: 'error',
        event: 'discord.delivery_broken',
        reflection_id: this.#run.id,
        ...whereFrom(error),
      });
      return failed();
    }
  }

  get #isMoreToSend(): boolean {
    const { userInstalled, others } = mostFollowing;
    const most = 1 + (this.#address.isUserInstalled ? userInstalled : others);
    return !this.#notes.isCut && this.#notes.shown < Math.min(most, this.#parts.length);
  }

  async #showFirst(): Promise<Advance> {
    if (this.#notes.way === 'channel') return this.#postFirst();
    if (isTokenOver(this.#address, this.#tools.now())) return this.#goToChannel();
    if (this.#notes.triedAt === null) await this.#note({ triedAt: this.#tools.now() });
    const result = await this.#tools.api.editOriginal(this.#address.ticket, this.#first(1));
    if (result.type !== 'refused') return this.#shownBy(result);
    const refusal = refusalOf(this.#address, result.error, this.#tools.now());
    if (refusal === 'too late') return this.#goToChannel();
    return refusal.type === 'refused' ? this.#refused(result.error) : refusal;
  }

  /**
   * The token is over: the bot writes into the channel, where it may. What was private stays unsaid. An edit that may have been done is looked for first.
   */
  async #goToChannel(): Promise<Advance> {
    const { place, isUserInstalled } = this.#address;
    if (!this.#tools.api.hasBot || place.guild === null || this.#isPrivate || isUserInstalled)
      return this.#refused('too late');
    if (this.#notes.triedAt !== null) {
      const found = await this.#find(this.#address.ticket.id);
      if (found.type !== 'missing') return this.#adopt(found);
    }
    await this.#note({ way: 'channel', triedAt: null });
    return this.#postFirst();
  }

  /** The same nonce gives the same message; later than that, it is looked for. Discord shows a bot no history where it lacks the permission: there it is posted again. */
  async #postFirst(): Promise<Advance> {
    const { triedAt } = this.#notes;
    if (triedAt !== null && this.#tools.now() - triedAt >= nonceLifeMs) {
      const found = await this.#find(idAt(triedAt - clockSkewMs));
      if (found.type !== 'missing') return this.#adopt(found);
      await this.#note({ triedAt: this.#tools.now() });
    }
    const result = await this.#post(this.#first(1));
    return result.type === 'refused' ? this.#refused(result.error) : this.#shownBy(result);
  }

  /** The next of the messages that follow. */
  async #sendNext(): Promise<Advance> {
    const { way, triedAt } = this.#notes;
    const now = this.#tools.now();
    const isLost = triedAt !== null && (way === 'token' || now - triedAt >= nonceLifeMs);
    if (isLost || (way === 'token' && isTokenOver(this.#address, now))) return this.#cut();
    await this.#tools.pause(betweenMessagesMs);
    const message = following(this.#parts[this.#notes.shown] ?? '');
    const result = way === 'token' ? await this.#followUp(message) : await this.#post(message);
    if (result.type === 'refused') return this.#cut();
    // Nothing was done, unless by a try before.
    if (result.type === 'later' && triedAt === null) await this.#note({ triedAt: null });
    return this.#shownBy(result);
  }

  async #followUp(message: DiscordMessage): Promise<CallResult<Posted>> {
    await this.#note({ triedAt: this.#tools.now() });
    return this.#tools.api.followUp(this.#address.ticket, message, this.#isPrivate ? ephemeralFlag : 0);
  }

  async #post(message: DiscordMessage): Promise<CallResult<Posted>> {
    if (this.#notes.triedAt === null) await this.#note({ triedAt: this.#tools.now() });
    return this.#tools.api.post(this.#address.place.channel, message, nonceOf(this.#run.id, this.#notes.shown));
  }

  async #shownBy(result: Exclude<CallResult<Posted>, { readonly type: 'refused' }>): Promise<Advance> {
    const { shown, way } = this.#notes;
    if (result.type === 'unknown') return failed();
    if (result.type === 'later') return failed(result.retryAfterMs);
    const first = way === 'token' ? originalOf(result.answer) : { message: result.answer.id };
    await this.#note({ shown: shown + 1, triedAt: null, ...(shown === 0 && first) });
    return 'on';
  }

  async #cut(): Promise<Advance> {
    await this.#note({ isCut: true, triedAt: null });
    return 'on';
  }

  /** Once all is sent that will be, the first message offers what is left, or nothing. Repeated, it is the same. */
  async #settleFirst(): Promise<Advance> {
    const { way, shown, message } = this.#notes;
    const { api, now } = this.#tools;
    if (this.#parts.length === 1) return 'on';
    const isReadable = shown < this.#parts.length;
    const first = this.#first(isReadable ? shown : null);
    // The button that stands there shows everything, if from its beginning on.
    if (way === 'token' && isTokenOver(this.#address, now())) return 'on';
    if (way === 'channel' && message === null) return 'on';
    const result =
      way === 'channel' && message !== null
        ? await api.editPosted(this.#address.place.channel, message, first)
        : await api.editOriginal(this.#address.ticket, first);
    const isGone = result.type === 'refused' && result.error === unknownMessage;
    return isGone ? this.#refused(result.error) : settledBy(result);
  }

  /** Of an answer that the bot posted, the message that showed the run still stands, with a button to stop it. The bot edits it where it may. */
  async #settleOriginal(): Promise<Delivery> {
    const { way, original } = this.#notes;
    if (way === 'token' || original === null) return delivered;
    const step = settledBy(await this.#tools.api.editPosted(this.#address.place.channel, original, answeredBelow()));
    return step === 'on' ? delivered : step;
  }

  /** The first message of this answer in the channel, among the hundred after an id: its buttons name the run. */
  async #find(
    after: string,
  ): Promise<{ readonly type: 'found'; readonly id: string } | { readonly type: 'missing' } | FindFailure> {
    const result = await this.#tools.api.list(this.#address.place.channel, after);
    if (result.type === 'refused') return { type: 'failed', delivery: this.#refused(result.error) };
    if (result.type === 'later') return { type: 'failed', delivery: failed(result.retryAfterMs) };
    if (result.type === 'unknown') return { type: 'failed', delivery: failed() };
    const button = JSON.stringify(customIdOf('show', this.#run.id));
    const message = result.answer.find(({ components }) => JSON.stringify(components ?? []).includes(button));
    return message ? { type: 'found', id: message.id } : { type: 'missing' };
  }

  async #adopt(found: { readonly type: 'found'; readonly id: string } | FindFailure): Promise<Advance> {
    if (found.type === 'failed') return found.delivery;
    await this.#note({ shown: 1, triedAt: null, message: found.id });
    return 'on';
  }

  #first(rest: number | null): DiscordMessage {
    const heading = this.#notes.way === 'channel' ? lateHeading(this.#address.user) : null;
    const offered = this.#parts.length > 1 ? rest : null;
    return answered(this.#run.record, this.#parts[0] ?? '', { heading, rest: offered });
  }

  get #isPrivate(): boolean {
    return this.#address.isPrivate || this.#notes.isOriginalPrivate;
  }

  #refused(reason: string): Delivery {
    this.#tools.log({ level: 'warn', event: 'discord.answer_refused', reflection_id: this.#run.id, reason });
    return { type: 'refused' };
  }

  async #note(change: Partial<DiscordNotes>): Promise<void> {
    this.#notes = { ...this.#notes, ...change };
    await this.#run.note(JSON.stringify(this.#notes));
  }
}

interface FindFailure {
  readonly type: 'failed';
  readonly delivery: Delivery;
}

/** An edit of what stands there already: refused, it stays as it is. */
function settledBy(result: CallResult<unknown>): Advance {
  switch (result.type) {
    case 'done':
    case 'refused':
      return 'on';
    case 'later':
      return failed(result.retryAfterMs);
    case 'unknown':
      return failed();
  }
}

/** What an edit of `@original` tells of it. */
export function originalOf({ id, flags = 0 }: Posted): Pick<DiscordNotes, 'original' | 'isOriginalPrivate'> {
  return { original: id, isOriginalPrivate: (flags & ephemeralFlag) !== 0 };
}

/** Of one message of a run: 24 letters, of 25 that Discord allows. */
function nonceOf(run: string, part: number): string {
  return sha256(`${part} ${run}`).slice(0, 24);
}
