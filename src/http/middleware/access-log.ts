/**
 * Writes one log entry an answer: method, route, status, decision and time. It never holds a body or a query, and holds the path only when
 * the operator asks for it. A brief entry is written with the answer's head; a full one when a streamed answer has ended.
 */
import { routePath } from 'hono/route';
import type { Log } from '../../errors.ts';
import { readingDecision } from '../decision-reader.ts';
import type { HttpContext } from '../http-env.ts';

/** Full entries name the whole path and read the decision from streamed answers. They are meant for a local machine. */
export type AccessLogDetail = 'brief' | 'full';

export interface AccessLogOptions {
  readonly log: Log;
  readonly now: () => number;
  readonly accessLog: AccessLogDetail;
}

/** `startedAt`: epoch milliseconds. */
export function logAnswer(context: HttpContext, startedAt: number, { log, now, accessLog }: AccessLogOptions): void {
  const route = routePath(context, -1);
  const { method, path } = context.req;
  const { status, headers, body } = context.res;
  const told = (decision: string | null | undefined): void =>
    log({
      level: 'info',
      event: 'request.answered',
      request_id: context.get('requestId'),
      method,
      // Without a matching route this is the pattern of the first middleware.
      route: route === '/*' ? null : route,
      ...(accessLog === 'full' ? { path } : {}),
      status,
      code: context.get('problemCode') ?? null,
      decision: decision ?? null,
      ms: now() - startedAt,
    });
  if (accessLog === 'brief' || body === null || !headers.get('content-type')?.startsWith('text/event-stream')) {
    told(context.get('decision'));
    return;
  }
  context.res = new Response(readingDecision(body, told), { status, headers });
}
