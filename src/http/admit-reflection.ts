/** What every route that starts a reflection does: admits it, tells the limits in headers, and gives what came of it. */
import type { AccountId } from '../accounts/accounts.ts';
import type { CacheHit } from '../cache/cached-run.ts';
import type { Reflection } from '../reflection/record.ts';
import type { ReflectionRequest } from '../reflection/request.ts';
import type { RunAnswer } from '../runs/runs.ts';
import { cachePolicy } from './cache-control.ts';
import type { HttpContext } from './http-env.ts';
import { idempotencyOf } from './idempotency-key.ts';
import { limitHeaders, refusalError } from './limit-headers.ts';
import { callerOf } from './middleware/authenticate.ts';
import { timed } from './middleware/server-timing.ts';
import { relabelledRecord, relabelledStream } from './relabelled.ts';
import { notFound } from './routes/run.ts';
import { type StartPorts, startReflection } from './start-reflection.ts';

export interface AdmitPorts extends StartPorts {
  /** Rejects with a 400 for an address that no webhook may be sent to. */
  readonly assertWebhook: (url: string) => Promise<void>;
  /** Counts an answer from the cache, after it was given. */
  readonly countHit: (context: HttpContext, account: AccountId) => void;
}

/** An answer that was given before, or what was awaited of a run. */
export type Admitted =
  | { readonly type: 'hit'; readonly hit: CacheHit }
  | { readonly type: 'run'; readonly run: string; readonly answer: RunAnswer };

/** `Cache-Status` by the cache status of the record. https://www.rfc-editor.org/rfc/rfc9211 */
const cacheStatus = {
  hit: 'edge-reflection; hit',
  miss: 'edge-reflection; fwd=uri-miss',
  joined: 'edge-reflection; fwd=uri-miss; collapsed',
  bypass: 'edge-reflection; fwd=request',
} as const satisfies Record<Reflection['cache']['status'], string>;

/** Sets the headers that tell of it. Throws what `startReflection` throws, and the refusal of a limit. */
export async function admitReflection(
  ports: AdmitPorts,
  context: HttpContext,
  request: ReflectionRequest,
): Promise<Admitted> {
  const caller = callerOf(context);
  if (request.webhook !== undefined) await ports.assertWebhook(request.webhook);
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
    const { record } = started.hit;
    ports.countHit(context, caller.account);
    context.header('cache-status', cacheStatus.hit);
    context.header('age', String(record.cache.age_s ?? 0));
    context.set('decision', record.decision);
    return started;
  }
  const refusal = started.type === 'refused' ? started.refusal : undefined;
  const limits = limitHeaders(started.standings, ports.now(), refusal);
  for (const [name, value] of Object.entries(limits)) context.header(name, value);
  if (started.type === 'refused') throw refusalError(started.refusal);
  const { run, answer, status, replayed } = started;
  if (replayed) context.header('idempotent-replayed', 'true');
  context.header('cache-status', cacheStatus[status]);
  if (!answer) return notFound(run);
  if ('record' in answer) context.set('decision', answer.record.decision);
  return { type: 'run', run, answer: status === 'joined' ? relabelled(answer, request) : answer };
}

/** A joined run as this request sees it. */
function relabelled(answer: RunAnswer, { metadata }: ReflectionRequest): RunAnswer {
  const label = { metadata, cache: { status: 'joined', age_s: null } } as const;
  if ('events' in answer) return { events: relabelledStream(answer.events, label) };
  const json = JSON.stringify(relabelledRecord(JSON.parse(answer.record.json), label));
  return { record: { ...answer.record, json } };
}
