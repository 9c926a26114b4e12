/** From a request that may be served to a run to follow, or an answer that was given before: cache, then account, then run. */
import type {
  AccountId,
  Accounts,
  Admission,
  Caller,
  KeyStatus,
  LimitStanding,
  LocalLimit,
  Refusal,
} from '../accounts/accounts.ts';
import { cacheKeyOf } from '../cache/cache-key.ts';
import { secondsInCache } from '../cache/cacheable.ts';
import { type CacheHit, hitOf } from '../cache/cached-run.ts';
import type { CacheKey, ReflectionCache } from '../cache/reflection-cache.ts';
import { AppError } from '../errors.ts';
import { admit } from '../reflection/admission.ts';
import type { Roster } from '../reflection/model.ts';
import type { ReflectionRequest, TierName } from '../reflection/request.ts';
import type { RunOrder, Runs } from '../runs/runs.ts';
import { type CachePolicy, takesAnswerFrom } from './cache-control.ts';
import { missingScope } from './middleware/authenticate.ts';

export interface StartPorts {
  readonly runs: Runs;
  readonly accounts: Accounts;
  readonly cache: ReflectionCache;
  /** Counts answers from the cache. */
  readonly hits: Pick<LocalLimit<AccountId>, 'take'>;
  readonly models: { roster(tier: TierName): Roster };
  /** How long an ended run is kept, in milliseconds. */
  readonly keptMs: (request: ReflectionRequest) => number;
  readonly now: () => number;
}

/** What came with a request besides its body. */
export interface Circumstances {
  readonly caller: Caller;
  readonly cache: CachePolicy;
  /** The `Idempotency-Key`, and a hash of the body. */
  readonly idempotency: { readonly key: string; readonly bodyHash: string } | null;
}

export type Started =
  | { readonly type: 'hit'; readonly hit: CacheHit }
  | { readonly type: 'refused'; readonly refusal: Refusal; readonly standings: readonly LimitStanding[] }
  | {
      readonly type: 'run';
      readonly run: string;
      /** What it is to be started with by whoever asks it first; null where it was started long before. */
      readonly order: RunOrder | null;
      readonly status: 'miss' | 'bypass' | 'joined';
      /** It was started by an earlier request with the same idempotency key. */
      readonly replayed: boolean;
      readonly standings: readonly LimitStanding[];
    };

/** What a run may take beyond its deadline, a loss of its object included, before its account asks what became of it. */
const unheardMs = 60_000;

/**
 * Throws what `Accounts.reserve` and `admit` throw, `only_if_cached_miss` and `idempotency_mismatch`. Nothing was spent then, nor where a limit refused.
 */
export async function startReflection(
  ports: StartPorts,
  request: ReflectionRequest,
  circumstances: Circumstances,
): Promise<Started> {
  const { caller, cache, idempotency } = circumstances;
  const roster = ports.models.roster(request.tier);
  const key = cache.mode === 'no-store' ? null : await cacheKeyOf(caller.account, request, roster);
  // A keyed request is the run of its key and a webhook is told by its own run, whatever else was answered before.
  const ownRun = idempotency !== null || request.webhook !== undefined;
  const shares = (cache.mode === 'default' && !ownRun) || cache.mode === 'only-if-cached';
  if (key && shares) {
    const hit = await findAnswer(ports, request, circumstances, key);
    if (hit) return { type: 'hit', hit };
  }
  if (cache.mode === 'only-if-cached') {
    await mayAsk(ports, caller);
    throw new AppError(
      'only_if_cached_miss',
      'The answer is not in the cache, and the request asked for nothing else.',
    );
  }

  const admission = await ports.accounts.reserve(caller, {
    run: ports.runs.newId(),
    allowance: admit(request, roster),
    lastsMs: request.budget.deadline_ms + unheardMs,
    idempotency,
    flight: shares ? key : null,
    stored: request.store,
  });
  return admitted(admission, {
    request,
    account: caller.account,
    key: caller.key,
    cache: {
      status: shares ? 'miss' : 'bypass',
      entry: key && { key, ttlSeconds: secondsInCache(request, ports.keptMs(request)) },
    },
  });
}

/** A hit waits for no far object where the account was asked within the last five seconds; it is counted when it has been answered. */
async function findAnswer(
  { accounts, cache, hits, now }: StartPorts,
  request: ReflectionRequest,
  { caller, cache: policy }: Circumstances,
  key: CacheKey,
): Promise<CacheHit | undefined> {
  const kept = await cache.read(key);
  if (!kept || !takesAnswerFrom(policy, kept.storedAt, now())) return undefined;
  const { limits } = await mayAsk({ accounts }, caller);
  hits.take(caller.account, limits.requests_per_minute);
  return hitOf(kept, request, now());
}

/** For what spends nothing, and so is not held against the account. */
async function mayAsk({ accounts }: Pick<StartPorts, 'accounts'>, caller: Caller): Promise<KeyStatus> {
  const status = await accounts.status(caller);
  if (!status.scopes.includes('reflect')) throw missingScope('reflect');
  return status;
}

function admitted(admission: Admission, order: RunOrder): Started {
  switch (admission.type) {
    case 'mismatch':
      throw new AppError('idempotency_mismatch', 'This Idempotency-Key came with another body before.');
    case 'refused':
      return admission;
    case 'started':
    case 'joined':
    case 'replayed': {
      const { type, run, standings } = admission;
      // Whoever comes later starts it as well: it stays the run it is, and whoever came first may have been lost on the way to it.
      const starts = type !== 'replayed' || admission.open;
      const status = type === 'joined' ? type : order.cache.status;
      return { type: 'run', run, order: starts ? order : null, status, replayed: type === 'replayed', standings };
    }
  }
}
