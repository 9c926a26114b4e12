/** One model call of a reflection: granted by the budget, reported as events, with usage for each attempt. */
import { AppError, type ErrorCode } from '../errors.ts';
import { dearest, promptTokens } from './allowance.ts';
import { costOf, type Exhausted, type Grant } from './budget.ts';
import type { Context } from './context.ts';
import type { StepEvent } from './events.ts';
import { Cancelled, type ModelCall, type ModelChunk, type ModelFacts, type ToolCall } from './model.ts';
import { callText } from './read-text.ts';
import type { PassUsage } from './record.ts';
import { likelyTokens, mostLikelyPerCharacter, mostTokens } from './tokens.ts';

/** A call as a step plans it; the budget may grant less output, and sets the deadline. */
export interface PassPlan extends Omit<ModelCall, 'deadlineAt'> {
  /** 0 before the first critique. */
  readonly round: number;
}

export type PassResult =
  | {
      readonly kind: 'done';
      readonly text: string;
      /** The provider's own count; null where it gave none. */
      readonly countedTokens: number | null;
      readonly truncated: boolean;
      readonly toolCalls: readonly ToolCall[] | undefined;
    }
  /** Never made, or cut by the deadline with `text` so far. */
  | { readonly kind: 'exhausted'; readonly by: Exhausted; readonly text: string }
  | { readonly kind: 'failed'; readonly error: AppError };

const nothing = { input_tokens: 0, output_tokens: 0 } as const;

/** Makes the call. A failure is returned, since the run can go on without most passes; only cancellation is thrown. */
export async function* runPass(context: Context, plan: PassPlan): AsyncGenerator<StepEvent, PassResult, void> {
  const { budget, tools } = context;
  const chain = tools.roster[plan.seat];
  const inputTokens = promptTokens(plan.messages, plan.toolUse);
  const grant = budget.grant(plan.maxOutputTokens, inputTokens, dearest(chain), tools.now());
  if (typeof grant === 'string') return { kind: 'exhausted', by: grant, text: '' };
  const refusing = tools.reserve(budget.taken);
  if (refusing !== null) {
    budget.withdraw(grant, refusing);
    return { kind: 'exhausted', by: refusing, text: '' };
  }

  const meter = new Meter(plan, chain, inputTokens, grant.maxOutputTokens, tools.now);
  try {
    for await (const chunk of tools.model.ask(callOf(plan, grant, budget.limits.deadlineAt))) {
      const event = meter.take(chunk);
      if (event) yield event;
      if (meter.finished) break;
      if (tools.now() >= budget.limits.deadlineAt)
        throw new AppError('deadline', 'The deadline passed while the model was writing.');
      if (meter.overruns()) {
        meter.take({ type: 'finish', reason: 'length', usage: null });
        break;
      }
    }
    if (!meter.finished) throw new AppError('upstream_failed', 'The model’s answer ended before it was finished.');
    const usage = meter.usage('finished');
    budget.settle(grant, usage, usage.cost_usd);
    const { toolCalls } = meter;
    const called = toolCalls && { tool_calls: toolCalls };
    yield { type: 'pass.completed', pass: plan.pass, attempt: usage.attempt, usage, ...called };
    const countedTokens = usage.estimated ? null : usage.output_tokens;
    return { kind: 'done', text: meter.text, countedTokens, truncated: usage.truncated, toolCalls };
  } catch (error) {
    return yield* failPass(context, plan, grant, meter, error);
  }
}

async function* failPass(
  context: Context,
  plan: PassPlan,
  grant: Grant,
  meter: Meter,
  error: unknown,
): AsyncGenerator<StepEvent, PassResult, void> {
  if (!(error instanceof AppError) && !(error instanceof Cancelled)) throw error;
  const code = error instanceof Cancelled ? 'cancelled' : error.code;
  const start = meter.ensureStarted();
  if (start) yield start;
  // Text that a deadline or a cancellation cut off is charged. Text that the provider lost is not.
  const usage = meter.lost ?? meter.usage(code === 'deadline' || code === 'cancelled' ? 'cut' : 'lost');
  context.budget.settle(grant, usage.charged ? usage : nothing, usage.charged ? usage.cost_usd : 0);
  yield { type: 'pass.failed', pass: plan.pass, attempt: usage.attempt, code, message: error.message, usage };
  if (error instanceof Cancelled) throw error;
  if (error.code !== 'deadline') return { kind: 'failed', error };
  context.budget.passDeadline();
  return { kind: 'exhausted', by: 'deadline', text: meter.text };
}

function callOf(plan: PassPlan, grant: Grant, deadlineAt: number): ModelCall {
  const { round: _, ...call } = plan;
  return { ...call, maxOutputTokens: grant.maxOutputTokens, deadlineAt };
}

/** Tracks the attempts of one pass: text, times and usage. */
class Meter {
  text = '';
  readonly #plan: PassPlan;
  readonly #chain: readonly ModelFacts[];
  readonly #inputTokens: number;
  readonly #granted: number;
  readonly #now: () => number;
  #attempt = 0;
  #model: string;
  #startedAt: number;
  #firstDeltaAt: number | null = null;
  #finish: Extract<ModelChunk, { type: 'finish' }> | undefined;
  /** The length at which the text's tokens are counted again, because each count reads the whole text. Before it, there can hardly be too many. */
  #countFrom: number;
  #lost: { readonly code: ErrorCode | 'interrupted'; readonly message: string; readonly usage: PassUsage } | undefined;

