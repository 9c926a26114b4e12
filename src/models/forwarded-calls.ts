/**
 * Model calls that another context makes, as HTTP between the two: the request goes out with `forward…`, and `make…` answers it where the call is
 * made. Both stand at the dependencies of the providers, so that what reads an answer does not know who asked. A response passes as it is,
 * its body unread; the runtime carries its bytes. Aborting or cancelling on this side ends the request, and with it the call.
 */
import * as z from 'zod/mini';
import type { OpenAiCompatibleOptions } from './openai-compatible.ts';
import type { AiBinding } from './workers-ai.ts';

type Fetch = OpenAiCompatibleOptions['fetch'];

/** Makes one call, in whatever context it runs. Never throws: what the call throws is an answer as well. */
export type MakeCall = (request: Request) => Promise<Response>;

/** Where calls are made. */
export interface CallMaker {
  fetch(url: string, init: RequestInit): Promise<Response>;
}

/** Says what the call gave, where that was no response: a response of the provider may have any status and any body. */
const resultHeader = 'model-call-result';
type Result = 'stream' | 'value' | 'error' | 'thrown';

/** `fetch`, made by `maker`. */
export function forwardFetch(maker: CallMaker): Fetch {
  return async (url, init) => {
    const response = await maker.fetch(url, init);
    await throwFailure(response);
    return response;
  };
}

/** The answer to what `forwardFetch` sends. */
export function makeFetch(fetch: Fetch): MakeCall {
  return (request) =>
    answered(async () => {
      const headers = new Headers(request.headers);
      // Counted anew.
      headers.delete('content-length');
      // As text, because a body of unknown length would be sent in chunks, which not every server takes.
      const body = await request.text();
      // The signal tells of an asker who left where the runtime has none of its own for it. workerd ends the whole context.
      const init = { method: request.method, headers: Object.fromEntries(headers), body, signal: request.signal };
      return unmarked(await fetch(request.url, { ...init, redirect: 'manual' }));
    });
}

const aiCall = z.object({
  model: z.string(),
  inputs: z.record(z.string(), z.unknown()),
  options: z.record(z.string(), z.unknown()),
});

/** `run`, made by `maker`. */
export function forwardAi(maker: CallMaker): AiBinding {
  return {
    async run(model, inputs, { signal, ...options }) {
      const body = JSON.stringify({ model, inputs, options } satisfies z.output<typeof aiCall>);
      const init = { method: 'POST', body, ...(signal instanceof AbortSignal ? { signal } : {}) };
      const response = await maker.fetch('http://model-calls/run', init);
      await throwFailure(response);
      switch (resultOf(response)) {
        case 'stream':
          return response.body;
        case 'value':
          return response.json();
        default:
          return response;
      }
    },
  };
}

/** The answer to what `forwardAi` sends. */
export function makeAi(ai: AiBinding): MakeCall {
  return (request) =>
    answered(async () => {
      const { model, inputs, options } = aiCall.parse(await request.json());
      const result = await ai.run(model, inputs, { ...options, signal: request.signal });
      if (result instanceof Response) return unmarked(result);
      if (result instanceof ReadableStream) return marked('stream', new Response(result));
      return marked('value', Response.json(result ?? null));
    });
}

function marked(result: Result, response: Response): Response {
  response.headers.set(resultHeader, result);
  return response;
}

/** The provider's response itself. It is not to be taken for another result, whatever its headers are. */
function unmarked(response: Response): Response {
  if (resultOf(response) === null) return response;
  const copy = new Response(response.body, response);
  copy.headers.delete(resultHeader);
  return copy;
}

function resultOf(response: Response): string | null {
  return response.headers.get(resultHeader);
}

/** As a value, because an error that is thrown across contexts may lose its name and its codes. */
async function answered(call: () => Promise<Response>): Promise<Response> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Error)) return marked('thrown', Response.json(error ?? null));
    const { name, message } = error;
    return marked('error', Response.json({ name, message, fields: plainFields(error) } satisfies CarriedError));
  }
}

const carriedError = z.object({ name: z.string(), message: z.string(), fields: z.record(z.string(), z.unknown()) });
type CarriedError = z.output<typeof carriedError>;

/** An error's own codes and words. */
function plainFields(error: Error): Record<string, unknown> {
  return Object.fromEntries(Object.entries(error).filter(([, value]) => value === null || typeof value !== 'object'));
}

async function throwFailure(response: Response): Promise<void> {
  const result = resultOf(response);
  if (result === 'thrown') throw await response.json();
  if (result !== 'error') return;
  const { name, message, fields } = carriedError.parse(await response.json());
  throw Object.assign(new Error(message), fields, { name });
}
