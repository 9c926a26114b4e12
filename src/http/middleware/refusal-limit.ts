/**
 * Limits refused bodies. Parsing a refused body costs as much time as parsing a served one, and no other limit counts it. So a key with too
 * many refused bodies in the last 60 seconds is refused before its body is read.
 */
import type { MiddlewareHandler } from 'hono';
import type { Accounts, KeyId, LocalLimit } from '../../accounts/accounts.ts';
import { AppError, errorKinds } from '../../errors.ts';
import type { HttpEnv } from '../http-env.ts';
import { callerOf } from './authenticate.ts';

/** The statuses of a refused body. */
const refusedStatuses: readonly number[] = [400, 413, 415];

/** Answers `rate_limited` before the body is read. Asks the account for its limit only after an earlier refusal. */
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
