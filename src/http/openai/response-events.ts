/** The events of a reflection as those of a streamed response. https://platform.openai.com/docs/api-reference/responses-streaming */
import type { ReflectionEvent } from '../../reflection/events.ts';
import { emptyFold, type FoldState, step } from '../../reflection/fold.ts';
import type { Reflection } from '../../reflection/record.ts';
import { AnswerPieces, type Piece } from './answer-pieces.ts';
import {
  type Echoed,
  itemStatus,
  messageItem,
  type OutputItem,
  outputText,
  type ReasoningItem,
  type ResponseObject,
  responseObject,
} from './response-object.ts';

export interface ResponseEvent {
  readonly type: string;
  readonly sequence_number: number;
  readonly [member: string]: unknown;
}

interface OpenItem {
  readonly kind: 'reasoning' | 'message';
  readonly index: number;
  readonly text: string;
}

export class ResponseEvents {
  readonly #echoed: Echoed;
  readonly #pieces: AnswerPieces;
  /** The record so far, for what a response says of its run. */
  #folded: FoldState = emptyFold;
  #next = 0;
  #run = '';
  #done: readonly OutputItem[] = [];
  #open: OpenItem | undefined;

  constructor(echoed: Echoed, streamsDraft: boolean) {
    this.#echoed = echoed;
    this.#pieces = new AnswerPieces({ strategy: echoed.strategy, streamsDraft });
  }

  of(event: ReflectionEvent): readonly ResponseEvent[] {
    this.#folded = step(this.#folded, event);
    const opening = this.#run === '' ? this.#opening(event) : [];
    return [...opening, ...this.#pieces.of(event).flatMap((piece) => this.#told(piece))];
  }

  /** What a client is sent where the events stopped before the run's end. */
  cutOff(): ResponseEvent | null {
    const error = this.#pieces.cutOff();
    return error && this.#event('error', { code: error.code, message: error.message, param: error.param });
  }

  #opening({ reflection_id }: ReflectionEvent): ResponseEvent[] {
    this.#run = reflection_id;
    const record: Reflection = { ...this.#folded.record, status: 'running' };
    const response = responseObject(record, this.#echoed, []);
    return [this.#event('response.created', { response }), this.#event('response.in_progress', { response })];
  }

  #told(piece: Piece): ResponseEvent[] {
    switch (piece.type) {
      case 'reasoning':
      case 'content':
        return this.#written(piece.type === 'content' ? 'message' : 'reasoning', piece.text);
      case 'ended': {
        const closing = this.#close(itemStatus(piece.record));
        const response = responseObject(piece.record, this.#echoed, this.#done);
        return [...closing, this.#event(`response.${endOf(response)}`, { response })];
      }
      case 'failed': {
        const closing = this.#close('incomplete');
        const { code, message } = piece.error;
        const told = responseObject(piece.record, this.#echoed, this.#done);
        const response: ResponseObject = { ...told, status: 'failed', error: { code, message } };
        return [...closing, this.#event('response.failed', { response })];
      }
    }
  }

  #written(kind: OpenItem['kind'], text: string): ResponseEvent[] {
    const opening = this.#open?.kind === kind ? [] : [...this.#close('completed'), ...this.#begin(kind)];
    if (!this.#open) return opening;
    this.#open = { ...this.#open, text: this.#open.text + text };
    const delta =
      kind === 'message'
        ? this.#event('response.output_text.delta', { ...this.#place(), delta: text, logprobs: [] })
        : this.#event('response.reasoning_summary_text.delta', { ...this.#place(), delta: text });
    return [...opening, delta];
  }

  #begin(kind: OpenItem['kind']): ResponseEvent[] {
    this.#open = { kind, index: this.#done.length, text: '' };
    const item = kind === 'message' ? messageItem(this.#run, 'in_progress', []) : this.#reasoning([]);
    const part = kind === 'message' ? outputText('') : { type: 'summary_text', text: '' };
    return [
      this.#event('response.output_item.added', { output_index: this.#open.index, item }),
      this.#event(kind === 'message' ? 'response.content_part.added' : 'response.reasoning_summary_part.added', {
        ...this.#place(),
        part,
      }),
    ];
  }

  #close(status: 'completed' | 'incomplete'): ResponseEvent[] {
    if (!this.#open) return [];
    const { kind, index, text } = this.#open;
    const place = this.#place();
    const part = { type: 'summary_text' as const, text };
    const item = kind === 'message' ? messageItem(this.#run, status, [outputText(text)]) : this.#reasoning([part]);
    this.#done = [...this.#done, item];
    this.#open = undefined;
    const end = this.#event.bind(this);
    return kind === 'message'
      ? [
          end('response.output_text.done', { ...place, text, logprobs: [] }),
          end('response.content_part.done', { ...place, part: outputText(text) }),
          end('response.output_item.done', { output_index: index, item }),
        ]
      : [
          end('response.reasoning_summary_text.done', { ...place, text }),
          end('response.reasoning_summary_part.done', { ...place, part }),
          end('response.output_item.done', { output_index: index, item }),
        ];
  }

  #reasoning(summary: ReasoningItem['summary']): ReasoningItem {
    return { id: this.#run.replace(/^refl_/, 'rs_'), type: 'reasoning', summary };
  }

  /** Where in the response something is written. */
  #place(): object {
    const { kind, index } = this.#open ?? { kind: 'message', index: 0 };
    return kind === 'message'
      ? { item_id: messageItem(this.#run, 'in_progress', []).id, output_index: index, content_index: 0 }
      : { item_id: this.#reasoning([]).id, output_index: index, summary_index: 0 };
  }

  #event(type: string, members: object): ResponseEvent {
    const sequence_number = this.#next;
    this.#next += 1;
    return { type, sequence_number, ...members };
  }
}

/** There is no event for a cancelled response: what has come of it is incomplete. */
function endOf({ status }: ResponseObject): 'completed' | 'incomplete' {
  return status === 'completed' ? 'completed' : 'incomplete';
}
