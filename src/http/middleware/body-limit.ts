/** Refuses a body whose Content-Length is too large, before any of it is read. `readJson` counts the bytes of all others. */
import type { MiddlewareHandler } from 'hono';
import type { HttpEnv } from '../http-env.ts';
import { bodyTooLarge, maxBodyBytes } from '../json-body.ts';

export const bodyLimit: MiddlewareHandler<HttpEnv> = async (context, next) => {
  if (Number(context.req.header('content-length') ?? 0) > maxBodyBytes) throw bodyTooLarge();
  await next();
};
