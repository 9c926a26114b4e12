/**
 * The local model as an OpenAI-compatible server: `POST /v1/chat/completions`, `GET /v1/models`, `GET /health`.
 * Requests wait in a short queue, first come first served; one whose client has gone is stopped at once.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type ChatRequest, parseChatRequest } from './chat-request.ts';
import { type Generated, type Generator, PromptTooLong } from './generator.ts';
import { QueueFull, Slots } from './slots.ts';

export interface ServerOptions {
  /** Requests that may wait beside those that run. Default 32. */
  readonly longestQueue?: number;
  /** Default 4 MB. */
  readonly longestBodyBytes?: number;
}

interface Service {
  readonly generator: Generator;
  readonly slots: Slots;
  readonly longestBodyBytes: number;
}

type Handler = (request: IncomingMessage, response: ServerResponse, service: Service) => void | Promise<void>;

const routes: Readonly<Record<string, Handler>> = {
  'POST /v1/chat/completions': completeChat,
  'GET /v1/models': listModels,
  'GET /health': tellHealth,
};

/** Makes the server; the caller listens, on loopback only: it asks for no key. */
export function createLlamaServer(generator: Generator, options: ServerOptions = {}): Server {
  const { longestQueue = 32, longestBodyBytes = 4_000_000 } = options;
  const service = { generator, slots: new Slots(generator.slots, longestQueue), longestBodyBytes };
  return createServer(async (request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?');
    const handler = routes[`${request.method} ${path}`];
    try {
      if (handler) await handler(request, response, service);
      else sendError(response, refusals.notFound(`${request.method} ${path}`));
    } catch (error) {
      fail(response, error);
    }
  });
}

interface Refusal {
  readonly status: number;
  readonly type: string;
  readonly code: string;
  readonly message: string;
  readonly param?: string | null;
}

const refusals = {
  notFound: (what: string) => ({
    status: 404,
    type: 'not_found_error',
    code: 'not_found',
    message: `There is no ${what}.`,
  }),
  notJson: () => ({
    status: 415,
    type: 'invalid_request_error',
    code: 'unsupported_media_type',
    message: 'Send the body as application/json.',
  }),
  tooLarge: (bytes: number) => ({
    status: 413,
    type: 'invalid_request_error',
    code: 'body_too_large',
    message: `The body is larger than ${bytes} bytes.`,
  }),
  invalid: (message: string, param: string | null) => ({
    status: 400,
    type: 'invalid_request_error',
    code: 'invalid_request',
    message,
    param,
  }),
} satisfies Record<string, (...details: never[]) => Refusal>;

function toRefusal(error: unknown): Refusal {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof QueueFull) return { status: 503, type: 'api_error', code: 'queue_full', message };
  if (error instanceof PromptTooLong) {
    return { status: 400, type: 'invalid_request_error', code: 'context_length_exceeded', message, param: 'messages' };
  }
  return { status: 500, type: 'api_error', code: 'generation_failed', message };
}

async function completeChat(request: IncomingMessage, response: ServerResponse, service: Service): Promise<void> {
  // A page in a browser cannot send this type to another origin without asking first, and is never answered.
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
    return sendError(response, refusals.notJson());
  const gone = new AbortController();
  response.on('close', () => gone.abort(new Error('The client has gone.')));
  const text = await readBody(request, service.longestBodyBytes);
  if (text === undefined) return sendError(response, refusals.tooLarge(service.longestBodyBytes));
  const parsed = parseChatRequest(text);
  if (!parsed.ok) return sendError(response, refusals.invalid(parsed.message, parsed.field));
  const head = {
    id: `chatcmpl-${randomUUID()}`,
    created: Math.floor(Date.now() / 1000),
    model: service.generator.model,
  };
  const answer = parsed.request.stream ? streamAnswer : sendAnswer;
  await service.slots.use(gone.signal, () => answer(response, service.generator, parsed.request, head, gone.signal));
}

interface Head {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

async function sendAnswer(
  response: ServerResponse,
  generator: Generator,
  { generation }: ChatRequest,
  head: Head,
  signal: AbortSignal,
): Promise<void> {
  let content = '';
  const generated = await generator.generate(
    generation,
    (text) => {
      content += text;
    },
    signal,
  );
  sendJson(response, 200, {
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: generated.finishReason }],
    usage: toUsage(generated),
  });
}

async function streamAnswer(
  response: ServerResponse,
  generator: Generator,
  { generation, includeUsage }: ChatRequest,
  head: Head,
  signal: AbortSignal,
): Promise<void> {
  const write = (choices: readonly unknown[], rest: Readonly<Record<string, unknown>> = {}) => {
    // Headers wait for the first piece, so that what fails before it is answered with its own status.
    if (!response.headersSent) {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
      const opening = [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }];
      response.write(toEvent({ ...head, object: 'chat.completion.chunk', choices: opening }));
    }
    response.write(toEvent({ ...head, object: 'chat.completion.chunk', choices, ...rest }));
  };
  const generated = await generator.generate(
    generation,
    (content) => write([{ index: 0, delta: { content }, finish_reason: null }]),
    signal,
  );
  const last = [{ index: 0, delta: {}, finish_reason: generated.finishReason }];
  const usage = { usage: toUsage(generated) };
  write(last, includeUsage ? {} : usage);
  if (includeUsage) write([], usage);
  response.end('data: [DONE]\n\n');
}

function toUsage({ promptTokens, completionTokens }: Generated) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}

function toEvent(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

function listModels(_request: IncomingMessage, response: ServerResponse, { generator }: Service): void {
  sendJson(response, 200, {
    object: 'list',
    data: [
      { id: generator.model, object: 'model', created: 0, owned_by: 'local', context_length: generator.contextTokens },
    ],
  });
}

function tellHealth(_request: IncomingMessage, response: ServerResponse, { slots }: Service): void {
  sendJson(response, 200, { status: 'ok', waiting: slots.waiting });
}

/** The body, or undefined when it is too large; the rest of a body that is too large is not kept. */
async function readBody(request: IncomingMessage, longestBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const piece = Buffer.from(chunk);
    bytes += piece.length;
    if (bytes <= longestBytes) chunks.push(piece);
  }
  return bytes <= longestBytes ? Buffer.concat(chunks).toString('utf8') : undefined;
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function errorBody({ type, code, message, param }: Refusal) {
  return { error: { message, type, param: param ?? null, code } };
}

function sendError(response: ServerResponse, refusal: Refusal): void {
  if (refusal.status === 503) response.setHeader('retry-after', '5');
  sendJson(response, refusal.status, errorBody(refusal));
}

/** Answers a failure as far as the answer has not begun; a client that has gone gets nothing. */
function fail(response: ServerResponse, error: unknown): void {
  if (response.destroyed) return;
  const refusal = toRefusal(error);
  if (response.headersSent) response.end(toEvent(errorBody(refusal)));
  else sendError(response, refusal);
}
