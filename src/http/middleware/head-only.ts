/** A HEAD request is answered as its GET would be, without the body: the body is cancelled, so that a stream nobody reads is let go. */
import type { MiddlewareHandler } from 'hono';
import type { HttpEnv } from '../http-env.ts';

export const headOnly: MiddlewareHandler<HttpEnv> = async (context, next) => {
  await next();
  if (context.req.method === 'HEAD') await context.res.body?.cancel();
};
