/** The inner port: one attempt against one model of one provider. Retries, fallbacks and time limits are `resilient.ts`'s business. */
import { AppError, type ErrorCode } from '../errors.ts';
import type { ModelCall, ModelChunk } from '../reflection/model.ts';
import type { CatalogModel } from './catalog.ts';

/** What one attempt gives: any number of deltas, then exactly one finish. */
export type AttemptChunk = Extract<ModelChunk, { readonly type: 'delta' }> | AttemptFinish;

export type AttemptFinish = Extract<ModelChunk, { readonly type: 'finish' }> & {
  /** What the provider called the end, where nobody knows the word. */
  readonly unknownWord?: string;
};

/**
 * Speaks to a provider. The request goes out when the first chunk is asked for.
 * Throws `ProviderFault` when the attempt failed and `signal.reason` when it was aborted; both close the upstream request,
 * and so does leaving the iteration early. While `watched` says no, deltas may come fewer and larger.
 */
export interface Provider {
  stream(
    model: CatalogModel,
    call: ModelCall,
    signal: AbortSignal,
    watched?: () => boolean,
  ): AsyncIterable<AttemptChunk>;
}

/** `again`: the same model may well answer if asked once more. `next-model`: only another model can help. `never`: nothing can. */
export type Retry = 'again' | 'next-model' | 'never';

export interface FaultKind {
  readonly code: Extract<ErrorCode, 'upstream_busy' | 'upstream_quota' | 'upstream_failed' | 'context_length_exceeded'>;
  readonly retry: Retry;
  /** Shown to callers and written to the log, so it is our own sentence: a provider's may quote the prompt or the key. */
  readonly message: string;
  /** The model no longer exists upstream, so there is no use in asking it for a while. */
  readonly gone?: boolean;
  /** The answer broke off: the text that came is its beginning. */
  readonly cut?: boolean;
  /** The model was asked to follow a JSON Schema: it never can (`refused`), or could not this time (`unmet`). */
  readonly schema?: 'refused' | 'unmet';
}

/** Why an attempt was lost, and what may help. */
export class ProviderFault extends AppError {
  readonly kind: FaultKind;

  constructor(kind: FaultKind, retryAfterSeconds?: number) {
    super(kind.code, kind.message, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
    this.name = 'ProviderFault';
    this.kind = kind;
  }
}

/** An answer that cannot be had or read: the next one may be whole. */
export function brokenAnswer(message: string): ProviderFault {
  return new ProviderFault({ code: 'upstream_failed', retry: 'again', message });
}

/** An answer that ended too early: the next one may be whole, and where there is no next one its beginning is better than nothing. */
export function cutAnswer(message: string): ProviderFault {
  return new ProviderFault({ code: 'upstream_failed', retry: 'again', message, cut: true });
}
