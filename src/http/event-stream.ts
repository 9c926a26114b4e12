/** The answer that carries a run's events: server-sent events, passed on as the run's own bytes. */
import type { HttpContext } from './http-env.ts';

const eventStreamHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  // Asks nginx and similar proxies not to buffer. https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering
  'x-accel-buffering': 'no',
} as const;

/** Answers with bytes that already are server-sent events. Cancelling the answer's body cancels `bytes`. */
export function eventStream(context: HttpContext, bytes: ReadableStream<Uint8Array> | string): Response {
  return context.body(bytes, 200, eventStreamHeaders);
}
