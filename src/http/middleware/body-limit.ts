/** Refuses a body that declares itself too large before a byte of it is read. One that declares nothing, or lies, is counted by its reader. */
import type { MiddlewareHandler } from 'hono';
import type { HttpEnv } from '../http-env.ts';
import { bodyTooLarge, maxBodyBytes } from '../json-body.ts';

export const bodyLimit: MiddlewareHandler<HttpEnv> = async (context, next) => {
  if (Number(context.req.header('content-length') ?? 0) > maxBodyBytes) throw bodyTooLarge();
  await next();
};
