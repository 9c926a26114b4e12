/** Who asks. A key is told from a forged one offline: a flood of forged ones costs no look at any storage. */
import type { MiddlewareHandler } from 'hono';
import type { Accounts, Caller, Scope } from '../../accounts/accounts.ts';
import { AppError } from '../../errors.ts';
import type { HttpContext, HttpEnv } from '../http-env.ts';

/** The caller that a well-made key names, or undefined for anything else. Does no I/O. */
export type ReadKey = (key: string) => Promise<Caller | undefined>;

// Made once: to take down where an error comes from costs more than all else that is done with a forged key.
const noKey = new AppError('invalid_api_key', 'An API key is needed: send the header "Authorization: Bearer er_…".');
const notAKey = new AppError('invalid_api_key', 'This is not an API key of this service.');

/** Leaves the caller on the context, or answers `invalid_api_key`. What the key may do is looked at by `requireScope` and by what spends. */
export function authenticate(readKey: ReadKey): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    const token = bearerToken(context.req.header('authorization'));
    if (token === undefined) throw noKey;
    const caller = await readKey(token);
    if (!caller) throw notAKey;
    context.set('caller', caller);
    await next();
  };
}

/** Answers `invalid_api_key` for a key that no longer holds and `missing_scope` for one that may not do this; as the account said at most five seconds ago. */
export function requireScope(accounts: Pick<Accounts, 'status'>, scope: Scope): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    const { scopes } = await accounts.status(callerOf(context));
    if (!scopes.includes(scope)) throw missingScope(scope);
    await next();
  };
}

export function missingScope(scope: Scope): AppError {
  return new AppError('missing_scope', `This needs a key with the scope "${scope}".`);
}

/** The caller that `authenticate` left. */
export function callerOf(context: HttpContext): Caller {
  const { caller } = context.var;
  if (!caller) throw new Error('The route is not behind `authenticate`.');
  return caller;
}

/** The scheme is case-insensitive, its token is not. https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
export function bearerToken(header: string | undefined): string | undefined {
  return /^bearer +(\S+) *$/i.exec(header ?? '')?.[1];
}
