/**
 * An account split over several objects, as a model of docs/decisions/split-account.md: a root keeps the limits, and each part admits runs within an escrow that
 * the root has granted to it. Time passes in calls, and a call between the two takes none: what is late in service only makes the root count more.
 */
import { SlidingWindow, windowMs } from '../../src/accounts/sliding-window.ts';

/** What the limits of a minute are made of. */
export interface Shares {
  readonly requests: number;
  readonly tokens: number;
  readonly runs: number;
}

const nothing: Shares = { requests: 0, tokens: 0, runs: 0 };

/** Keeps the limits. What a part holds counts as in use; what it has used counts for a minute from the moment at which the root is told. */
export class Root {
  readonly #limits: Shares;
  readonly #granted = new Map<string, Shares>();
  readonly #requests = new SlidingWindow(windowMs);
  readonly #tokens = new SlidingWindow(windowMs);

  constructor(limits: Shares) {
    this.#limits = limits;
  }

  /** A part says what it has used since it last did, and asks to hold `wanted` from now on; it is given that, or `least` of it, or nothing. */
  renew(
    part: string,
    used: Shares,
    { wanted, least }: { readonly wanted: Shares; readonly least: Shares },
    at: number,
  ) {
    this.#count(used, at);
    // What was used moves from what the part holds, also where it is given nothing.
    this.#granted.set(part, difference(this.#granted.get(part) ?? nothing, used));
    for (const asked of [wanted, least]) {
      if (!this.#fits(part, asked)) continue;
      this.#granted.set(part, asked);
      return asked;
    }
    return undefined;
  }

  /** A part was lost: whatever it held counts as used from its restart on. */
  lose(part: string, at: number): void {
    this.#count(this.#granted.get(part) ?? nothing, at);
    this.#granted.delete(part);
  }

  #count({ requests, tokens }: Shares, at: number): void {
    this.#requests.advance(at);
    this.#tokens.advance(at);
    this.#requests.add(at, requests);
    this.#tokens.add(at, tokens);
  }

  #fits(part: string, asked: Shares): boolean {
    const held = { ...nothing };
    for (const [other, shares] of this.#granted) {
      if (other === part) continue;
      Object.assign(held, sum(held, shares));
    }
    const { requests, tokens, runs } = sum(held, asked);
    return (
      this.#requests.sum + requests <= this.#limits.requests &&
      this.#tokens.sum + tokens <= this.#limits.tokens &&
      runs <= this.#limits.runs
    );
  }
}

/** Admits runs within what the root lets it hold, without asking for each. */
export class Part {
  readonly #name: string;
  readonly #root: Root;
  /** What it holds above its needs when it renews. */
  readonly #spare: Shares;
  #held: Shares = nothing;
  /** Since the last renewal. */
  #used: Shares = nothing;
  readonly #open = new Map<string, number>();

  constructor(name: string, root: Root, spare: Shares) {
    this.#name = name;
    this.#root = root;
    this.#spare = spare;
  }

  admit(run: string, tokens: number, at: number): boolean {
    const asked = { requests: 1, tokens, runs: 1 };
    if (!this.#covers(asked) && !this.#renew(asked, at)) return false;
    this.#open.set(run, tokens);
    this.#used = sum(this.#used, { ...nothing, requests: 1 });
    return true;
  }

  settle(run: string, tokens: number): void {
    this.#open.delete(run);
    this.#used = sum(this.#used, { ...nothing, tokens });
  }

  /** Gives back what it holds beyond its needs, where it is at rest. */
  rest(at: number): void {
    const needed = this.#openShares;
    this.#ask({ wanted: needed, least: needed }, at);
  }

  #covers(asked: Shares): boolean {
    const { requests, tokens, runs } = sum(sum(this.#openShares, this.#used), asked);
    return requests <= this.#held.requests && tokens <= this.#held.tokens && runs <= this.#held.runs;
  }

  #renew(asked: Shares, at: number): boolean {
    const least = sum(this.#openShares, asked);
    return this.#ask({ wanted: sum(least, this.#spare), least }, at);
  }

  #ask(shares: { readonly wanted: Shares; readonly least: Shares }, at: number): boolean {
    const granted = this.#root.renew(this.#name, this.#used, shares, at);
    this.#held = granted ?? difference(this.#held, this.#used);
    this.#used = nothing;
    return granted !== undefined;
  }

  get #openShares(): Shares {
    const tokens = [...this.#open.values()].reduce((total, each) => total + each, 0);
    return { requests: 0, tokens, runs: this.#open.size };
  }
}

function sum(one: Shares, other: Shares): Shares {
  return {
    requests: one.requests + other.requests,
    tokens: one.tokens + other.tokens,
    runs: one.runs + other.runs,
  };
}

function difference(one: Shares, other: Shares): Shares {
  return {
    requests: one.requests - other.requests,
    tokens: one.tokens - other.tokens,
    runs: one.runs - other.runs,
  };
}
