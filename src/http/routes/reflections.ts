/** `POST /v1/reflections`: asks for a reflection, and waits for it, streams it, or lets it go on in the background. */
import { Hono } from 'hono';
import { AppError, type FieldProblem } from '../../errors.ts';
import { assertAdmissible } from '../../reflection/admission.ts';
import type { Roster } from '../../reflection/model.ts';
import type { Reflection } from '../../reflection/reflection.ts';
import { type ReflectionRequest, readReflectionBody, type TierName } from '../../reflection/request.ts';
import type { RunId, Runs } from '../../runs/runs.ts';
import { eventStream } from '../event-stream.ts';
import type { HttpContext, HttpEnv } from '../http-env.ts';
import { readJson } from '../json-body.ts';
import { timed } from '../middleware/server-timing.ts';
import { answerProblem } from '../problem.ts';
import { notFound } from './run.ts';

interface ReflectionsPorts {
  readonly runs: Runs;
  readonly models: { roster(tier: TierName): Roster };
  readonly now: () => number;
}

export function reflectionRoutes({ runs, models, now }: ReflectionsPorts): Hono<HttpEnv> {
  return new Hono<HttpEnv>().post('/v1/reflections', async (context) => {
    refuseIdempotencyKey(context.req.header('idempotency-key'));
    const request = await readReflectionBody(await readJson(context.req.raw));
    refuseUnsupported(request);
    assertAdmissible(request, models.roster(request.tier));
    if (request.cache.mode === 'only-if-cached') {
      throw new AppError(
        'only_if_cached_miss',
        'The answer is not in the cache, and the request asked for nothing else.',
      );
    }

    const id = await timed(context, now, 'start', runs.start(request));
    if (request.background) return answerStarted(context, id, await runs.read(id));
    if (request.stream) {
      const events = await runs.follow(id, 0);
      return events instanceof ReadableStream ? eventStream(events) : notFound(id);
    }
    return answerSettled(context, (await timed(context, now, 'run', runs.settled(id))) ?? notFound(id));
  });
}

function answerStarted(context: HttpContext, id: RunId, record: Reflection | undefined): Response {
  return context.json(record ?? notFound(id), 202, { location: `/v1/reflections/${id}` });
}

/** A failed run answers with its code's status; what became of it stays readable under its id. */
function answerSettled(context: HttpContext, record: Reflection): Response {
  if (record.error) return answerProblem(context, new AppError(record.error.code, record.error.message), record.id);
  return context.json(record);
}

/** Settings that the body's schema knows and this release cannot honour: refused by name, never dropped in silence. */
function refuseUnsupported(request: ReflectionRequest): void {
  if (request.webhook !== undefined) {
    throw unsupported({
      field: 'webhook',
      message: 'not supported yet; follow the run’s events, or read it by its id',
    });
  }
  if (request.stream && request.background) {
    throw unsupported({
      field: 'background',
      message: 'a background run is not streamed; give one of `stream` and `background`',
    });
  }
}

/** A key that is ignored would let a retry pay twice, which is what its sender wants to rule out. */
function refuseIdempotencyKey(key: string | undefined): void {
  if (key !== undefined) throw unsupported({ field: 'Idempotency-Key', message: 'this header is not supported yet' });
}

function unsupported(problem: FieldProblem): AppError {
  return new AppError('unsupported_parameter', `${problem.field}: ${problem.message}`, { fields: [problem] });
}
