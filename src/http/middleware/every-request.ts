/**
 * What every request meets first and last: its id, its time, the headers of its answer, the limit of its body and its log entry. One middleware,
 * since each layer of its own costs a request three promises. Hono's own middleware is not used: its request ids refuse `.` and `:`, which
 * docs/api.md promises, and its CORS answers every OPTIONS request as a preflight, where here others are refused with 405.
 */
import type { MiddlewareHandler } from 'hono';
import type { HttpEnv, Stages } from '../http-env.ts';
import { bodyTooLarge, maxBodyBytes } from '../json-body.ts';
import { answerProblem } from '../problem.ts';
import { type AccessLogOptions, logAnswer } from './access-log.ts';
import { setAnswerHeaders } from './answer-headers.ts';
import { answerPreflight, isPreflight } from './cors.ts';
import { requestIdOf } from './request-id.ts';

export interface EveryRequestOptions extends AccessLogOptions {
  /** Unguessable, and new each time. */
  readonly randomId: () => string;
}

/** Waits for nothing before the next middleware runs, so that a forged key is refused in the turn in which it comes. */
export function everyRequest({ randomId, ...logging }: EveryRequestOptions): MiddlewareHandler<HttpEnv> {
  const { now } = logging;
  return async (context, next) => {
    const startedAt = now();
    const { req } = context;
    const requestId = requestIdOf(req.header('x-request-id'), randomId);
    const stages: Stages = new Map();
    context.set('requestId', requestId);
    context.set('stages', stages);
    if (isPreflight(req)) context.res = answerPreflight();
    // What is longer than it says is refused as it is read.
    else if (Number(req.header('content-length') ?? 0) > maxBodyBytes)
      context.res = answerProblem(context, bodyTooLarge());
    else await next();
    // Answered like GET, without the body; cancelled, so that an unread stream is released.
    if (req.method === 'HEAD') await context.res.body?.cancel();
    stages.set('total', now() - startedAt);
    setAnswerHeaders(context.res.headers, requestId, stages);
    logAnswer(context, startedAt, logging);
  };
}
