/** One log entry an answer: method, route, status and time to the answer's head. Never a body, a query or an id from the path. */
import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Log } from '../../errors.ts';
import type { HttpEnv } from '../http-env.ts';

export function accessLog(log: Log, now: () => number): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    const startedAt = now();
    await next();
    const route = routePath(context, -1);
    log({
      level: 'info',
      event: 'request.answered',
      request_id: context.var.requestId,
      method: context.req.method,
      // The last that matched is this middleware's own pattern when no route did.
      route: route === '/*' ? null : route,
      status: context.res.status,
      code: context.var.problemCode ?? null,
      ms: now() - startedAt,
    });
  };
}
