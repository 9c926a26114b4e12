/** Lets a page of any origin call the API with a bearer key. The API reads no cookies, so a foreign page gains nothing. */
import type { HonoRequest } from 'hono';

const exposed = [
  'Age',
  'Cache-Status',
  'Idempotent-Replayed',
  'Link',
  'Location',
  'Retry-After',
  'Server-Timing',
  'RateLimit',
  'RateLimit-Policy',
  'X-Next-After',
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

/** On every answer. */
export const corsHeaders = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': exposed,
} as const;

/** Other OPTIONS requests go to the routes, which refuse the method. */
export function isPreflight(request: HonoRequest): boolean {
  return request.method === 'OPTIONS' && Boolean(request.header('access-control-request-method'));
}

/** The same on every path. */
export function answerPreflight(): Response {
  return new Response(null, { status: 204, headers: preflight });
}
