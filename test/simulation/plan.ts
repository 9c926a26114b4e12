/** What a seed's world holds, drawn before it begins: its weather, its accounts' limits, its visitors and what each will do. */
import type { Limits, Scope } from '../../src/accounts/accounts.ts';
import { parseReflectionBody, type ReflectionBody, type ReflectionRequest } from '../../src/reflection/request.ts';
import { loadAllCode } from '../support/load-code.ts';
import type { Chance } from './chance.ts';
import type { Loss } from './object-instance.ts';

// Worlds are made and lived without waiting for code to load.
await loadAllCode();

/** Shares, from 0 for never to 1 for always, unless said otherwise. */
export interface Weather {
  /** How often each account's object is lost, at most. */
  readonly losses: number;
  /** Among how many of its first steps. */
  readonly lossesWithin: number;
  readonly alarmsTwice: number;
  /** Of calls between objects that are lost on the way there or back. */
  readonly lostCalls: number;
  /** Of calls that take seconds. */
  readonly lateCalls: number;
  /** Of writes that an object's storage refuses. */
  readonly refusedWrites: number;
  /** When the storage of all objects takes nothing, in milliseconds since the world began; null for never. */
  readonly diskFull: { readonly from: number; readonly to: number } | null;
  /** Of visitors whose Worker is gone before they were answered. */
  readonly frontDeaths: number;
  readonly storeFailures: number;
  readonly receiverFailures: number;
  readonly upstream: {
    readonly busy: number;
    readonly quota: number;
    readonly truncated: number;
    readonly malformed: number;
    readonly cut: number;
    readonly slow: number;
  };
}

export type Way = 'wait' | 'stream' | 'background';
export type Machine = 'near' | 'far' | 'account 0' | 'account 1';

export interface Visit {
  /** Milliseconds since the world began. */
  readonly at: number;
  readonly account: 0 | 1;
  readonly front: 'near' | 'far';
  readonly request: ReflectionRequest;
  readonly idempotencyKey: string | null;
  readonly way: Way;
  /** Milliseconds after the start; null for never. */
  readonly leavesAfter: number | null;
  readonly cancelsAfter: number | null;
  readonly deletesAfter: number | null;
  /** Reads slowly, and from where it broke off. */
  readonly slow: boolean;
  /** Says what it thinks of the answer. */
  readonly rates: boolean;
  /** Tries afterwards what it may do with the run of another account. */
  readonly isNosy: boolean;
  /** At which of its steps the Worker that serves it dies; null for never. */
  readonly frontDiesAt: number | null;
}

export interface Jump {
  readonly at: number;
  readonly machine: Machine;
  readonly milliseconds: number;
}

export interface Plan {
  /** A hundred who ask the same at once. */
  readonly crowd: boolean;
  /** Epoch milliseconds. */
  readonly begins: number;
  readonly weather: Weather;
  readonly limits: readonly [Partial<Limits>, Partial<Limits>];
  readonly scopes: readonly Scope[];
  readonly visits: readonly Visit[];
  readonly jumps: readonly Jump[];
  /** When the first account's key is revoked, in milliseconds since the world began; null for never. */
  readonly revokesAt: number | null;
}

const day = 86_400_000;

const calm: Weather = {
  losses: 0,
  lossesWithin: 1,
  alarmsTwice: 0,
  lostCalls: 0,
  lateCalls: 0,
  refusedWrites: 0,
  diskFull: null,
  frontDeaths: 0,
  storeFailures: 0,
  receiverFailures: 0,
  upstream: { busy: 0, quota: 0, truncated: 0, malformed: 0, cut: 0, slow: 0 },
};