  constructor(plan: PassPlan, chain: readonly ModelFacts[], inputTokens: number, granted: number, now: () => number) {
    this.#plan = plan;
    this.#chain = chain;
    this.#inputTokens = inputTokens;
    this.#granted = granted;
    this.#countFrom = this.#shortestOverrun;
    this.#now = now;
    this.#model = chain[0]?.id ?? 'none';
    this.#startedAt = now();
  }

  /** The usage of a lost attempt that is not reported yet, because no other attempt has started. */
  get lost(): PassUsage | undefined {
    return this.#lost?.usage;
  }

  /** What the model called; undefined where it called nothing. */
  get toolCalls(): readonly ToolCall[] | undefined {
    return this.#finish?.toolCalls;
  }

  get finished(): boolean {
    return this.#finish !== undefined;
  }

  /** The event that the chunk makes, if any. */
  take(chunk: ModelChunk): StepEvent | undefined {
    switch (chunk.type) {
      case 'start':
        return this.#start(chunk.attempt, chunk.model);
      case 'delta': {
        if (chunk.text === '') return undefined;
        this.#firstDeltaAt ??= this.#now();
        const offset = this.text.length;
        this.text += chunk.text;
        return { type: 'pass.delta', pass: this.#plan.pass, attempt: this.#attempt, offset, text: chunk.text };
      }
      case 'lost':
        this.#lost = {
          code: chunk.code,
          message: chunk.message,
          usage: this.usage(chunk.code === 'interrupted' ? 'interrupted' : 'lost'),
        };
        this.text = '';
        this.#countFrom = this.#shortestOverrun;
        return undefined;
      case 'finish':
        this.#finish = chunk;
        return undefined;
    }
  }

  /** For a pass that failed before any model was chosen. */
  ensureStarted(): StepEvent | undefined {
    return this.#attempt === 0 ? this.#start(1, this.#model) : undefined;
  }

  /** Stops a server that ignores max_tokens. Twice the grant leaves room for a rough estimate. */
  overruns(): boolean {
    const { length } = this.text;
    if (length < this.#countFrom) return false;
    const tokens = likelyTokens(this.text);
    this.#countFrom = Math.max(1.125 * length + 64, length + (this.#most - tokens) / mostLikelyPerCharacter);
    return tokens > this.#most;
  }

  get #exceedsGrant(): boolean {
    return this.text.length >= this.#shortestOverrun && likelyTokens(this.text) > this.#most;
  }

  get #most(): number {
    return 2 * this.#granted + 64;
  }

  /** In characters. */
  get #shortestOverrun(): number {
    return this.#most / mostLikelyPerCharacter;
  }

  usage(state: 'finished' | 'cut' | 'lost' | 'interrupted'): PassUsage {
    const now = this.#now();
    const reported = this.#finish?.usage ?? null;
    const tokens = reported ?? {
      inputTokens: this.#inputTokens,
      outputTokens: this.#estimatedOutput(),
      neurons: null,
    };
    const facts = this.#chain.find((model) => model.id === this.#model);
    const charged = state === 'finished' || state === 'cut';
    const reason = {
      finished: this.#finish?.reason ?? 'stop',
      // It did not stop because of its length.
      cut: 'interrupted',
      lost: 'error',
      interrupted: 'interrupted',
    } as const;
    return {
      id: this.#plan.pass,
      role: this.#plan.role,
      round: this.#plan.round,
      attempt: Math.max(1, this.#attempt),
      model: this.#model,
      input_tokens: tokens.inputTokens,
      output_tokens: tokens.outputTokens,
      cost_usd: charged && facts ? costOf(tokens, facts.price) : 0,
      neurons: charged ? tokens.neurons : null,
      estimated: reported === null || reported.estimated === true,
      charged,
      ttft_ms: this.#firstDeltaAt === null ? null : this.#firstDeltaAt - this.#startedAt,
      latency_ms: now - this.#startedAt,
      finish_reason: reason[state],
      truncated: state === 'cut' || reason[state] === 'length',
    };
  }

  /** A server that respects max_tokens cannot have written more than was granted, so the estimate is capped there. */
  #estimatedOutput(): number {
    const most = mostTokens(this.text + callText(this.toolCalls));
    return this.#exceedsGrant ? most : Math.min(most, this.#granted);
  }

  #start(attempt: number, model: string): StepEvent {
    const { pass, role, round } = this.#plan;
    const lost = this.#lost;
    this.#attempt = attempt;
    this.#model = model;
    this.#startedAt = this.#now();
    this.#firstDeltaAt = null;
    this.#lost = undefined;
    this.text = '';
    if (!lost) return { type: 'pass.started', pass, role, round, attempt, model };
    return { type: 'pass.retried', pass, attempt, model, ...lost };
  }
}
