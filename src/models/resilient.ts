/**
 * The engine's Model made of a provider and a roster: asks a seat's models in order until one answers.
 * The `retry` of a fault decides what is asked again. The number of tries is bounded.
 */
import { AppError } from '../errors.ts';
import { Cancelled, type Model, type ModelCall, type ModelChunk, type Seat } from '../reflection/model.ts';
import { promptTexts, writtenCalls } from '../reflection/read-text.ts';
import { likelyTokens, mostLikelyPerCharacter } from '../reflection/tokens.ts';
import { type AttemptLimits, attempt, type Clock, deadlinePassed, sleep } from './attempt.ts';
import { believedUsage } from './believed-usage.ts';
import type { Breakers } from './breaker.ts';
import type { CatalogModel } from './catalog.ts';
import type { Paces } from './paces.ts';
import { type AttemptFinish, brokenAnswer, type Provider, ProviderFault } from './provider.ts';

export interface ModelWarning {
  readonly event:
    | 'model.attempt_lost'
    | 'model.gone'
    | 'model.retired'
    | 'model.unknown_finish'
    | 'model.usage_doubted';
  readonly model: string;
  readonly code?: string;
  readonly message: string;
}

export interface ModelTools {
  readonly provider: Provider;
  readonly breakers: Breakers;
  readonly clock: Clock;
  /** From 0 to 1, as `Math.random`. */
  readonly random: () => number;
  readonly limits: AttemptLimits;
  readonly warn: (warning: ModelWarning) => void;
  /** Whether a reader wants the text as it arrives. True when omitted. */
  readonly watched?: () => boolean;
  /** Given where nobody waits for anything but the end: then an answer that nobody watches may be asked for in one piece. */
  readonly paces?: Paces;
}

/** How often a model is asked at most for one call. */
const triesPerModel = 2;

/** Capped exponential backoff with full jitter. https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/ */
const backoff = { baseMs: 250, capMs: 2_000 } as const;

/** `Retry-After` when every model was busy and none named a time. */
const busyRetryAfterSeconds = 5;

/** One execution's Model. */
export interface Connection extends Model {
  /** Nothing is under way, and nothing is held that the signal's abortion would close. */
  readonly isIdle: boolean;
}

/** `chains` is the run's roster; `signal` is the run's, aborted when the run is cancelled. Calls may run in parallel. */
export function createModel(
  chains: Readonly<Record<Seat, readonly CatalogModel[]>>,
  signal: AbortSignal,
  tools: ModelTools,
): Connection {
  const underWay = { calls: 0 };
  return {
    ask: (call) => ask(call, chains[call.seat], signal, tools, underWay),
    get isIdle() {
      return underWay.calls === 0;
    },
  };
}

/** The text of an attempt so far. */
class Written {
  text = '';
}

async function* ask(
  call: ModelCall,
  chain: readonly CatalogModel[],
  signal: AbortSignal,
  tools: ModelTools,
  underWay: { calls: number },
): AsyncGenerator<ModelChunk> {
  underWay.calls += 1;
  try {
    const queue = fitting(chain, call);
    throwIfOver(call, signal, tools.clock);
    // When every breaker is open, the first model is asked anyway, which is better than not trying.
    let model = nextModel(queue, tools) ?? queue.shift();
    for (let number = 1, tries = 1; model; number += 1) {
      yield { type: 'start', attempt: number, model: model.id };
      const written = new Written();
      const fault: ProviderFault | null = yield* tried(model, call, signal, tools, written);
      if (!fault) return;
      const again = asksAgain(fault, tries, tools.breakers.allows(model.id, tools.clock.now()));
      const next = again ? model : fallback(fault, queue, tools);
      if (!next && fault.kind.cut && written.text.trim() !== '') {
        yield { type: 'finish', reason: 'length', usage: null };
        return;
      }
      if (!next) throw asFinal(fault);
      await pause(again ? waitMs(fault, tries, tools.random) : 0, call, signal, tools.clock);
      // Yielded only now, because a lost attempt is always followed by another.
      yield { type: 'lost', attempt: number, code: fault.code, message: fault.message };
      tries = again ? tries + 1 : 1;
      model = next;
    }
  } finally {
    underWay.calls -= 1;
  }
}

/** One attempt, recorded by the breaker and the log. Returns the fault of a lost attempt. Throws on deadline and cancellation. */
async function* tried(
  model: CatalogModel,
  call: ModelCall,
  signal: AbortSignal,
  tools: ModelTools,
  written: Written,
): AsyncGenerator<ModelChunk, ProviderFault | null> {
  const startedAt = tools.clock.now();
  try {
    for await (const chunk of attempt({ ...tools, ...asked(model, call, tools), call, signal })) {
      if (chunk.type === 'delta') {
        written.text += chunk.text;
        yield chunk;
        continue;
      }
      // A continuation may have nothing to add. Any other pass must have text, or call a tool.
      if (written.text.trim() === '' && !chunk.toolCalls && call.role !== 'continuation')
        throw brokenAnswer('The model gave an empty answer.');
      tools.breakers.succeeded(model.id);
      tools.paces?.saw(model.id, tools.clock.now() - startedAt, written.text);
      yield believed(chunk, model, call, written.text, tools);
    }
    return null;
  } catch (error) {
    if (!(error instanceof ProviderFault)) throw error;
    record(error, model, tools);
    return error;
  }
}

