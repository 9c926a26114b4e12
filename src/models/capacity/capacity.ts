/**
 * Shares the platform's requests per minute among accounts. A request for calls is granted at once or waits in its account's queue, and the
 * account that holds the fewest calls is served first. A state machine in memory: clock, timers and ids are passed in.
 */
import { CallWindow, type Tally, windowMs } from './call-window.ts';

export interface CapacitySettings {
  /** The platform limit in any 60 s, for all accounts together. */
  readonly requestsPerMinute: number;
  /** The longest time that a request for calls waits. */
  readonly waitMs: number;
  /** How long granted calls may be delayed: about the duration of a run. */
  readonly validMs: number;
  readonly mostWaiting: number;
}

/** 300 text generations a minute: https://developers.cloudflare.com/workers-ai/platform/limits/ */
export const capacitySettings: CapacitySettings = {
  requestsPerMinute: 300,
  waitMs: 2_000,
  validMs: 60_000,
  mostWaiting: 512,
};

export interface CapacityTools {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Calls `work` after so many milliseconds. The returned function cancels it. */
  readonly after: (milliseconds: number, work: () => void) => () => void;
  /** A unique id, also among the ids of an earlier, lost object. */
  readonly newId: () => string;
}

export type CapacityAnswer =
  /** At least one call and at most as many as requested. The first counts as made now; the others may be delayed by `validMs`. */
  | { readonly type: 'granted'; readonly grant: string; readonly calls: number; readonly validMs: number }
  | { readonly type: 'busy'; readonly retryAfterMs: number };

interface Waiting {
  readonly calls: number;
  readonly deadlineAt: number;
  readonly answer: (answer: CapacityAnswer) => void;
}

/** The part of the limit that is reserved for accounts below their share, so that a late account is served. */
const reservedPart = 0.1;

/** More than any step of a run needs. */
const mostCalls = 8;

export class Capacity {
  readonly #settings: CapacitySettings;
  readonly #tools: CapacityTools;
  readonly #window: CallWindow;
  /** By account. No queue is empty. */
  readonly #lines = new Map<string, Waiting[]>();
  #waiting = 0;
  #takeBackTimer: () => void = () => undefined;

  constructor(settings: CapacitySettings, tools: CapacityTools) {
    this.#settings = settings;
    this.#tools = tools;
    this.#window = new CallWindow(settings.validMs);
  }

  /** Requests some calls, one of which is made at once. Resolves after `waitMs` at the latest. */
  ask(account: string, calls: number): Promise<CapacityAnswer> {
    return new Promise((answer) => {
      const waiting = {
        calls: Math.min(Math.max(1, calls), mostCalls),
        deadlineAt: this.#now + this.#settings.waitMs,
        answer,
      };
      const line = this.#lines.get(account) ?? [];
      this.#lines.set(account, [...line, waiting]);
      this.#waiting += 1;
      this.#serve();
      if (this.#waiting > this.#settings.mostWaiting) this.#turnAway();
    });
  }

  /** Closes a grant. `madeAgoMs` says how long ago each call was made; the other calls are free again. Unknown grants are ignored. */
  release(grant: string, madeAgoMs: readonly number[]): void {
    this.#window.close(grant, madeAgoMs, this.#now);
    this.#serve();
  }

  get #now(): number {
    return this.#tools.now();
  }

  /** Grants what can be granted, refuses requests that waited too long, and sets the timer for the next change. */
  #serve(): void {
    const now = this.#now;
    this.#grantInTurn(now);
    for (const [account, line] of this.#lines) {
      const left = line.filter(({ deadlineAt }) => deadlineAt > now);
      for (const waiting of line.slice(0, line.length - left.length)) this.#refuse(waiting, now);
      this.#setLine(account, left);
    }
    this.#setTimer(now);
  }

  /** The account that holds the fewest calls has the most room. If it has none, no account has. */
  #grantInTurn(now: number): void {
    for (;;) {
      const tally = this.#window.tally(now);
      const [next] = [...this.#lines].sort(([one], [other]) => heldBy(one, tally) - heldBy(other, tally));
      const [account, line] = next ?? [];
      const waiting = line?.[0];
      if (!account || !waiting) return;
      const room = this.#room(account, tally);
      if (room < 1) return;
      this.#setLine(account, line.slice(1));
      this.#grant(account, waiting, Math.min(waiting.calls, room), now);
    }
  }

  /**
   * How many calls the account may be granted now. Within its share it may take all that is free. Shares are equal, with one more share for the
   * next account to come. Beyond its share it must leave the reserve free.
   */
  #room(account: string, tally: Tally): number {
    const { requestsPerMinute } = this.#settings;
    const free = requestsPerMinute - tally.all;
    const contenders = new Set([...tally.of.keys(), ...this.#lines.keys()]).size;
    const share = Math.max(1, Math.floor(requestsPerMinute / (contenders + 1)));
    const withinShare = Math.min(free, share - heldBy(account, tally));
    return Math.max(withinShare, free - Math.floor(requestsPerMinute * reservedPart));
  }

  #grant(account: string, waiting: Waiting, calls: number, now: number): void {
    const grant = this.#tools.newId();
    this.#window.add(grant, account, calls, now);
    this.#waiting -= 1;
    waiting.answer({ type: 'granted', grant, calls, validMs: this.#settings.validMs });
  }

  #refuse(waiting: Waiting, now: number): void {
    const nextFreeMs = (this.#window.nextFreeAt(now) ?? now) - now;
    this.#waiting -= 1;
    waiting.answer({ type: 'busy', retryAfterMs: Math.min(Math.max(1_000, nextFreeMs), windowMs) });
  }

  /** Refuses the newest request of the longest queue, because that account asks most. */
  #turnAway(): void {
    const [longest] = [...this.#lines].sort(([, one], [, other]) => other.length - one.length);
    const newest = longest?.[1].at(-1);
    if (!longest || !newest) return;
    this.#setLine(longest[0], longest[1].slice(0, -1));
    this.#refuse(newest, this.#now);
  }

  #setLine(account: string, line: Waiting[]): void {
    if (line.length > 0) this.#lines.set(account, line);
    else this.#lines.delete(account);
  }

  #setTimer(now: number): void {
    this.#takeBackTimer();
    const deadlines = [...this.#lines.values()].flatMap(([first]) => first?.deadlineAt ?? []);
    if (deadlines.length === 0) return;
    const next = Math.min(...deadlines, this.#window.nextFreeAt(now) ?? Number.POSITIVE_INFINITY);
    this.#takeBackTimer = this.#tools.after(Math.max(1, next - now), () => this.#serve());
  }
}

function heldBy(account: string, { of }: Tally): number {
  return of.get(account) ?? 0;
}
