/** Only requests with the operator's admin token may administer keys. */
import type { MiddlewareHandler } from 'hono';
import { equalInConstantTime, sha256 } from '../../encoding.ts';
import { AppError } from '../../errors.ts';
import type { HttpContext, HttpEnv } from '../http-env.ts';
import { bearerToken } from './authenticate.ts';

/** Whether the request carries the admin token. */
export function isAdmin(context: HttpContext, adminToken: string | undefined): boolean {
  const token = bearerToken(context.req.header('authorization'));
  return token !== undefined && adminToken ? areEqual(token, adminToken) : false;
}

/** Answers `invalid_api_key` without the token, and to every request when none is set. */
export function adminOnly(adminToken: string | undefined): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    if (!adminToken) {
      throw new AppError(
        'invalid_api_key',
        'Keys cannot be administered here: the operator of this service set no ADMIN_TOKEN.',
      );
    }
    const token = bearerToken(context.req.header('authorization'));
    if (token === undefined) {
      throw new AppError('invalid_api_key', 'The admin token is needed: send the header "Authorization: Bearer …".');
    }
    if (!isAdmin(context, adminToken)) throw new AppError('invalid_api_key', 'This is not the admin token.');
    await next();
  };
}

/** Compares hashes, so that the time of the comparison does not tell the length of the token. */
function areEqual(one: string, other: string): boolean {
  const encoder = new TextEncoder();
  return equalInConstantTime(encoder.encode(sha256(one)), encoder.encode(sha256(other)));
}