/** The model and its limits: as one that does not stream where its answer is asked for in one piece. */
function asked(
  model: CatalogModel,
  call: ModelCall,
  { paces, watched, limits, clock }: ModelTools,
): { readonly model: CatalogModel; readonly limits: AttemptLimits } {
  const whole = watched?.() ? undefined : paces?.limitsInOnePiece(model.id, call, limits, clock.now());
  return whole
    ? { model: { ...model, abilities: { ...model.abilities, streaming: false } }, limits: whole }
    : { model, limits };
}

/** The finish for the engine, with plausible counts. */
function believed(
  { unknownWord, ...finish }: AttemptFinish,
  model: CatalogModel,
  call: ModelCall,
  text: string,
  { warn }: ModelTools,
): ModelChunk {
  if (unknownWord !== undefined) {
    const message = `The model ended its answer with a word that is not known: ${unknownWord}.`;
    warn({ event: 'model.unknown_finish', model: model.id, message });
  }
  if (!finish.usage) return finish;
  const { usage, doubts } = believedUsage(call, text + writtenCalls(finish.toolCalls), finish.usage);
  if (doubts.length > 0)
    warn({
      event: 'model.usage_doubted',
      model: model.id,
      message: `The model’s counts cannot be true: ${doubts.join('; ')}.`,
    });
  return { ...finish, usage };
}

function record(fault: ProviderFault, model: CatalogModel, { breakers, clock, warn }: ModelTools): void {
  const event = fault.kind.gone ? 'model.gone' : 'model.attempt_lost';
  warn({ event, model: model.id, code: fault.code, message: fault.message });
  if (fault.kind.gone) breakers.gone(model.id, clock.now());
  // A fault of the request or the account says nothing about the model's health.
  else if (fault.kind.retry !== 'never') breakers.failed(model.id, clock.now());
}

function fallback(fault: ProviderFault, queue: CatalogModel[], tools: ModelTools): CatalogModel | undefined {
  return fault.kind.retry === 'never' ? undefined : nextModel(queue, tools);
}

/**
 * Takes the next model whose breaker allows a call off the queue. The breaker is told in the same turn, so that of several calls at
 * once only one tries a model that had failed.
 */
function nextModel(queue: CatalogModel[], { breakers, clock }: ModelTools): CatalogModel | undefined {
  const now = clock.now();
  const index = queue.findIndex((model) => breakers.allows(model.id, now));
  if (index < 0) return undefined;
  const model = queue.splice(0, index + 1).at(-1);
  if (model) breakers.begun(model.id, now);
  return model;
}

/** A wait longer than the cap is left to the caller, who gets it as `Retry-After`. */
function asksAgain(fault: ProviderFault, tries: number, allowed: boolean): boolean {
  const wait = (fault.retryAfterSeconds ?? 0) * 1_000;
  return fault.kind.retry === 'again' && tries < triesPerModel && allowed && wait <= backoff.capMs;
}

function waitMs(fault: ProviderFault, tries: number, random: () => number): number {
  const ceiling = Math.min(backoff.capMs, backoff.baseMs * 2 ** (tries - 1));
  return Math.max(random() * ceiling, (fault.retryAfterSeconds ?? 0) * 1_000);
}

/** Waits, but not beyond the deadline. */
async function pause(milliseconds: number, call: ModelCall, signal: AbortSignal, clock: Clock): Promise<void> {
  const remaining = Math.max(0, call.deadlineAt - clock.now());
  if (milliseconds > 0) await sleep(Math.min(milliseconds, remaining), signal, clock.after);
  throwIfOver(call, signal, clock);
}

function throwIfOver(call: ModelCall, signal: AbortSignal, clock: Clock): void {
  if (signal.aborted) throw new Cancelled();
  if (clock.now() >= call.deadlineAt) throw deadlinePassed();
}

/** The fault as the caller gets it. */
function asFinal(fault: ProviderFault): AppError {
  if (fault.code !== 'upstream_busy' || fault.retryAfterSeconds !== undefined) return fault;
  return new ProviderFault(fault.kind, busyRetryAfterSeconds);
}

/** What a chat template adds to each message, in tokens. */
const tokensPerMessage = 6;

/** The chain's models whose context holds the prompt and the longest answer, in a new list. Throws when there is none. */
function fitting(chain: readonly CatalogModel[], call: ModelCall): CatalogModel[] {
  if (chain.length === 0) throw new AppError('upstream_failed', `No model is available as ${call.seat}.`);
  const texts = promptTexts(call);
  const characters = texts.reduce((sum, { length }) => sum + length, 0);
  // Most prompts are so short that they need not be counted.
  const most = Math.ceil(characters * mostLikelyPerCharacter) + (tokensPerMessage + 1) * texts.length;
  if (chain.every((model) => model.contextTokens >= most + call.maxOutputTokens)) return [...chain];
  const prompt = texts.reduce((sum, text) => sum + likelyTokens(text) + tokensPerMessage, 0);
  const models = chain.filter((model) => model.contextTokens >= prompt + call.maxOutputTokens);
  if (models.length > 0) return models;
  const largest = Math.max(...chain.map((model) => model.contextTokens));
  throw new AppError(
    'context_length_exceeded',
    `The prompt (about ${prompt} tokens) and an answer of ${call.maxOutputTokens} do not fit in the model’s context of ${largest} tokens.`,
  );
}
