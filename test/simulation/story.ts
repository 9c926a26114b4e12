/** What happened in a world: its story to be read, and its counts, which say whether there was anything to be seen. */
import { createHash } from 'node:crypto';
import { isTerminal, type ReflectionEvent } from '../../src/reflection/events.ts';

/** Everything that must happen somewhere for the worlds to be worth living in. */
export const happenings = [
  'run started',
  'run completed',
  'run failed',
  'run cancelled',
  'object lost',
  'idle object dropped',
  'run resumed',
  'pass interrupted',
  'attempt retried',
  'joined',
  'replayed',
  'asked again with its key',
  'mismatch',
  'hit',
  'denied by requests_per_minute',
  'denied by tokens_per_minute',
  'denied by concurrent_runs',
  'denied by daily_usd',
  'denied as too large',
  'key without the scope',
  'key revoked',
  'turned away with a revoked key',
  'cancelled by its caller',
  'deleted',
  'rated',
  'stranger turned away',
  'caller left',
  'reader came back',
  'Worker died',
  'call lost',
  'call late',
  'write refused',
  'disk full',
  'unconfirmed write lost',
  'run lost to storage',
  'object lost with runs in its escrow',
  'pass refused by tokens_per_minute',
  'pass refused by daily_usd',
  'call broken off',
  'alarm',
  'alarm again',
  'clock jumped forward',
  'clock jumped back',
  'upstream busy',
  'upstream quota',
  'stream truncated',
  'stream malformed',
  'answer cut',
  'answer degraded',
  'answer slow',
  'deadline passed',
  'cache written',
  'cache write failed',
  'cache read failed',
  'cache stale',
  'cache entry removed',
  'notice delivered',
  'notice tried again',
  'notice refused for good',
  'crowd of a hundred',
] as const;

export type Happening = (typeof happenings)[number];
export type Counts = Record<Happening, number>;

export function noCounts(): Counts {
  const counts = Object.fromEntries(happenings.map((name) => [name, 0]));
  return readCounts(counts);
}

function readCounts(counts: Record<string, number>): Counts {
  const missing = happenings.filter((name) => counts[name] === undefined);
  if (missing.length > 0) throw new Error(`Not counted: ${missing.join(', ')}.`);
  return Object.assign(Object.create(null), counts);
}

const endings = {
  'run.completed': 'run completed',
  'run.failed': 'run failed',
  'run.cancelled': 'run cancelled',
} as const;

export class Story {
  readonly counts = noCounts();
  readonly #now: () => number;
  readonly #lines: string[] = [];

  /** `now`: milliseconds since the world began. */
  constructor(now: () => number) {
    this.#now = now;
  }

  count(what: Happening): void {
    this.counts[what] += 1;
  }

  countEvent(event: ReflectionEvent): void {
    if (event.type === 'run.queued') this.count('run started');
    else if (event.type === 'pass.retried') {
      this.count(event.code === 'interrupted' ? 'pass interrupted' : 'attempt retried');
    } else if (isTerminal(event.type) && 'reflection' in event) {
      const { degraded, error, exhausted } = event.reflection;
      this.count(endings[event.type]);
      if (degraded) this.count('answer degraded');
      if (exhausted === 'tokens_per_minute' || exhausted === 'daily_usd') this.count(`pass refused by ${exhausted}`);
      if (error?.code === 'deadline') this.count('deadline passed');
    }
  }

  tell(who: string, what: string): void {
    this.#lines.push(`${this.#now()} ${who}: ${what}`);
  }

  /** One line a happening: the milliseconds since the world began, who, and what. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** The same for worlds in which the same happened. */
  get hash(): string {
    return createHash('sha256').update(this.#lines.join('\n')).digest('hex').slice(0, 16);
  }
}
