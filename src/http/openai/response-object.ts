/** The record of a reflection as a response. https://platform.openai.com/docs/api-reference/responses/object */
import type { Reflection } from '../../reflection/record.ts';
import type { ReflectionRequest } from '../../reflection/request.ts';
import type { StrategyName } from '../../reflection/strategies.ts';
import { chatUsage, type ReflectionSummary, summaryOf } from './chat-completion.ts';

/** What a response repeats of its request. */
export interface Echoed {
  readonly model: string;
  readonly strategy: StrategyName;
  /** Empty where nothing is known of it any more. */
  readonly request: Partial<
    Pick<
      ReflectionRequest,
      'instructions' | 'temperature' | 'top_p' | 'max_output_tokens' | 'store' | 'background' | 'metadata'
    >
  >;
  readonly format: { readonly type: string };
}

export interface OutputText {
  readonly type: 'output_text';
  readonly text: string;
  readonly annotations: readonly never[];
  readonly logprobs: readonly never[];
}

export interface MessageItem {
  readonly id: string;
  readonly type: 'message';
  readonly role: 'assistant';
  readonly status: 'in_progress' | 'completed' | 'incomplete';
  readonly content: readonly OutputText[];
}

export interface ReasoningItem {
  readonly id: string;
  readonly type: 'reasoning';
  readonly summary: readonly { readonly type: 'summary_text'; readonly text: string }[];
}

export type OutputItem = MessageItem | ReasoningItem;

export type ResponseStatus = 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled';

export interface ResponseObject {
  readonly id: string;
  readonly object: 'response';
  readonly created_at: number;
  readonly status: ResponseStatus;
  readonly background: boolean;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly incomplete_details: { readonly reason: 'max_output_tokens' } | null;
  readonly instructions: string | null;
  readonly max_output_tokens: number | null;
  readonly model: string;
  readonly output: readonly OutputItem[];
  readonly parallel_tool_calls: false;
  readonly previous_response_id: null;
  readonly reasoning: { readonly effort: null; readonly summary: null };
  readonly store: boolean;
  readonly temperature: number | null;
  readonly text: { readonly format: { readonly type: string } };
  readonly tool_choice: 'none';
  readonly tools: readonly never[];
  readonly top_p: number | null;
  readonly truncation: 'disabled';
  readonly usage: object | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly x_reflection: ReflectionSummary;
}

export function outputText(text: string): OutputText {
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}

/** The item of the answer in a run's response. */
export function messageItem(run: string, status: MessageItem['status'], content: readonly OutputText[]): MessageItem {
  return { id: run.replace(/^refl_/, 'msg_'), type: 'message', role: 'assistant', status, content };
}

/** `output`: the items so far; left out, they are made of the record. */
export function responseObject(
  record: Reflection,
  { model, strategy, request, format }: Echoed,
  output: readonly OutputItem[] = outputOf(record),
): ResponseObject {
  const status = statusOf(record);
  return {
    id: record.id,
    object: 'response',
    created_at: record.created_at,
    status,
    background: request.background ?? false,
    error: record.error && { code: record.error.code, message: record.error.message },
    incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    model,
    output,
    parallel_tool_calls: false,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    store: request.store ?? false,
    temperature: request.temperature ?? null,
    text: { format },
    tool_choice: 'none',
    tools: [],
    top_p: request.top_p ?? null,
    truncation: 'disabled',
    usage: status === 'queued' || status === 'in_progress' ? null : usageOf(record, strategy),
    metadata: record.metadata,
    x_reflection: summaryOf(record),
  };
}

function outputOf(record: Reflection): readonly OutputItem[] {
  if (record.output === '') return [];
  return [messageItem(record.id, itemStatus(record), [outputText(record.output)])];
}

export function itemStatus(record: Reflection): 'completed' | 'incomplete' {
  return statusOf(record) === 'completed' ? 'completed' : 'incomplete';
}

function statusOf({ status, finish_reason }: Reflection): ResponseStatus {
  if (status === 'running') return 'in_progress';
  return status === 'completed' && finish_reason === 'length' ? 'incomplete' : status;
}

function usageOf(record: Reflection, strategy: StrategyName): object {
  const usage = chatUsage(record, strategy);
  return {
    input_tokens: usage.prompt_tokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: usage.completion_tokens,
    output_tokens_details: { reasoning_tokens: usage.completion_tokens_details.reasoning_tokens },
    total_tokens: usage.total_tokens,
  };
}
