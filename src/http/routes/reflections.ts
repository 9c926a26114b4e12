/** `POST /v1/reflections`: starts a reflection, and waits for it, streams it, or leaves it in the background. */

import type { CacheHit } from '../../cache/cached-run.ts';
import { invalidFields } from '../../errors.ts';
import { frame } from '../../reflection/event-frame.ts';
import { type ReflectionRequest, readReflectionBody } from '../../reflection/request.ts';
import type { RunAnswer } from '../../runs/runs.ts';
import { type AdmitPorts, admitReflection } from '../admit-reflection.ts';
import { eventStream } from '../event-stream.ts';
import { Hono } from '../hono.ts';
import type { HttpContext, HttpEnv } from '../http-env.ts';
import { readJson } from '../json-body.ts';
import { answerProblem, failureOf } from '../problem.ts';

export function reflectionRoutes(ports: AdmitPorts): Hono<HttpEnv> {
  return new Hono<HttpEnv>().post('/v1/reflections', async (context) => {
    const request = await readReflectionBody(await readJson(context.req.raw));
    assertOneDelivery(request);
    const admitted = await admitReflection(ports, context, request);
    return admitted.type === 'hit'
      ? answerHit(context, request, admitted.hit)
      : answerRun(context, request, admitted.run, admitted.answer);
  });
}

function assertOneDelivery({ stream, background }: ReflectionRequest): void {
  if (stream && background) {
    const message = 'a background run is not streamed; give one of `stream` and `background`';
    throw invalidFields([{ field: 'background', message }], { code: 'unsupported_parameter' });
  }
}

function answerHit(
  context: HttpContext,
  { stream, background }: ReflectionRequest,
  { record, events }: CacheHit,
): Response {
  if (background) return answerStarted(context, record.id, JSON.stringify(record));
  return stream ? eventStream(context, events.map(frame).join('')) : answerJson(context, JSON.stringify(record));
}

/** A failed run answers with its code's status; what became of it stays readable under its id. */
function answerRun(context: HttpContext, { background }: ReflectionRequest, run: string, answer: RunAnswer): Response {
  if ('events' in answer) return eventStream(context, answer.events);
  const { json, error } = answer.record;
  if (background) return answerStarted(context, run, json);
  return error ? answerProblem(context, failureOf(error), run) : answerJson(context, json);
}

/** `Retry-After` for a caller who polls. */
const pollAfterSeconds = '1';

function answerStarted(context: HttpContext, run: string, json: string): Response {
  context.header('location', `/v1/reflections/${run}`);
  context.header('retry-after', pollAfterSeconds);
  return answerJson(context, json, 202);
}

function answerJson(context: HttpContext, json: string, status: 200 | 202 = 200): Response {
  return context.body(json, status, { 'content-type': 'application/json' });
}
