/**
 * Gives each request an id and returns it in `x-request-id`. A valid id of the caller is kept. Hono's own middleware is not used, because it
 * refuses `.` and `:`, which docs/api.md promises.
 */
import type { MiddlewareHandler } from 'hono';
import type { HttpEnv } from '../http-env.ts';

// Safe in a header, in a log line and in a URN.
const valid = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

export function requestId(randomId: () => string): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    const given = context.req.header('x-request-id');
    const id = given !== undefined && valid.test(given) ? given : `req_${randomId()}`;
    context.set('requestId', id);
    await next();
    context.res.headers.set('x-request-id', id);
  };
}
