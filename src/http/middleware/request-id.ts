/** Gives each request an id, which its answer returns in `x-request-id`. A valid id of the caller is kept. */
import type { MiddlewareHandler } from 'hono';
import type { HttpEnv } from '../http-env.ts';

// Safe in a header, in a log line and in a URN.
const valid = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

export function requestIdOf(given: string | undefined, randomId: () => string): string {
  return given !== undefined && valid.test(given) ? given : `req_${randomId()}`;
}

/** For an app that does nothing else with every request. */
export function requestId(randomId: () => string): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    const id = requestIdOf(context.req.header('x-request-id'), randomId);
    context.set('requestId', id);
    await next();
    context.res.headers.set('x-request-id', id);
  };
}
