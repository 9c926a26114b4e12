/** The answer that carries a run's events: server-sent events, passed on as the bytes the run writes. */
import type { HttpContext } from './http-env.ts';

const eventStreamHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  // Asks nginx and its kin to pass each event on at once. https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering
  'x-accel-buffering': 'no',
} as const;

/** Answers with bytes that are server-sent events already. Cancelling the answer's body cancels `bytes`. */
export function eventStream(context: HttpContext, bytes: ReadableStream<Uint8Array> | string): Response {
  return context.body(bytes, 200, eventStreamHeaders);
}
