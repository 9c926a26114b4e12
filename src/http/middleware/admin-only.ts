/** Who may administer keys: whoever holds the token that the operator set. */
import type { MiddlewareHandler } from 'hono';
import { AppError } from '../../errors.ts';
import type { HttpContext, HttpEnv } from '../http-env.ts';
import { bearerToken } from './authenticate.ts';

/** Whether the bearer of this request holds the admin token. */
export function isAdmin(context: HttpContext, adminToken: string | undefined): Promise<boolean> {
  const token = bearerToken(context.req.header('authorization'));
  return token !== undefined && adminToken ? areEqual(token, adminToken) : Promise.resolve(false);
}

/** Answers `invalid_api_key` without the token, and to everybody where none is set. */
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
    if (!(await isAdmin(context, adminToken))) throw new AppError('invalid_api_key', 'This is not the admin token.');
    await next();
  };
}

/** Takes as long wherever the two differ: their hashes are compared, to the last byte, so that not even a length is told. */
async function areEqual(one: string, other: string): Promise<boolean> {
  const [ones, others] = await Promise.all([hash(one), hash(other)]);
  return ones.reduce((difference, byte, index) => difference | (byte ^ (others[index] ?? 0)), 0) === 0;
}

async function hash(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}
