/** Answers a HEAD request like GET, without the body. The body is cancelled, so that an unread stream is released. */
import type { MiddlewareHandler } from 'hono';
import type { HttpEnv } from '../http-env.ts';

export const headOnly: MiddlewareHandler<HttpEnv> = async (context, next) => {
  await next();
  if (context.req.method === 'HEAD') await context.res.body?.cancel();
};
