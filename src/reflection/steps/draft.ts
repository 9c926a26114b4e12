/** The first answer: one call, continued once where it was cut, and the answer extracted from its form. */
import { AppError } from '../../errors.ts';
import { defaultOutputTokens } from '../allowance.ts';
import { type AnswerForm, answerForm } from '../answer-form.ts';
import type { Asked, Context } from '../context.ts';
import { joinContinuation } from '../continuation.ts';
import type { StepEvent } from '../events.ts';
import type { ToolCall } from '../model.ts';
import { type PassPlan, type PassResult, runPass } from '../pass.ts';
import { continuationPrompt, draftPrompt, extractionPrompt } from '../prompts/draft.ts';
import type { Degradation } from '../record.ts';
import type { Strategy } from '../strategies.ts';
import { cutAtStop, shown, visibleAnswer } from '../visible.ts';

export interface Draft {
  /** What the caller may see: never reasoning. */
  readonly answer: string;
  readonly truncated: boolean;
  /** Whether the budget or the deadline ended the drafting, so that no further call can be made. */
  readonly exhausted: boolean;
  /** A pass of the drafting that failed; the answer does without it. */
  readonly degraded: Degradation | null;
  /** What the model called instead of an answer, or beside it. */
  readonly toolCalls?: readonly ToolCall[];
}

/** Sampling by form where the caller says nothing: the tags were published with 0.7 and 0.95. */
const sampling = {
  plain: { temperature: 0.4, topP: undefined },
  reasoned: { temperature: 0.4, topP: undefined },
  tagged: { temperature: 0.7, topP: 0.95 },
} as const satisfies Record<Strategy['draft'], { temperature: number; topP: number | undefined }>;

/** The plan of an author's call: the draft, a vote, the escalated draft. The caller's sampling wins. */
export function authorPlan(
  context: Context,
  part: Pick<PassPlan, 'pass' | 'role' | 'seat' | 'messages'> &
    Partial<AnswerForm> & {
      readonly temperature?: number;
      readonly seed?: number | undefined;
    },
): PassPlan {
  const { request, strategy } = context;
  const usual = sampling[strategy.draft];
  return {
    pass: part.pass,
    role: part.role,
    seat: part.seat,
    round: 0,
    messages: part.messages,
    maxOutputTokens: request.max_output_tokens ?? defaultOutputTokens,
    temperature: part.temperature ?? request.temperature ?? usual.temperature,
    topP: request.top_p ?? usual.topP,
    seed: part.seed ?? request.seed,
    // Where reasoning comes first, a stop sequence would end it instead of the answer: it is applied by code to the answer.
    stop: strategy.draft === 'plain' ? request.stop : undefined,
    jsonSchema: part.jsonSchema,
    jsonObject: part.jsonObject,
  };
}

/** The conversation as the author of a draft is asked it. */
export function authorPrompt({ messages, strategy, requirements, sources }: Asked) {
  return draftPrompt(messages, strategy.draft, requirements, sources);
}

/** Writes the draft. Throws where there is no answer at all: the model failed, or the budget cannot pay for one call. */
export async function* writeDraft(context: Context): AsyncGenerator<StepEvent, Draft, void> {
  const prompt = authorPrompt(context);
  const { toolUse } = context;
  // A server that holds its model to a schema leaves it no way to call a tool.
  const form = toolUse ? {} : answerForm(context);
  const plan = authorPlan(context, { pass: 'draft', role: 'draft', seat: 'author', messages: prompt, ...form });
  const first = yield* runPass(context, { ...plan, toolUse });
  const text = textOrThrow(first);
  if (first.kind === 'done' && first.toolCalls) {
    const { truncated, toolCalls } = first;
    return { answer: shown(context, text) ?? '', truncated, exhausted: false, degraded: null, toolCalls };
  }
  const isDone = first.kind === 'done';
  const written = { text, truncated: !isDone || first.truncated, exhausted: !isDone, degraded: null };
  const whole = isDone && first.truncated ? yield* continueOnce(context, text, first.countedTokens) : written;
  const answer = visibleAnswer(context, whole.text);
  if (answer === null && !whole.exhausted) return yield* extractAnswerOnce(context, whole.text);
  const { truncated, exhausted, degraded } = whole;
  return { answer: answer ?? '', truncated, exhausted, degraded };
}

/** What a draft's calls have written so far, in its own form. */
interface Written extends Omit<Draft, 'answer'> {
  readonly text: string;
}

function textOrThrow(result: PassResult): string {
  if (result.kind === 'failed') throw result.error;
  if (result.kind === 'done' || result.text !== '') return result.text;
  if (result.by === 'deadline')
    throw new AppError('deadline', 'The deadline passed before the model had written anything.');
  if (result.by === 'tokens_per_minute' || result.by === 'daily_usd')
    throw new AppError('rate_limited', `The account's limit ${result.by} does not cover a draft at the moment.`);
  throw new AppError('request_exceeds_limit', `The request's budget (${result.by}) does not cover a single draft.`, {
    fields: [{ field: 'budget', message: 'too small for one draft' }],
  });
}

/**
 * A cut answer is continued once, within the caller's cap: an answer cut by the cap itself is as long as it may be. Only the provider's own count
 * tells that something else had cut it.
 */
async function* continueOnce(
  context: Context,
  text: string,
  countedTokens: number | null,
): AsyncGenerator<StepEvent, Written, void> {
  const cut: Written = { text, truncated: true, exhausted: false, degraded: null };
  const cap = context.request.max_output_tokens;
  const left = cap === undefined ? defaultOutputTokens : cap - (countedTokens ?? cap);
  if (left < 16) return cut;
  const { messages, prefill } = continuationPrompt(authorPrompt(context), text);
  const plan = authorPlan(context, {
    pass: 'continuation',
    role: 'continuation',
    seat: 'author',
    messages,
  });
  const rest = yield* runPass(context, { ...plan, prefill, maxOutputTokens: left });
  if (rest.kind === 'failed') return { ...cut, degraded: { pass: 'continuation', code: rest.error.code } };
  const whole = joinContinuation(text, rest.text);
  if (whole === null) return { ...cut, exhausted: rest.kind === 'exhausted' && rest.by === 'deadline' };
  return rest.kind === 'done'
    ? { ...cut, text: whole, truncated: rest.truncated }
    : { ...cut, text: whole, exhausted: rest.by === 'deadline' };
}

/** One cheap call for the answer alone. Without it there is no answer, since reasoning is never shown instead. */
async function* extractAnswerOnce(context: Context, reasoning: string): AsyncGenerator<StepEvent, Draft, void> {
  const messages = extractionPrompt(authorPrompt(context), reasoning);
  const result = yield* runPass(
    context,
    authorPlan(context, { pass: 'extraction', role: 'repair', seat: 'author', messages, temperature: 0 }),
  );
  if (result.kind === 'failed') throw result.error;
  const isDone = result.kind === 'done';
  const answer = isDone ? cutAtStop(context, shown(context, result.text) ?? '') : '';
  return { answer, truncated: answer === '' || (isDone && result.truncated), exhausted: !isDone, degraded: null };
}
