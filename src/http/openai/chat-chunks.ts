/** The events of a reflection as the chunks of a streamed chat completion. https://platform.openai.com/docs/api-reference/chat/streaming */
import type { ReflectionEvent } from '../../reflection/events.ts';
import type { FinishReason, ToolCall } from '../../reflection/model.ts';
import { AnswerPieces, type OpenAiError, type Piece, type Streaming } from './answer-pieces.ts';
import { type ChatUsage, chatUsage, finishReason, type ReflectionSummary, summaryOf } from './chat-completion.ts';

interface Delta {
  readonly role?: 'assistant';
  readonly content?: string;
  /** What DeepSeek, vLLM and many clients call the thinking before the answer. */
  readonly reasoning_content?: string;
  /** Whole, in one chunk, as the model made them. */
  readonly tool_calls?: readonly (ToolCall & { readonly index: number })[];
}

export interface ChatChunk {
  readonly id: string;
  readonly object: 'chat.completion.chunk';
  readonly created: number;
  readonly model: string;
  readonly choices: readonly {
    readonly index: 0;
    readonly delta: Delta;
    readonly logprobs: null;
    readonly finish_reason: FinishReason | null;
  }[];
  /** Null in every chunk but the last, and left out where it was not asked for. */
  readonly usage?: ChatUsage | null;
  readonly x_reflection?: ReflectionSummary & { readonly answer_starts_at?: number };
}

/** Clients throw it where they meet it, and the stream ends without `[DONE]`. */
export interface ChatError {
  readonly error: OpenAiError;
}

export interface StreamedChat extends Streaming {
  readonly model: string;
  readonly includeUsage: boolean;
}

export class ChatChunks {
  readonly #chat: StreamedChat;
  readonly #pieces: AnswerPieces;
  #head: Pick<ChatChunk, 'id' | 'object' | 'created' | 'model'> | undefined;

  constructor(chat: StreamedChat) {
    this.#chat = chat;
    this.#pieces = new AnswerPieces(chat);
  }

  /** What the client is sent for an event: chunks, or an error, after which nothing follows. */
  of(event: ReflectionEvent): readonly (ChatChunk | ChatError)[] {
    const opening = this.#head === undefined ? [this.#open(event)] : [];
    return [...opening, ...this.#pieces.of(event).flatMap((piece) => this.#sent(piece))];
  }

  /** What a client is sent where the events stopped before the run's end. */
  cutOff(): ChatError | null {
    const error = this.#pieces.cutOff();
    return error && { error };
  }

  #open({ reflection_id: id, at }: ReflectionEvent): ChatChunk {
    const created = Math.floor(Date.parse(at) / 1_000);
    this.#head = { id, object: 'chat.completion.chunk', created, model: this.#chat.model };
    return this.#chunk({ role: 'assistant', content: '' });
  }

  #sent(piece: Piece): readonly (ChatChunk | ChatError)[] {
    switch (piece.type) {
      case 'content':
        return [this.#chunk({ content: piece.text })];
      case 'reasoning':
        return [this.#chunk({ reasoning_content: piece.text })];
      case 'failed':
        return [{ error: piece.error }];
      case 'ended': {
        const { record, answerStartsAt } = piece;
        const place = answerStartsAt === null ? {} : { answer_starts_at: answerStartsAt };
        const end = { ...this.#chunk({}, finishReason(record)), x_reflection: { ...summaryOf(record), ...place } };
        const calls = (record.tool_calls ?? []).map((call, index) => ({ index, ...call }));
        const called = calls.length === 0 ? [] : [this.#chunk({ tool_calls: calls })];
        if (!this.#chat.includeUsage) return [...called, end];
        return [...called, end, { ...this.#begun(), choices: [], usage: chatUsage(record, this.#chat.strategy) }];
      }
    }
  }

  #begun(): Pick<ChatChunk, 'id' | 'object' | 'created' | 'model'> {
    if (!this.#head) throw new Error('A chunk before the first event.');
    return this.#head;
  }

  #chunk(delta: Delta, finish_reason: FinishReason | null = null): ChatChunk {
    return {
      ...this.#begun(),
      choices: [{ index: 0, delta, logprobs: null, finish_reason }],
      ...(this.#chat.includeUsage && { usage: null }),
    };
  }
}

export function isError(sent: ChatChunk | ChatError): sent is ChatError {
  return 'error' in sent;
}
