/** One attempt against one model under its time limits: to the first token, in all, to the call's deadline, and to the run's end. */
import { AppError } from '../errors.ts';
import { Cancelled, type ModelCall } from '../reflection/model.ts';
import { answersWhole, type CatalogModel } from './catalog.ts';
import { type AttemptChunk, brokenAnswer, type Provider, ProviderFault } from './provider.ts';

export interface Clock {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Resolves after so many milliseconds, or as soon as the signal aborts. Never rejects. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** The real `sleep` of a clock. */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const wake = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    signal.addEventListener('abort', wake, { once: true });
  });
}

export interface AttemptLimits {
  /** How long a model may be silent before its first text. Not for answers that come in one piece. */
  readonly firstTokenMs: number;
  readonly totalMs: number;
}

/** A 70B model queues for a few seconds at most and writes its longest answer (8192 tokens) in about three minutes. */
export const attemptLimits: AttemptLimits = { firstTokenMs: 20_000, totalMs: 240_000 };

/** How long an unwatched provider may take, after a cancel, to return the text that had arrived. In milliseconds. */
const handOverMs = 180;

interface Attempt {
  readonly provider: Provider;
  readonly model: CatalogModel;
  readonly call: ModelCall;
  readonly limits: AttemptLimits;
  readonly clock: Clock;
  /** The run's signal: aborted when somebody cancels the run. */
  readonly signal: AbortSignal;
  /** Whether a reader wants the text as it arrives. True when omitted. */
  readonly watched?: () => boolean;
}

/**
 * The attempt's chunks, ended by a finish. Throws `ProviderFault` when the attempt is lost, `AppError('deadline')` when the call's time
 * is over, and `Cancelled`. Each limit aborts the upstream request with its own error, which is then thrown.
 */
export async function* attempt({
  provider,
  model,
  call,
  limits,
  clock,
  signal,
  watched,
}: Attempt): AsyncGenerator<AttemptChunk> {
  const upstream = new AbortController();
  const over = new AbortController();
  let silent = true;
  const cancel = (): void => upstream.abort(new Cancelled());
  const limit = (milliseconds: number, reason: () => Error, applies: () => boolean = () => true): void => {
    clock.sleep(Math.max(0, milliseconds), over.signal).then(
      () => {
        if (!over.signal.aborted && applies()) upstream.abort(reason());
      },
      () => undefined,
    );
  };
  const interruption = new Interruption(upstream.signal, async () => {
    const mayHoldText = upstream.signal.reason instanceof Cancelled && watched !== undefined && !watched();
    if (mayHoldText) await clock.sleep(handOverMs, over.signal);
  });
  const chunks = provider.stream(model, call, upstream.signal, watched)[Symbol.asyncIterator]();
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  const remainingMs = call.deadlineAt - clock.now();
  if (remainingMs <= limits.totalMs) limit(remainingMs, deadlinePassed);
  else limit(limits.totalMs, () => tooSlow('The model took too long to answer.'));
  if (!answersWhole(model, call))
    limit(
      limits.firstTokenMs,
      () => tooSlow('The model took too long to begin.'),
      () => silent,
    );

  try {
    for (;;) {
      // Raced, because a provider may ignore its signal.
      const next = await interruption.unlessFirst(chunks.next());
      if (next.done) throw brokenAnswer('The model’s answer was cut off.');
      silent = false;
      yield next.value;
      if (next.value.type === 'finish') return;
    }
  } catch (error) {
    throw upstream.signal.aborted ? upstream.signal.reason : error;
  } finally {
    signal.removeEventListener('abort', cancel);
    over.abort();
    upstream.abort(new Cancelled());
    // Not awaited: `return` queues behind a `next` that may never settle.
    chunks.return?.().catch(() => undefined);
  }
}

export function deadlinePassed(): AppError {
  return new AppError('deadline', 'The deadline passed before the model had answered.');
}

function tooSlow(message: string): ProviderFault {
  return new ProviderFault({ code: 'upstream_failed', retry: 'next-model', message });
}

/** Ends waits with the signal's reason, after it aborted and `delay` passed. */
class Interruption {
  #isDue = false;
  #interrupt: (() => void) | undefined;
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal, delay: () => Promise<void>) {
    this.#signal = signal;
    const interrupt = (): void => {
      this.#isDue = true;
      this.#interrupt?.();
    };
    signal.addEventListener('abort', () => void delay().then(interrupt, interrupt), { once: true });
  }

  /**
   * The result of `work`, or the interruption where that comes first. One wait at a time. No promise outlives the wait: racing one that lasts as
   * long as the attempt would leave a reaction on it for each chunk.
   */
  unlessFirst<Result>(work: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#interrupt = () => reject(this.#signal.reason);
      work.then(resolve, reject);
      if (this.#isDue) this.#interrupt();
    });
  }
}
