/** From a request that may be served to a run, or an answer that was given before: cache, then account. */
import type {
  AccountId,
  Accounts,
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
import type { Begun, RunAnswer, Runs } from '../runs/runs.ts';
import { type CachePolicy, takesAnswerFrom } from './cache-control.ts';
import { missingScope } from './middleware/authenticate.ts';

export interface StartPorts {
  readonly runs: Runs;
  readonly accounts: Accounts;
  readonly cache: ReflectionCache;
  /** Counts answers from the cache. */
  readonly hits: Pick<LocalLimit<AccountId>, 'take'>;
  readonly models: { roster(tier: TierName): Roster };
  /** How long an ended run is stored, in milliseconds. */
  readonly keptMs: (request: ReflectionRequest) => number;
  readonly now: () => number;
}

/** What the headers of a request say. */
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
      /** What the caller waits for; null where the run is no longer there. */
      readonly answer: RunAnswer | null;
      readonly status: 'miss' | 'bypass' | 'joined';
      /** Whether an earlier request with the same idempotency key started the run. */
      readonly replayed: boolean;
      readonly standings: readonly LimitStanding[];
    };

/**
 * Throws what `Runs.begin` and `admit` throw, `only_if_cached_miss` and `idempotency_mismatch`. Nothing was spent then, nor where a limit refused.
 */
export async function startReflection(
  ports: StartPorts,
  request: ReflectionRequest,
  circumstances: Circumstances,
): Promise<Started> {
  const { caller, idempotency } = circumstances;
  const cache = usableCache(request, circumstances.cache);
  const roster = ports.models.roster(request.tier);
  const key = cache.mode === 'no-store' ? null : cacheKeyOf(caller.account, request, roster);
  // A request with an idempotency key or a webhook needs a run of its own.
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

  const begun = await ports.runs.begin(caller, {
    ask: {
      reserves: admit(request, roster),
      lastsMs: request.budget.deadline_ms,
      idempotency,
      singleFlightKey: shares ? key : null,
      stored: request.store,
      member: null,
    },
    order: {
      request,
      account: caller.account,
      key: caller.key,
      cache: {
        status: shares ? 'miss' : 'bypass',
        entry: key && { key, ttlSeconds: secondsInCache(request, ports.keptMs(request)) },
      },
      channel: null,
    },
    awaits: request.background ? 'start' : request.stream ? 'events' : 'end',
  });
  return started(begun, shares ? 'miss' : 'bypass');
}

/** What a tool is called with depends on more than the request says, so such an answer is neither kept nor shared. */
function usableCache({ tools }: ReflectionRequest, asked: CachePolicy): CachePolicy {
  return tools && asked.mode !== 'only-if-cached' ? { ...asked, mode: 'no-store' } : asked;
}

/**
 * A hit waits for the account only if its status is more than five seconds old, and while the cache is read. The hit is counted after the answer.
 */
async function findAnswer(
  { accounts, cache, hits, now }: StartPorts,
  request: ReflectionRequest,
  { caller, cache: policy }: Circumstances,
  key: CacheKey,
): Promise<CacheHit | undefined> {
  const permission = mayAsk({ accounts }, caller);
  // Without a hit nobody waits for it: the account says the same when the run is begun.
  permission.catch(() => undefined);
  const kept = await cache.read(key);
  if (!kept || !takesAnswerFrom(policy, kept.storedAt, now())) return undefined;
  const { limits } = await permission;
  hits.take(caller.account, limits.requests_per_minute);
  return hitOf(kept, request, now());
}

/** Checks the key for requests that spend nothing and so need no reservation. */
async function mayAsk({ accounts }: Pick<StartPorts, 'accounts'>, caller: Caller): Promise<KeyStatus> {
  const status = await accounts.status(caller);
  if (!status.scopes.includes('reflect')) throw missingScope('reflect');
  return status;
}

function started(begun: Begun, status: 'miss' | 'bypass'): Started {
  switch (begun.type) {
    case 'mismatch':
      throw new AppError('idempotency_mismatch', 'This Idempotency-Key came with another body before.');
    case 'member_refused':
      throw new Error('Whoever asks with a key is no member.');
    case 'refused':
      return begun;
    case 'started':
    case 'joined':
    case 'replayed': {
      const { type, run, answer, standings } = begun;
      return {
        type: 'run',
        run,
        answer,
        status: type === 'joined' ? type : status,
        replayed: type === 'replayed',
        standings,
      };
    }
  }
}
