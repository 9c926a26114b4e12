/** `/v1/responses`: reflections in the shape of OpenAI's Responses API, and the runs behind them by id. */
import * as z from 'zod/mini';
import { invalidFields } from '../../errors.ts';
import type { ReflectionEvent } from '../../reflection/events.ts';
import type { Reflection } from '../../reflection/record.ts';
import { type AdmitPorts, type Admitted, admitReflection } from '../admit-reflection.ts';
import { eventStream } from '../event-stream.ts';
import { Hono } from '../hono.ts';
import type { HttpContext, HttpEnv } from '../http-env.ts';
import { readJson, readNoBody } from '../json-body.ts';
import { assertScope, callerOf } from '../middleware/authenticate.ts';
import { answerProblem, failureOf } from '../problem.ts';
import { readQuery } from '../query.ts';
import { notFound } from '../routes/run.ts';
import { rewritten } from './event-bytes.ts';
import { modelId } from './model-id.ts';
import { type AskedResponse, readResponseBody } from './response-body.ts';
import { type ResponseEvent, ResponseEvents } from './response-events.ts';
import { type Echoed, responseObject } from './response-object.ts';
import { type RunStart, runStart } from './run-start.ts';
import { patienceMs, streamBeginning } from './stream-beginning.ts';

const flag = z.enum(['true', 'false']);

const retrieval = z.object({
  stream: z.optional(flag),
  starting_after: z.optional(z.string().check(z.regex(/^\d{1,15}$/, 'expected a sequence number'))),
  include_obfuscation: z.optional(z.literal('false')),
});

export function responseRoutes(ports: AdmitPorts): Hono<HttpEnv> {
  const { runs, accounts } = ports;
  return new Hono<HttpEnv>()
    .post('/v1/responses', async (context) => {
      const asked = await readResponseBody(await readJson(context.req.raw));
      const { stream, background } = asked.request;
      if (stream && background) {
        const message = 'a background response is not streamed from its start; read it with `stream=true` by its id';
        throw invalidFields([{ field: 'background', message }], { code: 'unsupported_parameter' });
      }
      return answerResponse(context, asked, await admitReflection(ports, context, asked.request));
    })
    .get('/v1/responses/:id', async (context) => {
      await assertScope(accounts, context, 'read');
      const id = context.req.param('id');
      const { stream, starting_after } = readQuery(context, retrieval);
      const { account } = callerOf(context);
      const record = (await runs.read(account, id)) ?? notFound(id);
      const echoed = await echoedOf(record, () => runStart(runs, account, id));
      if (stream !== 'true') return context.json(responseObject(record, echoed));
      const bytes = await runs.follow(account, id, 0);
      if (!(bytes instanceof ReadableStream)) return notFound(id);
      return streamed(context, bytes, echoed, starting_after === undefined ? -1 : Number(starting_after));
    })
    .post('/v1/responses/:id/cancel', async (context) => {
      await assertScope(accounts, context, 'reflect');
      const id = context.req.param('id');
      await readNoBody(context.req.raw);
      const { account } = callerOf(context);
      const record = (await runs.cancel(account, id)) ?? notFound(id);
      return context.json(responseObject(record, await echoedOf(record, () => runStart(runs, account, id))));
    })
    .delete('/v1/responses/:id', async (context) => {
      await assertScope(accounts, context, 'reflect');
      const id = context.req.param('id');
      if (!(await runs.delete(callerOf(context).account, id))) notFound(id);
      return context.json({ id, object: 'response', deleted: true });
    });
}

async function answerResponse(context: HttpContext, asked: AskedResponse, admitted: Admitted): Promise<Response> {
  const { echoed, streamsDraft, request } = asked;
  if (admitted.type === 'hit') {
    const { events, record } = admitted.hit;
    if (!request.stream) return context.json(responseObject(record, echoed));
    const translated = new ResponseEvents(echoed, streamsDraft);
    return eventStream(context, events.map((event) => framesOf(translated, event)).join(''));
  }
  const { run, answer } = admitted;
  if ('events' in answer) {
    const beginning = await streamBeginning(answer.events, patienceMs);
    return beginning.type === 'failed'
      ? answerProblem(context, failureOf(beginning.error), run)
      : streamed(context, beginning.bytes, echoed, -1, streamsDraft);
  }
  const { json, error } = answer.record;
  if (error && !request.background) return answerProblem(context, failureOf(error), run);
  return context.json(responseObject(JSON.parse(json), echoed));
}

/** The events after the one numbered `after`. */
function streamed(
  context: HttpContext,
  bytes: ReadableStream<Uint8Array>,
  echoed: Echoed,
  after: number,
  streamsDraft = echoed.strategy === 'direct',
): Response {
  const translated = new ResponseEvents(echoed, streamsDraft);
  return eventStream(
    context,
    rewritten(
      bytes,
      (event) => framesOf(translated, event, after),
      () => {
        const error = translated.cutOff();
        return error ? frameOf(error) : '';
      },
    ),
  );
}

function framesOf(translated: ResponseEvents, event: ReflectionEvent, after = -1): string {
  return translated
    .of(event)
    .filter(({ sequence_number }) => sequence_number > after)
    .map(frameOf)
    .join('');
}

function frameOf(event: ResponseEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** What a run that is read by its id says of its request. A stored one says all of it itself; of any other its events tell how it was started. */
async function echoedOf(
  { tier, strategy, request }: Reflection,
  started: () => Promise<RunStart | undefined>,
): Promise<Echoed> {
  const own = tier && strategy ? { tier, strategy } : await started();
  const start: RunStart = own ?? { tier: 'balanced', strategy: 'selective' };
  return {
    model: modelId(start.tier, start.strategy),
    strategy: start.strategy,
    request: request ?? {},
    format: { type: 'text' },
  };
}
