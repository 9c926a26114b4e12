/** Gives each request an id, the caller's own where it is sane, and says it back in `x-request-id`. */
import type { MiddlewareHandler } from 'hono';
import type { HttpEnv } from '../http-env.ts';

// Safe in a header, in a log line and in a URN.
const sane = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

export function requestId(randomId: () => string): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    const given = context.req.header('x-request-id');
    const id = given !== undefined && sane.test(given) ? given : `req_${randomId()}`;
    context.set('requestId', id);
    await next();
    context.res.headers.set('x-request-id', id);
  };
}
