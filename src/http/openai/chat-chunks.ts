/** The events of a reflection as the chunks of a streamed chat completion. https://platform.openai.com/docs/api-reference/chat/streaming */
import { type ErrorCode, errorKinds } from '../../errors.ts';
import type { ReflectionEvent } from '../../reflection/events.ts';
import { applyDelta } from '../../reflection/fold.ts';
import type { Reflection } from '../../reflection/record.ts';
import type { StrategyName } from '../../reflection/strategies.ts';
import {
  type ChatUsage,
  chatUsage,
  type FinishReason,
  finishReason,
  type ReflectionSummary,
  summaryOf,
} from './chat-completion.ts';
import { phaseText } from './phase-text.ts';
import { settledText } from './settled-text.ts';

export interface Delta {
  readonly role?: 'assistant';
  readonly content?: string;
  /** What DeepSeek, vLLM and many clients call the thinking before the answer. */
  readonly reasoning_content?: string;
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
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string;
  };
}

export interface StreamedChat {
  readonly model: string;
  readonly strategy: StrategyName;
  readonly includeUsage: boolean;
  readonly streamsDraft: boolean;
}

/** Stands between an early draft and the answer that took its place. */
const answerRule = '\n\n---\n\n';

export class ChatChunks {
  readonly #chat: StreamedChat;
  #head: Pick<ChatChunk, 'id' | 'object' | 'created' | 'model'> | undefined;
  /** The draft as its model wrote it. */
  #draft = '';
  /** The content that was sent so far. */
  #sent = '';
  /** Whether the next phase begins on a line of its own. */
  #isReasoning = false;

  constructor(chat: StreamedChat) {
    this.#chat = chat;
  }

  /** What the client is sent for an event: chunks, or an error, after which nothing follows. */
  of(event: ReflectionEvent): readonly (ChatChunk | ChatError)[] {
    const opening = this.#head === undefined ? [this.#open(event)] : [];
    return [...opening, ...this.#told(event)];
  }

  #open({ reflection_id: id, at }: ReflectionEvent): ChatChunk {
    const created = Math.floor(Date.parse(at) / 1_000);
    this.#head = { id, object: 'chat.completion.chunk', created, model: this.#chat.model };
    return this.#chunk({ role: 'assistant', content: '' });
  }

  #told(event: ReflectionEvent): readonly (ChatChunk | ChatError)[] {
    switch (event.type) {
      case 'run.completed':
      case 'run.cancelled':
        return this.#ended(event.reflection);
      case 'run.failed':
        return [errorOf(event.reflection)];
      default:
        return this.#chat.streamsDraft ? this.#draftAsContent(event) : this.#asReasoning(event);
    }
  }

  #draftAsContent(event: ReflectionEvent): readonly ChatChunk[] {
    if (event.type !== 'pass.delta' || event.pass !== 'draft') return [];
    this.#draft = applyDelta(this.#draft, event);
    const settled = settledText(this.#draft);
    // A restarted pass may write other words: the end shows whether what was sent still holds.
    return settled.startsWith(this.#sent) ? this.#content(settled.slice(this.#sent.length)) : [];
  }

  #asReasoning(event: ReflectionEvent): readonly ChatChunk[] {
    if (event.type === 'pass.delta') {
      if (event.pass !== 'draft') return [];
      const start = this.#isReasoning && this.#draft === '' ? '\n' : '';
      this.#draft = applyDelta(this.#draft, event);
      return [this.#chunk({ reasoning_content: `${start}${event.text}` })];
    }
    const text = phaseText(event);
    if (text === undefined) return [];
    const start = this.#isReasoning ? '\n' : '';
    this.#isReasoning = true;
    return [this.#chunk({ reasoning_content: `${start}${text}` })];
  }

  #ended(record: Reflection): readonly (ChatChunk | ChatError)[] {
    const { output } = record;
    const isContinued = output.startsWith(this.#sent);
    // What was sent cannot be taken back, so an answer that is another text follows it behind a rule; a plain call has no such answer.
    if (!isContinued && this.#chat.strategy === 'direct') return [lostText(record)];
    const rest = isContinued ? output.slice(this.#sent.length) : `${answerRule}${output}`;
    const startsAt = isContinued ? {} : { answer_starts_at: this.#sent.length + answerRule.length };
    const end = { ...this.#chunk({}, finishReason(record)), x_reflection: { ...summaryOf(record), ...startsAt } };
    return [...this.#content(rest), end, ...this.#usage(record)];
  }

  #content(text: string): readonly ChatChunk[] {
    if (text === '') return [];
    this.#sent += text;
    return [this.#chunk({ content: text })];
  }

  #chunk(delta: Delta, finish_reason: FinishReason | null = null): ChatChunk {
    if (!this.#head) throw new Error('A chunk before the first event.');
    return {
      ...this.#head,
      choices: [{ index: 0, delta, logprobs: null, finish_reason }],
      ...(this.#chat.includeUsage && { usage: null }),
    };
  }

  #usage(record: Reflection): readonly ChatChunk[] {
    if (!this.#chat.includeUsage || !this.#head) return [];
    return [{ ...this.#head, choices: [], usage: chatUsage(record, this.#chat.strategy) }];
  }
}

export function isError(sent: ChatChunk | ChatError): sent is ChatError {
  return 'error' in sent;
}

function errorOf({ error }: Reflection): ChatError {
  return told(error?.code ?? 'upstream_failed', error?.message ?? 'The run has failed.', error?.fields?.[0]?.field);
}

function lostText({ id }: Reflection): ChatError {
  return told(
    'upstream_failed',
    `The model was lost after a part of its answer had been sent. The whole answer is ${id}.`,
  );
}

function told(code: ErrorCode, message: string, param?: string): ChatError {
  return { error: { message, type: errorKinds[code].type, param: param ?? null, code } };
}
