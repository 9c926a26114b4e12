/** `POST /v1/chat/completions`: a reflection in the shape of OpenAI's API. */
import type { Reflection } from '../../reflection/record.ts';
import { type AdmitPorts, type Admitted, admitReflection } from '../admit-reflection.ts';
import { eventStream } from '../event-stream.ts';
import { Hono } from '../hono.ts';
import type { HttpContext, HttpEnv } from '../http-env.ts';
import { readJson } from '../json-body.ts';
import { answerProblem, failureOf } from '../problem.ts';
import { type AskedChat, readChatBody } from './chat-body.ts';
import { chatCompletion } from './chat-completion.ts';
import { chatFrames, chatStream } from './chat-stream.ts';
import { patienceMs, streamBeginning } from './stream-beginning.ts';

export function chatRoutes(ports: AdmitPorts): Hono<HttpEnv> {
  return new Hono<HttpEnv>().post('/v1/chat/completions', async (context) => {
    const asked = await readChatBody(await readJson(context.req.raw));
    return answerChat(context, asked, await admitReflection(ports, context, asked.request));
  });
}

async function answerChat(context: HttpContext, asked: AskedChat, admitted: Admitted): Promise<Response> {
  const { strategy, stream } = asked.request;
  const chat = { ...asked, strategy };
  if (admitted.type === 'hit') {
    const { events, record } = admitted.hit;
    return stream ? eventStream(context, chatFrames(events, chat)) : answerRecord(context, asked, record);
  }
  const { run, answer } = admitted;
  if ('events' in answer) {
    const beginning = await streamBeginning(answer.events, patienceMs);
    return beginning.type === 'failed'
      ? answerProblem(context, failureOf(beginning.error), run)
      : eventStream(context, chatStream(beginning.bytes, chat));
  }
  const { json, error } = answer.record;
  return error ? answerProblem(context, failureOf(error), run) : answerRecord(context, asked, JSON.parse(json));
}

function answerRecord(context: HttpContext, { model, request }: AskedChat, record: Reflection): Response {
  return context.json(chatCompletion(record, model, request.strategy));
}
