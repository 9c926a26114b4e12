/**
 * The port to accounts: who may spend, how much at once, and what was spent. An account owns keys, limits, runs, cache and usage.
 * Everything that spends is *reserved* before it starts and *settled* on what it used, in one place an account.
 */
import type { AccountLimit, Spending } from '../reflection/budget.ts';
import type { Decision, PassUsage, ReflectionStatus } from '../reflection/record.ts';

/** `acct_` and 22 letters of base64url. */
export type AccountId = string & { readonly brand: 'AccountId' };
/** `key_` and 32 letters of base64url: the account can be read from it. */
export type KeyId = string & { readonly brand: 'KeyId' };

/** What a key may be used for: `reflect` spends and changes, `read` looks, `export` takes training data out. */
export const scopes = ['reflect', 'read', 'export'] as const;
export type Scope = (typeof scopes)[number];

/** What an account may use; all its keys share it. */
export interface Limits {
  /** Runs started in any 60 seconds. */
  readonly requests_per_minute: number;
  /** Input and output tokens, reserved and spent, in any 60 seconds. */
  readonly tokens_per_minute: number;
  readonly concurrent_runs: number;
  /** USD in a UTC day. A run belongs to the day on which it was admitted. */
  readonly daily_usd: number;
  /** Requests with a body that was refused (400, 413, 415) in any 60 seconds, for each key and isolate by itself. */
  readonly refused_per_minute: number;
}

export const defaultLimits: Limits = {
  requests_per_minute: 60,
  tokens_per_minute: 100_000,
  concurrent_runs: 8,
  daily_usd: 5,
  refused_per_minute: 60,
};

/** Who asks: what a well-tagged key says by itself, before any I/O. */
export interface Caller {
  readonly account: AccountId;
  readonly key: KeyId;
  /** SHA-256 of the whole key, hexadecimal: what the account has stored of it. */
  readonly secretHash: string;
}

/** What the account says of a key that may be used. */
export interface KeyStatus {
  readonly scopes: readonly Scope[];
  readonly limits: Limits;
}

/** Somebody who asks in the name of an account that they share, and has a limit of their own within its limits: a person in a workspace. */
export interface Member {
  /** The same for every request of the same person. */
  readonly id: string;
  /** Runs started in any 60 seconds; at least 1. */
  readonly requestsPerMinute: number;
}

/** One request for a run. */
export interface Ask {
  /** The run that will be started if this is admitted. */
  readonly run: string;
  /** The run that an earlier try of the same request would have started; null at the first try. A loss may have forgotten it. */
  readonly tried: string | null;
  /** What its draft may use: the least that is set aside for the run. */
  readonly reserves: Spending;
  /** How long the run may take at most, in milliseconds: until then what it holds is told to be in use. */
  readonly lastsMs: number;
  /** The caller's `Idempotency-Key`, and a hash of the body it came with. */
  readonly idempotency: { readonly key: string; readonly bodyHash: string } | null;
  /** The same for identical requests: while one of them runs, another joins it. Null for what joins nobody. */
  readonly singleFlightKey: string | null;
  /** Listed by `GET /v1/reflections`. */
  readonly stored: boolean;
  /** Null for whoever asks with a key of their own. A member's run is stored before its model is asked, so that a loss takes nothing from the count. */
  readonly member: Member | null;
}

/** A limit that waits for no far object: it counts what happens in this isolate in any 60 seconds. */
export interface LocalLimit<Id extends string> {
  /** Counts one more, or throws `rate_limited` when there were `size`. */
  take(id: Id, size: number): void;
  /** Counts one more, whatever the limit. */
  add(id: Id): void;
  /** Whether anything counts. */
  knows(id: Id): boolean;
  /** Throws `rate_limited` when there were `size`. */
  assertBelow(id: Id, size: number): void;
}

/** The limits that a run is held against. */
export const limitNames = ['requests_per_minute', 'tokens_per_minute', 'concurrent_runs', 'daily_usd'] as const;
export type LimitName = (typeof limitNames)[number];

/** How one limit stands. */
export interface LimitStanding {
  readonly limit: LimitName;
  readonly size: number;
  readonly remaining: number;
  /** Epoch milliseconds at which the whole limit is free again, if nothing more is admitted. */
  readonly resetsAt: number;
}

