/** Headers that keep a browser from rendering, framing or caching an answer. */
import type { MiddlewareHandler } from 'hono';
import type { HttpEnv } from '../http-env.ts';

const headers = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'strict-transport-security': 'max-age=31536000',
  // Answers are personal, so neither browsers nor proxies may store them.
  'cache-control': 'no-store',
} as const;

export const securityHeaders: MiddlewareHandler<HttpEnv> = async (context, next) => {
  await next();
  for (const [name, value] of Object.entries(headers)) context.res.headers.set(name, value);
};
