/** The events of a reflection as the pieces that OpenAI's streams are made of: reasoning, content and an end. Pure. */
import { type ErrorCode, errorKinds } from '../../errors.ts';
import type { ReflectionEvent } from '../../reflection/events.ts';
import { applyDelta } from '../../reflection/fold.ts';
import type { Reflection } from '../../reflection/record.ts';
import type { StrategyName } from '../../reflection/strategies.ts';
import { phaseText } from './phase-text.ts';
import { settledText } from './settled-text.ts';

/** OpenAI's error object. */
export interface OpenAiError {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string;
}

export type Piece =
  | { readonly type: 'reasoning'; readonly text: string }
  | { readonly type: 'content'; readonly text: string }
  /** `answerStartsAt`: where in the content the answer begins, if a draft that did not stay stands before it. In UTF-16 units. */
  | { readonly type: 'ended'; readonly record: Reflection; readonly answerStartsAt: number | null }
  /** Nothing follows. */
  | { readonly type: 'failed'; readonly record: Reflection; readonly error: OpenAiError };

export interface Streaming {
  readonly strategy: StrategyName;
  /** Whether the draft is content from its first word on. */
  readonly streamsDraft: boolean;
}

/** Stands between an early draft and the answer that took its place. */
const answerRule = '\n\n---\n\n';

export class AnswerPieces {
  readonly #streaming: Streaming;
  /** The draft as its model wrote it. */
  #draft = '';
  /** The content that was sent so far. */
  #sent = '';
  #run = '';
  #hasEnded = false;
  /** Whether the next phase begins on a line of its own. */
  #isReasoning = false;

  constructor(streaming: Streaming) {
    this.#streaming = streaming;
  }

  of(event: ReflectionEvent): readonly Piece[] {
    this.#run = event.reflection_id;
    this.#hasEnded ||= 'reflection' in event;
    switch (event.type) {
      case 'run.completed':
      case 'run.cancelled':
        return this.#ended(event.reflection);
      case 'run.failed':
        return [failed(event.reflection)];
      default:
        return this.#streaming.streamsDraft ? this.#draftAsContent(event) : this.#asReasoning(event);
    }
  }

  /** Where the events stopped before the run's end; clients would take what they have for the whole answer. Null after the end. */
  cutOff(): OpenAiError | null {
    if (this.#hasEnded) return null;
    const message = `The stream was lost before the end of its run. The run goes on and is read as ${this.#run}.`;
    return errorObject('upstream_failed', message);
  }

  #draftAsContent(event: ReflectionEvent): readonly Piece[] {
    if (event.type !== 'pass.delta' || event.pass !== 'draft') return [];
    this.#draft = applyDelta(this.#draft, event);
    const settled = settledText(this.#draft);
    // A restarted pass may write other words: the end shows whether what was sent still holds.
    return settled.startsWith(this.#sent) ? this.#content(settled.slice(this.#sent.length)) : [];
  }

  #asReasoning(event: ReflectionEvent): readonly Piece[] {
    if (event.type === 'pass.delta') {
      if (event.pass !== 'draft') return [];
      // Nothing new: it keeps the numbering complete after a loss.
      if (event.text === '') return [];
      const start = event.offset === 0 ? '\n' : '';
      return [{ type: 'reasoning', text: `${start}${event.text}` }];
    }
    const text = phaseText(event);
    if (text === undefined) return [];
    const start = this.#isReasoning ? '\n' : '';
    this.#isReasoning = true;
    return [{ type: 'reasoning', text: `${start}${text}` }];
  }

  #ended(record: Reflection): readonly Piece[] {
    const { output } = record;
    const isContinued = output.startsWith(this.#sent);
    // What was sent cannot be taken back, so an answer that is another text follows it behind a rule. A plain call has no such answer.
    if (!isContinued && this.#streaming.strategy === 'direct') return [lostText(record)];
    const rest = isContinued ? output.slice(this.#sent.length) : `${answerRule}${output}`;
    const answerStartsAt = isContinued ? null : this.#sent.length + answerRule.length;
    return [...this.#content(rest), { type: 'ended', record, answerStartsAt }];
  }

  #content(text: string): readonly Piece[] {
    if (text === '') return [];
    this.#sent += text;
    return [{ type: 'content', text }];
  }
}

function failed(record: Reflection): Piece {
  const { code = 'upstream_failed', message = 'The run has failed.', fields } = record.error ?? {};
  return { type: 'failed', record, error: errorObject(code, message, fields?.[0]?.field) };
}

function lostText(record: Reflection): Piece {
  const message = `A part of the answer that had been sent does not stand in it. The whole answer is read as ${record.id}.`;
  return { type: 'failed', record, error: errorObject('upstream_failed', message) };
}

function errorObject(code: ErrorCode, message: string, param?: string): OpenAiError {
  return { message, type: errorKinds[code].type, param: param ?? null, code };
}