export function planOf(chance: Chance): Plan {
  // Half of the worlds begin within two minutes before midnight.
  const begins =
    Date.UTC(2026, 4, 11) + (chance.happens(0.5) ? day - chance.integer(0, 120_000) : chance.integer(0, day));
  const limits = [limitsOf(chance), limitsOf(chance)] as const;
  if (chance.happens(0.004)) return { ...crowdPlan(chance), begins };
  const weather = weatherOf(chance);
  const visits = visitsOf(chance, weather.frontDeaths);
  const jumps = chance.happens(0.3) ? Array.from({ length: chance.integer(1, 3) }, () => jumpOf(chance, visits)) : [];
  return {
    crowd: false,
    begins,
    weather,
    limits,
    scopes: chance.happens(0.02) ? ['read'] : ['reflect', 'read'],
    visits,
    jumps,
    revokesAt: chance.happens(0.1) ? chance.integer(0, 30_000) : null,
  };
}

function weatherOf(chance: Chance): Weather {
  const share = (most: number): number => (chance.happens(0.4) ? most * chance.next() : 0);
  return {
    losses: chance.happens(0.6) ? chance.integer(1, 8) : 0,
    lossesWithin: chance.pick([20, 80, 300]),
    alarmsTwice: share(0.5),
    lostCalls: share(0.1),
    lateCalls: share(0.1),
    refusedWrites: chance.happens(0.15) ? 0.1 * chance.next() : 0,
    diskFull: chance.happens(0.03) ? fullFrom(chance.integer(0, 10_000), chance.integer(1_000, 90_000)) : null,
    frontDeaths: share(0.3),
    storeFailures: share(0.3),
    receiverFailures: share(0.9),
    upstream: {
      busy: share(0.4),
      quota: share(0.1),
      truncated: share(0.3),
      malformed: share(0.2),
      cut: share(0.3),
      slow: share(0.3),
    },
  };
}

function fullFrom(from: number, forMs: number): Weather['diskFull'] {
  return { from, to: from + forMs };
}

/** Each limit is tight in some worlds and out of the way in others. */
function limitsOf(chance: Chance): Partial<Limits> {
  return {
    requests_per_minute: chance.happens(0.4) ? chance.integer(1, 8) : 1_000,
    tokens_per_minute: chance.happens(0.3) ? chance.integer(300, 3_000) : 1_000_000,
    concurrent_runs: chance.happens(0.3) ? chance.integer(1, 3) : 200,
    daily_usd: chance.happens(0.3) ? chance.integer(1, 20) / 4_000 : 10,
  };
}

/** Half of them just when somebody comes. */
function jumpOf(chance: Chance, visits: readonly Visit[]): Jump {
  const machine = chance.pick<Machine>(['near', 'far', 'account 0', 'account 1']);
  const seconds = chance.pick([1, 10, 90, 1_000]);
  const milliseconds = chance.integer(-seconds * 1_000, seconds * 1_000);
  const visit = visits[chance.integer(0, visits.length - 1)];
  const at = chance.happens(0.5) && visit ? visit.at + chance.integer(0, 500) : chance.integer(0, 90_000);
  return { at, machine, milliseconds };
}

/** Two questions a world, so that visitors meet: each a core that the cache and the flights know, told in several ways. */
function visitsOf(chance: Chance, deaths: number): Visit[] {
  const cores = [coreOf(chance), coreOf(chance)] as const;
  const lasts = chance.pick([500, 8_000, 90_000]);
  const keys = chance.happens(0.3);
  const visits = Array.from({ length: chance.integer(2, 9) }, (): Visit => {
    const core = chance.happens(0.75) ? cores[0] : cores[1];
    const way = chance.pick<Way>(['wait', 'stream', 'stream', 'background']);
    const keyed = keys && chance.happens(0.6);
    const then = chance.next();
    return {
      at: chance.integer(0, lasts),
      account: chance.happens(0.8) ? 0 : 1,
      front: chance.happens(0.7) ? 'near' : 'far',
      request: requestOf({
        ...core,
        stream: way === 'stream',
        background: way === 'background',
        ...(chance.happens(0.15) ? { webhook: `https://receiver.test/${chance.integer(1, 2)}` } : {}),
        ...(chance.happens(0.1) ? { store: true } : {}),
        ...(chance.happens(0.1) ? { cache: { mode: chance.pick(['no-store', 'reload', 'only-if-cached']) } } : {}),
      }),
      idempotencyKey: keyed ? `key-${chance.integer(1, 2)}` : null,
      way,
      leavesAfter: then < 0.1 ? chance.integer(0, 2_000) : null,
      cancelsAfter: then >= 0.1 && then < 0.2 ? chance.integer(0, 2_000) : null,
      deletesAfter: then >= 0.2 && then < 0.3 ? chance.integer(0, 5_000) : null,
      slow: chance.happens(0.1),
      rates: chance.happens(0.1),
      isNosy: chance.happens(0.1),
      frontDiesAt: chance.happens(deaths) ? chance.integer(1, 4) : null,
    };
  });
  return visits.map((visit) => (chance.happens(0.8) ? askedAgain(visit, visits) : visit));
}