/** Why a run is not admitted. `request_exceeds_limit`: it is larger than the whole limit and never could be. */
export interface Refusal extends LimitStanding {
  readonly code: 'rate_limited' | 'budget_exhausted' | 'request_exceeds_limit';
  /** What was asked for, in the limit's unit. */
  readonly asked: number;
  /** Milliseconds until the same request may be admitted, as far as can be told; null when it never can be. */
  readonly retryAfterMs: number | null;
}

export type Admission =
  /** The run may start: what its draft may use is set aside. */
  | { readonly type: 'started'; readonly run: string; readonly standings: readonly LimitStanding[] }
  /** An identical request is running: follow that run. */
  | { readonly type: 'joined'; readonly run: string; readonly standings: readonly LimitStanding[] }
  /** The idempotency key has had its run: follow it. */
  | { readonly type: 'replayed'; readonly run: string; readonly standings: readonly LimitStanding[] }
  /** The idempotency key came with another body before. */
  | { readonly type: 'mismatch' }
  | { readonly type: 'refused'; readonly refusal: Refusal; readonly standings: readonly LimitStanding[] }
  /** The member has started as many runs as they may. */
  | { readonly type: 'member_refused'; readonly size: number; readonly retryAfterMs: number };

/** How a run ended and what it used; every attempt of every pass, charged or not. */
export interface Settlement {
  readonly run: string;
  readonly status: Extract<ReflectionStatus, 'completed' | 'failed' | 'cancelled'>;
  readonly decision: Decision | null;
  readonly passes: readonly PassUsage[];
  /** It failed for a reason that passes: the same request may succeed, and so its idempotency keys are free again. */
  readonly retryable: boolean;
}

/** A page of the runs that were asked to be stored, newest first. */
export interface RunPage {
  readonly runs: readonly string[];
  readonly hasMore: boolean;
}

/** Charged use, summed. `decision` is null for runs that ended without one. */
export interface UsageRow {
  /** UTC day, `2026-11-23`, on which the runs were admitted. */
  readonly day: string;
  readonly model: string;
  readonly decision: Decision | null;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_usd: number;
  /** Model calls, those not charged included. */
  readonly calls: number;
}

/** Runs of a day by how they ended, and answers from the cache. */
export interface DayCounts {
  readonly day: string;
  readonly runs: number;
  readonly cache_hits: number;
}

export interface UsageReport {
  readonly rows: readonly UsageRow[];
  readonly days: readonly DayCounts[];
}

export interface Accounts {
  /**
   * Whether the key may be used, and for what: known for at most five seconds back.
   * Throws `invalid_api_key` for one that is unknown, revoked, expired or rotated away, and `upstream_busy` when the account cannot be asked.
   */
  status(caller: Caller): Promise<KeyStatus>;
  /** Tells that so many answers came from the cache; lazily counted, and never worth failing for. */
  countHits(account: AccountId, hits: number): Promise<void>;
  /** `after`: the last run of the page before; `limit` 1 to 100. Throws `not_found` for an `after` that is not on the list. */
  stored(account: AccountId, after: string | null, limit: number): Promise<RunPage>;
  /**
   * Both days inclusive, UTC, `2026-11-23`. Of one key where one is named: of its runs as long as the ledger holds them (35 days), and without
   * hits of the cache.
   */
  usage(account: AccountId, from: string, to: string, key?: KeyId): Promise<UsageReport>;
}

/** An account as the runs know it that its object hosts. */
export interface RunAccount {
  /**
   * Sets aside so much for an open run in all, and names the limit that refuses; null when none does, also for what is set aside already. It is stored with
   * whatever the run stores next.
   */
  topUp(run: string, total: Spending): AccountLimit | null;
  /** Gives back what the run did not use. Settled twice, it stays as it was first. */
  settle(settlement: Settlement): void;
  /** What webhooks of the key's runs are signed with, newest first: two while a rotation lasts, none when the key is gone. */
  webhookSecrets(key: KeyId): readonly string[];
  /** Takes a deleted run off the list, frees its idempotency keys, and lets nobody join it any more. What it cost stays in the ledger. */
  forget(run: string): void;
}
