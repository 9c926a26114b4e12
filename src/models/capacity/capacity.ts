/**
 * The platform's own requests a minute, shared out among accounts. Who asks for calls gets them at once or waits in its account's line,
 * and the account that holds least is served first. A state machine in memory: clock, timers and ids are given to it.
 */
import { CallWindow, type Tally, windowMs } from './call-window.ts';

export interface CapacitySettings {
  /** What the platform lets through in any 60 s, for all accounts together. */
  readonly requestsPerMinute: number;
  /** How long an ask waits at most. */
  readonly waitMs: number;
  /** How long granted calls may be put off: about as long as a run takes. */
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
  /** Does `work` after so many milliseconds. The answer takes it back. */
  readonly after: (milliseconds: number, work: () => void) => () => void;
  /** A word never given before, not even by an object that was lost. */
  readonly newId: () => string;
}

export type CapacityAnswer =
  /** At least one call and at most what was asked for. The first is counted as made now; the others may be put off `validMs`. */
  | { readonly type: 'granted'; readonly grant: string; readonly calls: number; readonly validMs: number }
  | { readonly type: 'busy'; readonly retryAfterMs: number };

interface Waiting {
  readonly calls: number;
  readonly deadlineAt: number;
  readonly answer: (answer: CapacityAnswer) => void;
}

/** The part of the whole that is kept for accounts which hold less than their share, so that one which comes late finds something. */
const reservedPart = 0.1;

/** More than any one step of a run takes. */
const mostCalls = 8;

export class Capacity {
  readonly #settings: CapacitySettings;
  readonly #tools: CapacityTools;
  readonly #window: CallWindow;
  /** None is empty. */
  readonly #lines = new Map<string, Waiting[]>();
  #waiting = 0;
  #takeBackTimer: () => void = () => undefined;

  constructor(settings: CapacitySettings, tools: CapacityTools) {
    this.#settings = settings;
    this.#tools = tools;
    this.#window = new CallWindow(settings.validMs);
  }

  /** Asks for some calls to the platform, one of which is made at once. Answered after `waitMs` at the latest. */
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

  /** Closes a grant: of its calls those were made, so many milliseconds ago each; the others are free again. Unknown grants are passed over. */
  giveBack(grant: string, madeAgoMs: readonly number[]): void {
    this.#window.close(grant, madeAgoMs, this.#now);
    this.#serve();
  }

  get #now(): number {
    return this.#tools.now();
  }

  /** Grants what can be granted, sends away who has waited long enough, and sets the timer for when either may change. */
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

  /** Whoever holds least has most room: when there is none for it, there is none for anybody. */
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
   * How many calls the account may be given now. Up to its share it takes whatever is free; a share is an equal part of the whole with one part
   * over for whoever comes next. Beyond its share it must leave the reserve to others.
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

  /** The newest of the longest line goes: whoever asks most is the one to wait elsewhere. */
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
