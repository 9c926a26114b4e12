/** One attempt against one model under its time limits: to the first token, in all, to the call's deadline, and to the run's end. */
import { AppError } from '../errors.ts';
import { Cancelled, type ModelCall } from '../reflection/model.ts';
import { type After, afterTimeout } from '../time-limit.ts';
import { answersWhole, type CatalogModel } from './catalog.ts';
import { type AttemptChunk, brokenAnswer, type Provider, ProviderFault } from './provider.ts';

export interface Clock {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly after: After;
}

/** Resolves after so many milliseconds, or as soon as the signal aborts. Never rejects. */
export function sleep(milliseconds: number, signal: AbortSignal, after: After = afterTimeout): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const wake = (): void => {
      takeBack();
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const takeBack = after(milliseconds, wake);
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
  const upstream = new Upstream(clock.after);
  const cancel = (): void => {
    const mayHoldText = watched !== undefined && !watched();
    upstream.interrupt(new Cancelled(), mayHoldText ? handOverMs : 0);
  };
  const chunks = provider.stream(model, call, upstream.signal, watched)[Symbol.asyncIterator]();
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  const firstTokenMs = answersWhole(model, call) ? Number.POSITIVE_INFINITY : limits.firstTokenMs;
  upstream.limit(firstTokenMs, call.deadlineAt - clock.now(), limits.totalMs);
  let isFinished = false;

  try {
    for (;;) {
      // Raced, because a provider may ignore its signal.
      const next = await upstream.unlessInterrupted(chunks.next());
      if (next.done) throw brokenAnswer('The model’s answer was cut off.');
      upstream.begun();
      isFinished = next.value.type === 'finish';
      yield next.value;
      if (isFinished) return;
    }
  } catch (error) {
    throw upstream.signal.aborted ? upstream.signal.reason : error;
  } finally {
    signal.removeEventListener('abort', cancel);
    upstream.end();
    // A finish is the last thing a provider does.
    if (!isFinished) upstream.abort();
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

/** The request of one attempt, with one timer: for the nearest of its limits, and once it is interrupted for the text that it hands over. */
class Upstream {
  readonly #controller = new AbortController();
  readonly #after: After;
  #takeTimerBack: () => void = () => {};
  #hasBegun = false;
  #isDue = false;
  #interrupt: (() => void) | undefined;

  constructor(after: After) {
    this.#after = after;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Interrupts when the model has not begun, or has not ended, by its time. In milliseconds from now. */
  limit(firstTokenMs: number, remainingMs: number, totalMs: number): void {
    const isDeadline = remainingMs <= totalMs;
    const wholeMs = Math.max(0, isDeadline ? remainingMs : totalMs);
    const end = (): void =>
      this.interrupt(isDeadline ? deadlinePassed() : tooSlow('The model took too long to answer.'), 0);
    const firstEnd = (): void => {
      if (this.#hasBegun) this.#setTimer(wholeMs - firstTokenMs, end);
      else this.interrupt(tooSlow('The model took too long to begin.'), 0);
    };
    if (firstTokenMs < wholeMs) this.#setTimer(firstTokenMs, firstEnd);
    else this.#setTimer(wholeMs, end);
  }

  begun(): void {
    this.#hasBegun = true;
  }

  /** Aborts the request, and ends the wait for it with the reason when `handOverMs` have passed. The first interruption counts. */
  interrupt(reason: Error, handOverMs: number): void {
    if (this.signal.aborted) return;
    this.#controller.abort(reason);
    const interrupt = (): void => {
      this.#isDue = true;
      this.#interrupt?.();
    };
    this.#takeTimerBack();
    if (handOverMs > 0) this.#setTimer(handOverMs, interrupt);
    else queueMicrotask(interrupt);
  }

  /**
   * The result of `work`, or the interruption where that comes first. One wait at a time. No promise outlives the wait: racing one that lasts as
   * long as the attempt would leave a reaction on it for each chunk.
   */
  unlessInterrupted<Result>(work: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#interrupt = () => reject(this.signal.reason);
      work.then(resolve, reject);
      if (this.#isDue) this.#interrupt();
    });
  }

  /** Nothing is interrupted any more. */
  end(): void {
    this.#takeTimerBack();
  }

  abort(): void {
    if (!this.signal.aborted) this.#controller.abort(new Cancelled());
  }

  #setTimer(milliseconds: number, work: () => void): void {
    this.#takeTimerBack = this.#after(milliseconds, work);
  }
}
