/** What goes wrong between this service and Slack, as a schedule that is known beforehand. */
import type { SlackMethod } from './slack-methods.ts';

export type SlackTarget = SlackMethod | 'response_url';

export interface FaultPlace {
  /** `*`: any call. */
  readonly on: SlackTarget | '*';
  /** Which of those calls, from 1. All where it is not given. */
  readonly nth?: number | readonly number[];
}

/** `when`: before Slack looked at the call, or after it did what was asked. */
export type SlackFault = FaultPlace &
  (
    | { readonly answer: 'status'; readonly status: number; readonly when: 'before' | 'after' }
    /** The connection breaks: `fetch` rejects. */
    | { readonly answer: 'broken'; readonly when: 'before' | 'after' }
    /** Nothing is ever heard: only the caller's own time limit ends it. */
    | { readonly answer: 'silence'; readonly when: 'before' | 'after' }
    | { readonly answer: 'rate_limited'; readonly retryAfterSeconds: number }
    /** An `ok: false` with status 200. */
    | { readonly answer: 'error'; readonly error: string }
  );

/** Counts calls, and tells which of them are struck. The first fault of the schedule that fits is the one. */
export class FaultSchedule {
  readonly #faults: readonly SlackFault[];
  readonly #counts = new Map<string, number>();

  constructor(faults: readonly SlackFault[]) {
    this.#faults = faults;
  }

  next(target: string): SlackFault | null {
    const ofTarget = this.#count(target);
    const ofAll = this.#count('*');
    const strikes = ({ on, nth }: SlackFault) => {
      if (on !== '*' && on !== target) return false;
      if (nth === undefined) return true;
      const count = on === '*' ? ofAll : ofTarget;
      return typeof nth === 'number' ? nth === count : nth.includes(count);
    };
    return this.#faults.find(strikes) ?? null;
  }

  #count(target: string): number {
    const count = (this.#counts.get(target) ?? 0) + 1;
    this.#counts.set(target, count);
    return count;
  }
}
