/**
 * Reading a body that is refused in the end costs as much of this isolate's time as one that is served, and no other limit counts it. So a key whose
 * bodies were refused too often in the last 60 seconds has none read for a while.
 */
import type { MiddlewareHandler } from 'hono';
import type { Accounts, KeyId, LocalLimit } from '../../accounts/accounts.ts';
import { AppError, errorKinds } from '../../errors.ts';
import type { HttpEnv } from '../http-env.ts';
import { callerOf } from './authenticate.ts';

/** The statuses that say that a body was looked at, or measured, and not taken. */
const refusedStatuses: readonly number[] = [400, 413, 415];

/** Answers `rate_limited` before the body is read. The account is asked for its limit only where something was refused before. */
export function refusalLimit(
  accounts: Pick<Accounts, 'status'>,
  refusals: LocalLimit<KeyId>,
): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    if (context.req.method !== 'POST') return next();
    const caller = callerOf(context);
    if (refusals.knows(caller.key)) {
      const { limits } = await accounts.status(caller);
      refusals.assertBelow(caller.key, limits.refused_per_minute);
    }
    await next();
    const { error } = context;
    if (error instanceof AppError && refusedStatuses.includes(errorKinds[error.code].status)) refusals.add(caller.key);
    return;
  };
}
