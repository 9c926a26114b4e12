/** The inner port: one attempt against one model of one provider. `resilient.ts` adds retries, fallbacks and time limits. */
import { AppError, type ErrorCode } from '../errors.ts';
import type { ModelCall, ModelChunk } from '../reflection/model.ts';
import type { CatalogModel } from './catalog.ts';

/** The chunks of one attempt: any number of deltas, then exactly one finish. */
export type AttemptChunk = Extract<ModelChunk, { readonly type: 'delta' }> | AttemptFinish;

export type AttemptFinish = Extract<ModelChunk, { readonly type: 'finish' }> & {
  /** The provider's finish reason, when it is not a known one. */
  readonly unknownWord?: string;
};

/**
 * Speaks to a provider. The request goes out when the first chunk is asked for.
 * Throws `ProviderFault` when the attempt failed and `signal.reason` when it was aborted; both close the upstream request,
 * and so does leaving the iteration early. While `watched` returns false, deltas may be fewer and larger.
 */
export interface Provider {
  stream(
    model: CatalogModel,
    call: ModelCall,
    signal: AbortSignal,
    watched?: () => boolean,
  ): AsyncIterable<AttemptChunk>;
}

/** `again`: the same model may answer when asked again. `next-model`: only another model can help. `never`: neither helps. */
export type Retry = 'again' | 'next-model' | 'never';

export interface FaultKind {
  readonly code: Extract<ErrorCode, 'upstream_busy' | 'upstream_quota' | 'upstream_failed' | 'context_length_exceeded'>;
  readonly retry: Retry;
  /** Shown to callers and logged, so it is our own sentence: the provider's may quote the prompt or the key. */
  readonly message: string;
  /** The model no longer exists upstream, so it is not asked for a while. */
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

/** An answer that is missing or unreadable. Another attempt may succeed. */
export function brokenAnswer(message: string): ProviderFault {
  return new ProviderFault({ code: 'upstream_failed', retry: 'again', message });
}

/** An answer that ended too early. Another attempt may succeed; without one, its beginning is used. */
export function cutAnswer(message: string): ProviderFault {
  return new ProviderFault({ code: 'upstream_failed', retry: 'again', message, cut: true });
}
