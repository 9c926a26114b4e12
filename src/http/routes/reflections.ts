/** `POST /v1/reflections`: starts a reflection, and waits for it, streams it, or leaves it in the background. */

import type { AccountId } from '../../accounts/accounts.ts';
import type { CacheHit } from '../../cache/cached-run.ts';
import { AppError, invalidFields } from '../../errors.ts';
import { frame } from '../../reflection/event-frame.ts';
import type { Reflection } from '../../reflection/record.ts';
import { type ReflectionRequest, readReflectionBody } from '../../reflection/request.ts';
import type { RecordText } from '../../runs/runs.ts';
import { cachePolicy } from '../cache-control.ts';
import { eventStream } from '../event-stream.ts';
import { Hono } from '../hono.ts';
import type { HttpContext, HttpEnv } from '../http-env.ts';
import { idempotencyOf } from '../idempotency-key.ts';
import { readJson } from '../json-body.ts';
import { limitHeaders, refusalError } from '../limit-headers.ts';
import { callerOf } from '../middleware/authenticate.ts';
import { timed } from '../middleware/server-timing.ts';
import { answerProblem } from '../problem.ts';
import { relabelledRecord, relabelledStream } from '../relabelled.ts';
import { type Started, type StartPorts, startReflection } from '../start-reflection.ts';
import { notFound } from './run.ts';

interface ReflectionsPorts extends StartPorts {
  /** Rejects with a 400 for an address that no webhook may be sent to. */
  readonly assertWebhook: (url: string) => Promise<void>;
  /** Counts an answer from the cache, after it was given. */
  readonly countHit: (context: HttpContext, account: AccountId) => void;
}

type AdmittedRun = Extract<Started, { type: 'run' }>;

export function reflectionRoutes(ports: ReflectionsPorts): Hono<HttpEnv> {
  return new Hono<HttpEnv>().post('/v1/reflections', async (context) => {
    const caller = callerOf(context);
    const request = await readReflectionBody(await readJson(context.req.raw));
    if (request.webhook !== undefined) await ports.assertWebhook(request.webhook);
    assertOneDelivery(request);
    const started = await timed(
      context,
      ports.now,
      'run',
      startReflection(ports, request, {
        caller,
        cache: cachePolicy(request.cache.mode, context.req.header('cache-control')),
        idempotency: idempotencyOf(context.req.header('idempotency-key'), request),
      }),
    );
    if (started.type === 'hit') {
      ports.countHit(context, caller.account);
      return answerHit(context, request, started.hit);
    }
    const refusal = started.type === 'refused' ? started.refusal : undefined;
    const limits = limitHeaders(started.standings, ports.now(), refusal);
    for (const [name, value] of Object.entries(limits)) context.header(name, value);
    if (started.type === 'refused') throw refusalError(started.refusal);
    if (started.replayed) context.header('idempotent-replayed', 'true');
    return answerRun(context, request, started);
  });
}

function assertOneDelivery({ stream, background }: ReflectionRequest): void {
  if (stream && background) {
    const message = 'a background run is not streamed; give one of `stream` and `background`';
    throw invalidFields([{ field: 'background', message }], { code: 'unsupported_parameter' });
  }
}

/** `Cache-Status` by the cache status of the record. https://www.rfc-editor.org/rfc/rfc9211 */
const cacheStatus = {
  hit: 'edge-reflection; hit',
  miss: 'edge-reflection; fwd=uri-miss',
  joined: 'edge-reflection; fwd=uri-miss; collapsed',
  bypass: 'edge-reflection; fwd=request',
} as const satisfies Record<Reflection['cache']['status'], string>;

function answerHit(
  context: HttpContext,
  { stream, background }: ReflectionRequest,
  { record, events }: CacheHit,
): Response {
  context.header('cache-status', cacheStatus.hit);
  context.header('age', String(record.cache.age_s ?? 0));
  context.set('decision', record.decision);
  if (background) return answerStarted(context, record.id, JSON.stringify(record));
  return stream ? eventStream(context, events.map(frame).join('')) : answerJson(context, JSON.stringify(record));
}

function answerRun(
  context: HttpContext,
  { background, metadata }: ReflectionRequest,
  { run, answer, status }: AdmittedRun,
): Response {
  context.header('cache-status', cacheStatus[status]);
  if (!answer) return notFound(run);
  const label = status === 'joined' ? { metadata, cache: { status, age_s: null } } : undefined;
  if ('events' in answer) {
    return eventStream(context, label ? relabelledStream(answer.events, label) : answer.events);
  }
  const { record } = answer;
  const json = label ? JSON.stringify(relabelledRecord(JSON.parse(record.json), label)) : record.json;
  return background ? answerStarted(context, run, json) : answerEnded(context, run, { ...record, json });
}

/** `Retry-After` for a caller who polls. */
const pollAfterSeconds = '1';

function answerStarted(context: HttpContext, run: string, json: string): Response {
  context.header('location', `/v1/reflections/${run}`);
  context.header('retry-after', pollAfterSeconds);
  return answerJson(context, json, 202);
}

/** A failed run answers with its code's status; what became of it stays readable under its id. */
function answerEnded(context: HttpContext, run: string, { json, decision, error: failure }: RecordText): Response {
  context.set('decision', decision);
  if (!failure) return answerJson(context, json);
  const { code, message, fields, retry_after_s } = failure;
  const error = new AppError(code, message, {
    ...(fields && { fields }),
    ...(retry_after_s !== undefined && { retryAfterSeconds: retry_after_s }),
  });
  return answerProblem(context, error, run);
}

function answerJson(context: HttpContext, json: string, status: 200 | 202 = 200): Response {
  return context.body(json, status, { 'content-type': 'application/json' });
}
