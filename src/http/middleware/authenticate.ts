/** Authenticates callers. Forged keys are recognised offline, so that a flood of them reads no storage. */
import type { MiddlewareHandler } from 'hono';
import type { Accounts, Caller, Scope } from '../../accounts/accounts.ts';
import { AppError } from '../../errors.ts';
import type { HttpContext, HttpEnv } from '../http-env.ts';

/** The caller of a key with a valid tag, or undefined. Does no I/O and waits for nothing. */
export type ReadKey = (key: string) => Caller | undefined;

// Made once, because recording a stack trace costs more than the rest of the check of a forged key.
const noKey = new AppError('invalid_api_key', 'An API key is needed: send the header "Authorization: Bearer er_…".');
const notAKey = new AppError('invalid_api_key', 'This is not an API key of this service.');

/** Sets the caller on the context, or answers `invalid_api_key`. `requireScope` and `Accounts.reserve` check what the key may do. */
export function authenticate(readKey: ReadKey): MiddlewareHandler<HttpEnv> {
  return (context, next) => {
    const token = bearerToken(context.req.header('authorization'));
    if (token === undefined) throw noKey;
    const caller = readKey(token);
    if (!caller) throw notAKey;
    context.set('caller', caller);
    return next();
  };
}

/** Answers `invalid_api_key` for a revoked key and `missing_scope` for a key without the scope. The status is at most five seconds old. */
export function requireScope(accounts: Pick<Accounts, 'status'>, scope: Scope): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    await assertScope(accounts, context, scope);
    await next();
  };
}

/** As `requireScope`, for a handler that is loaded later, without a middleware before it. */
export async function assertScope(
  accounts: Pick<Accounts, 'status'>,
  context: HttpContext,
  scope: Scope,
): Promise<void> {
  const { scopes } = await accounts.status(callerOf(context));
  if (!scopes.includes(scope)) throw missingScope(scope);
}

export function missingScope(scope: Scope): AppError {
  return new AppError('missing_scope', `This needs a key with the scope "${scope}".`);
}

/** The caller that `authenticate` set. */
export function callerOf(context: HttpContext): Caller {
  // `var` would copy all variables.
  const caller = context.get('caller');
  if (!caller) throw new Error('The route is not behind `authenticate`.');
  return caller;
}

/** The scheme is case-insensitive, its token is not. https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
export function bearerToken(header: string | undefined): string | undefined {
  return /^bearer +(\S+) *$/i.exec(header ?? '')?.[1];
}
