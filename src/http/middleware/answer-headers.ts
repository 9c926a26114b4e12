/** The headers of every answer. */
import type { Stages } from '../http-env.ts';
import { corsHeaders } from './cors.ts';
import { serverTimingOf } from './server-timing.ts';

const sameEachTime = {
  // Keep a browser from rendering, framing or caching an answer.
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'strict-transport-security': 'max-age=31536000',
  // Answers are personal, so neither browsers nor proxies may store them.
  'cache-control': 'no-store',
  ...corsHeaders,
} as const;
const fixed = Object.entries(sameEachTime);

export function setAnswerHeaders(headers: Headers, requestId: string, stages: Stages): void {
  for (const [name, value] of fixed) headers.set(name, value);
  headers.set('server-timing', serverTimingOf(stages));
  headers.set('x-request-id', requestId);
}
