/** The record of a reflection as a chat completion. https://platform.openai.com/docs/api-reference/chat/object */
import type { CheckResult } from '../../reflection/checks/check.ts';
import type { FinishReason, ToolCall } from '../../reflection/model.ts';
import type { Reflection } from '../../reflection/record.ts';
import { type StrategyName, strategies } from '../../reflection/strategies.ts';
import { likelyTokens } from '../../reflection/tokens.ts';

export interface ChatUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details: { readonly cached_tokens: 0; readonly audio_tokens: 0 };
  readonly completion_tokens_details: {
    readonly reasoning_tokens: number;
    readonly audio_tokens: 0;
    readonly accepted_prediction_tokens: 0;
    readonly rejected_prediction_tokens: 0;
  };
}

/** What the answer says of its reflection; the whole record stands under the id. */
export type ReflectionSummary = Pick<
  Reflection,
  'id' | 'status' | 'decision' | 'changed' | 'passed' | 'degraded' | 'exhausted' | 'cache' | 'draft' | 'diff' | 'trace'
> & { readonly checks: readonly Pick<CheckResult, 'id' | 'type' | 'status' | 'message'>[] };

export interface ChatCompletion {
  readonly id: string;
  readonly object: 'chat.completion';
  readonly created: number;
  readonly model: string;
  readonly choices: readonly [
    {
      readonly index: 0;
      readonly message: {
        readonly role: 'assistant';
        /** Null where the model only called tools. */
        readonly content: string | null;
        readonly refusal: null;
        readonly tool_calls?: readonly ToolCall[];
      };
      readonly logprobs: null;
      readonly finish_reason: FinishReason;
    },
  ];
  readonly usage: ChatUsage;
  readonly x_reflection: ReflectionSummary;
}

export function chatCompletion(record: Reflection, model: string, strategy: StrategyName): ChatCompletion {
  return {
    id: record.id,
    object: 'chat.completion',
    created: record.created_at,
    model,
    choices: [
      {
        index: 0,
        message: messageOf(record),
        logprobs: null,
        finish_reason: finishReason(record),
      },
    ],
    usage: chatUsage(record, strategy),
    x_reflection: summaryOf(record),
  };
}

function messageOf({ output, tool_calls }: Reflection): ChatCompletion['choices'][0]['message'] {
  const content = tool_calls && output === '' ? null : output;
  return { role: 'assistant', content, refusal: null, ...(tool_calls && { tool_calls }) };
}

/** An answer that was cancelled on its way is cut, too. */
export function finishReason({ finish_reason }: Reflection): FinishReason {
  return finish_reason ?? 'length';
}

export function summaryOf(record: Reflection): ReflectionSummary {
  const { id, status, decision, changed, passed, degraded, exhausted, cache, draft, diff, trace } = record;
  return {
    ...{ id, status, decision, changed, passed, degraded, exhausted, cache },
    checks: record.checks.map(({ id, type, status, message }) => ({ id, type, status, message })),
    // What was asked for by `include`.
    ...(draft !== undefined && { draft }),
    ...(diff !== undefined && { diff }),
    ...(trace !== undefined && { trace }),
  };
}

/** Sums over all passes. Whatever was written outside the answer counts as reasoning. */
export function chatUsage(record: Reflection, strategy: StrategyName): ChatUsage {
  const { input_tokens, output_tokens, total_tokens } = record.usage;
  return {
    prompt_tokens: input_tokens,
    completion_tokens: output_tokens,
    total_tokens,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: output_tokens - Math.min(output_tokens, answerTokens(record, strategy)),
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

/** What the passes that wrote the answer used, where it is the draft as it was written; else an estimate from its text. */
function answerTokens({ changed, output, usage }: Reflection, strategy: StrategyName): number {
  if (changed || strategies[strategy].draft !== 'plain') return likelyTokens(output);
  return usage.passes
    .filter(({ charged, role }) => charged && (role === 'draft' || role === 'continuation'))
    .reduce((sum, pass) => sum + pass.output_tokens, 0);
}
