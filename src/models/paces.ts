/**
 * How fast each model was seen to write, and so whether an answer may be asked for in one piece. That saves most of the work of reading it, but an
 * answer in one piece that a deadline or a cancel cuts off is lost, where of a stream what had come is kept.
 */
import type { ModelCall } from '../reflection/model.ts';
import type { AttemptLimits } from './attempt.ts';

/** The longest answer that is asked for in one piece, in tokens. */
const mostTokens = 1_024;
/** A shorter answer says little about the pace, because most of its time went to the prompt. In characters. */
const fewestCharacters = 64;
/** Of English; other texts have fewer, so that their model seems slower than it is and is streamed rather. */
const charactersPerToken = 4;
/** A deadline is far when the model may take so many times what it was seen to take, and so long at least. */
const slack = 1.5;
const leastMs = 20_000;
/** What a slow answer counts when the next one is faster. */
const remembered = 0.8;

/** Bounded by the catalog. */
export class Paces {
  readonly #msPerToken = new Map<string, number>();

  /** `milliseconds`: from the request to the end of the answer. */
  saw(model: string, milliseconds: number, text: string): void {
    if (text.length < fewestCharacters) return;
    const earlier = this.#msPerToken.get(model) ?? 0;
    this.#msPerToken.set(model, Math.max((milliseconds * charactersPerToken) / text.length, remembered * earlier));
  }

  /**
   * The limits for an answer in one piece; undefined where it is to be streamed: a long one, one with a near deadline, or one of a model that was
   * not seen to write before. `now`: epoch milliseconds.
   */
  limitsInOnePiece(
    model: string,
    { maxOutputTokens, deadlineAt }: ModelCall,
    limits: AttemptLimits,
    now: number,
  ): AttemptLimits | undefined {
    const msPerToken = this.#msPerToken.get(model);
    if (msPerToken === undefined || maxOutputTokens > mostTokens) return undefined;
    const likelyMs = msPerToken * maxOutputTokens;
    if (deadlineAt - now < Math.max(slack * likelyMs, leastMs)) return undefined;
    // It does not begin before its end, so a model that hangs is told by the whole time alone.
    return { ...limits, totalMs: Math.min(limits.totalMs, Math.max(2 * likelyMs, limits.firstTokenMs)) };
  }
}
