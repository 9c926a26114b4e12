/**
 * Lets a page of any origin call the API with a bearer key. The API reads no cookies, so a foreign page gains nothing. Hono's own middleware
 * is not used, because it answers every OPTIONS request as a preflight; here others are refused with 405.
 */
import type { MiddlewareHandler } from 'hono';
import type { HttpEnv } from '../http-env.ts';

const exposed = [
  'Age',
  'Cache-Status',
  'Idempotent-Replayed',
  'Location',
  'Retry-After',
  'Server-Timing',
  'RateLimit',
  'RateLimit-Policy',
  'X-Request-Id',
  'X-Should-Retry',
  'X-RateLimit-Limit-Requests',
  'X-RateLimit-Limit-Tokens',
  'X-RateLimit-Remaining-Requests',
  'X-RateLimit-Remaining-Tokens',
  'X-RateLimit-Reset-Requests',
  'X-RateLimit-Reset-Tokens',
].join(', ');

const preflight = {
  'access-control-allow-methods': 'GET, HEAD, POST, PATCH, DELETE',
  // A wildcard does not cover Authorization. https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
  'access-control-allow-headers':
    'Authorization, Cache-Control, Content-Type, Idempotency-Key, Last-Event-ID, X-Request-Id',
  'access-control-max-age': '86400',
} as const;

/** Answers a preflight on every path. Other OPTIONS requests go to the routes, which refuse the method. */
export const cors: MiddlewareHandler<HttpEnv> = async (context, next) => {
  const isPreflight = context.req.method === 'OPTIONS' && context.req.header('access-control-request-method');
  if (isPreflight) context.res = new Response(null, { status: 204, headers: preflight });
  else await next();
  context.res.headers.set('access-control-allow-origin', '*');
  context.res.headers.set('access-control-expose-headers', exposed);
};
