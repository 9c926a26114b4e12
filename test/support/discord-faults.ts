/** What goes wrong on demand on the way to Discord and back. */
import { blockPage, type RateLimitScope, rateLimited } from './discord-traffic.ts';

/** Before: Discord never saw the call. After: it did what was asked, and only the answer is lost. */
export type When = 'before' | 'after';

export type Fault =
  | { readonly type: 'error'; readonly status: 500 | 502 | 503; readonly when: When }
  /** No answer, until whoever asks gives up. */
  | { readonly type: 'silence'; readonly when: When }
  /** The connection breaks. */
  | { readonly type: 'reset'; readonly when: When }
  | { readonly type: 'rate limit'; readonly afterMs: number; readonly scope: RateLimitScope }
  | { readonly type: 'block page'; readonly status: 403 | 429 };

/** What happens to a call: the `call`-th of its route, from 1. */
export interface ScheduledFault<Route extends string> {
  readonly route: Route;
  readonly call: number;
  readonly fault: Fault;
}

export class FaultSchedule<Route extends string> {
  readonly #faults: Map<string, Fault>;
  readonly #calls = new Map<Route, number>();

  constructor(faults: readonly ScheduledFault<Route>[]) {
    this.#faults = new Map(faults.map(({ route, call, fault }) => [`${call} ${route}`, fault]));
  }

  /** Of the next call of a route. */
  next(route: Route): Fault | undefined {
    const call = (this.#calls.get(route) ?? 0) + 1;
    this.#calls.set(route, call);
    return this.#faults.get(`${call} ${route}`);
  }
}

/** Whether the call reaches Discord. */
export function isAccepted(fault: Fault): boolean {
  return 'when' in fault && fault.when === 'after';
}

/** What whoever asked gets to see of it. Rejects as `fetch` does. */
export function outcomeOf(fault: Fault, signal: AbortSignal): Promise<Response> {
  switch (fault.type) {
    case 'error':
      return Promise.resolve(new Response('upstream connect error', { status: fault.status }));
    case 'rate limit':
      return Promise.resolve(rateLimited(fault.afterMs, fault.scope));
    case 'block page':
      return Promise.resolve(blockPage(fault.status));
    case 'reset':
      return Promise.reject(new TypeError('fetch failed'));
    case 'silence':
      return untilAborted(signal);
  }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}
