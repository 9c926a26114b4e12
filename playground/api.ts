/** The service as the page calls it: with the key of this tab, and failures as sentences. */
import { createParser } from 'eventsource-parser';
import type { FieldProblem } from '../src/errors.ts';
import type { ReflectionEvent } from '../src/reflection/events.ts';
import type { Reflection } from '../src/reflection/record.ts';
import type { ReflectionBody } from '../src/reflection/request.ts';

/** A refusal or a lost connection. */
export class CallFailure extends Error {
  /** The service's code; null where it did not answer. */
  readonly code: string | null;
  readonly retryAfterSeconds: number | null;
  /** The wrong fields of a bad request. */
  readonly fields: readonly FieldProblem[];

  constructor(
    message: string,
    code: string | null,
    retryAfterSeconds: number | null = null,
    fields: readonly FieldProblem[] = [],
  ) {
    super(message);
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
    this.fields = fields;
  }
}

export interface Limit {
  readonly name: 'requests' | 'tokens';
  readonly size: number;
  readonly remaining: number;
}

export interface Usage {
  /** UTC days, both within. */
  readonly from: string;
  readonly to: string;
  readonly days: readonly { readonly day: string; readonly runs: number; readonly cache_hits: number }[];
  readonly data: readonly {
    readonly day: string;
    readonly cost_usd: number;
    readonly input_tokens: number;
    readonly output_tokens: number;
  }[];
  readonly totals: {
    readonly runs: number;
    readonly total_tokens: number;
    readonly cost_usd: number;
    readonly cache_hits: number;
  };
}

export class Api {
  readonly #key: () => string;
  readonly #onLimits: (limits: readonly Limit[]) => void;

  constructor(key: () => string, onLimits: (limits: readonly Limit[]) => void) {
    this.#key = key;
    this.#onLimits = onLimits;
  }

  start(body: ReflectionBody, onEvent: (event: ReflectionEvent) => void, signal: AbortSignal): Promise<void> {
    const init = { method: 'POST', body: JSON.stringify({ ...body, stream: true }), signal };
    return this.#events('/v1/reflections', init, onEvent);
  }

  follow(id: string, after: number, onEvent: (event: ReflectionEvent) => void, signal: AbortSignal): Promise<void> {
    return this.#events(
      `/v1/reflections/${encodeURIComponent(id)}/events?starting_after=${after}`,
      { signal },
      onEvent,
    );
  }

  async cancel(id: string): Promise<void> {
    await this.#call(`/v1/reflections/${encodeURIComponent(id)}/cancel`, { method: 'POST' });
  }

  async stored(): Promise<readonly Reflection[]> {
    const { data }: { data: readonly Reflection[] } = await (await this.#call('/v1/reflections?limit=10', {})).json();
    return data;
  }

  async usage(): Promise<Usage> {
    return (await this.#call('/v1/usage', {})).json();
  }

  async #events(path: string, init: RequestInit, onEvent: (event: ReflectionEvent) => void): Promise<void> {
    const { body } = await this.#call(path, init);
    const parser = createParser({ onEvent: ({ data }) => onEvent(JSON.parse(data)) });
    if (!body) return;
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    try {
      for (let read = await reader.read(); !read.done; read = await reader.read()) parser.feed(read.value);
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new CallFailure('', null);
    }
  }

  async #call(path: string, init: RequestInit): Promise<Response> {
    const headers = {
      authorization: `Bearer ${this.#key()}`,
      ...(init.body && { 'content-type': 'application/json' }),
    };
    const answer = await fetch(path, { ...init, headers }).catch((error: unknown) => {
      if (init.signal?.aborted) throw error;
      throw new CallFailure('', null);
    });
    this.#onLimits(limitsOf(answer.headers));
    if (answer.ok) return answer;
    const retryAfter = answer.headers.get('retry-after');
    const problem: { error?: { message?: string; code?: string }; errors?: readonly FieldProblem[] } = await answer
      .json()
      .catch(() => ({}));
    const { message = `${answer.status}`, code = `http_${answer.status}` } = problem.error ?? {};
    throw new CallFailure(message, code, retryAfter === null ? null : Number(retryAfter), problem.errors);
  }
}

function limitsOf(headers: Headers): readonly Limit[] {
  return (['requests', 'tokens'] as const).flatMap((name) => {
    const size = headers.get(`x-ratelimit-limit-${name}`);
    const remaining = headers.get(`x-ratelimit-remaining-${name}`);
    return size === null || remaining === null ? [] : [{ name, size: Number(size), remaining: Number(remaining) }];
  });
}