/** Who comes with a key that another had is mostly the other, who asks again. */
function askedAgain(visit: Visit, visits: readonly Visit[]): Visit {
  const first = visits.find(
    ({ idempotencyKey }) => visit.idempotencyKey !== null && idempotencyKey === visit.idempotencyKey,
  );
  return first ? { ...visit, account: first.account, request: first.request, way: first.way } : visit;
}

const questions = ['Why is the sky blue?', 'Name a colour.', 'What is the sum of 17 and 25?'] as const;

function coreOf(chance: Chance): ReflectionBody {
  const strategy = chance.pick(['direct', 'direct', 'direct', 'selective', 'checks', 'vote', 'cot', 'always'] as const);
  return {
    input: chance.pick(questions),
    strategy,
    max_output_tokens: chance.pick([64, 100]),
    budget: {
      max_calls: chance.pick([1, 2, 4, 8]),
      max_output_tokens: chance.pick([200, 600]),
      deadline_ms: chance.pick([2_000, 10_000, 30_000]),
    },
    ...(strategy === 'checks' || chance.happens(0.1) ? { checks: [{ type: 'words', max: chance.pick([4, 9]) }] } : {}),
  };
}

const parsed = new Map<string, ReflectionRequest>();

function requestOf(body: ReflectionBody): ReflectionRequest {
  const text = JSON.stringify(body);
  const known = parsed.get(text);
  if (known) return known;
  const request = parseReflectionBody(body);
  parsed.set(text, request);
  return request;
}

function crowdPlan(chance: Chance): Omit<Plan, 'begins'> {
  const core = coreOf(chance);
  return {
    crowd: true,
    weather: { ...calm, losses: chance.integer(0, 4), lossesWithin: 150, alarmsTwice: 0.5 },
    limits: [{ requests_per_minute: 1, concurrent_runs: 1 }, {}],
    scopes: ['reflect', 'read'],
    visits: Array.from({ length: 100 }, (): Visit => {
      const way = chance.pick<Way>(['wait', 'stream', 'background']);
      return {
        at: chance.integer(0, 20),
        account: 0,
        front: chance.happens(0.5) ? 'near' : 'far',
        request: requestOf({ ...core, stream: way === 'stream', background: way === 'background' }),
        idempotencyKey: null,
        way,
        leavesAfter: chance.happens(0.1) ? chance.integer(0, 500) : null,
        cancelsAfter: null,
        deletesAfter: null,
        slow: false,
        rates: false,
        isNosy: false,
        frontDiesAt: null,
      };
    }),
    jumps: [],
    revokesAt: null,
  };
}

/** Where an account's object is lost: between which of its steps. */
export function lossesOf(
  chance: Chance,
  { losses: count, lossesWithin: lastStep }: Weather,
): ReadonlyMap<number, Loss> {
  return new Map(
    Array.from({ length: count }, () => [chance.integer(1, lastStep), chance.happens(0.3) ? 'evicted' : 'crashed']),
  );
}
