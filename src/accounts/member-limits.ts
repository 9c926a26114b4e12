/** What each member of an account has started in the last 60 seconds: people in one workspace share its limits, and each has one of their own. Pure. */
import type { Admission, Member } from './accounts.ts';
import { SlidingWindow, windowMs } from './sliding-window.ts';

/** With more windows than this, those that hold nothing any more are dropped. */
const fewestDropped = 256;

type MemberRefusal = Extract<Admission, { readonly type: 'member_refused' }>;

export interface MemberAdmission {
  readonly member: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export class MemberLimits {
  readonly #windows = new Map<string, SlidingWindow>();

  /** `past`: the admissions of the last 60 seconds, in order. */
  constructor(past: readonly MemberAdmission[]) {
    for (const { member, at } of past) this.admit(member, at);
  }

  /** Why the member may not start one more run at `now`; null when they may. */
  refusal({ id, requestsPerMinute: size }: Member, now: number): MemberRefusal | null {
    const window = this.#windows.get(id);
    window?.advance(now);
    const missing = (window?.sum ?? 0) + 1 - size;
    if (missing <= 0) return null;
    const freedAt = window?.freedAt(missing) ?? now + windowMs;
    return { type: 'member_refused', size, retryAfterMs: Math.max(0, freedAt - now) };
  }

  /** `at`: epoch milliseconds, no earlier than that of the last one. */
  admit(id: string, at: number): void {
    const window = this.#windows.get(id) ?? new SlidingWindow(windowMs);
    window.add(at, 1);
    this.#windows.set(id, window);
    if (this.#windows.size <= fewestDropped) return;
    for (const [each, known] of this.#windows) {
      known.advance(at);
      if (known.sum === 0) this.#windows.delete(each);
    }
  }
}
