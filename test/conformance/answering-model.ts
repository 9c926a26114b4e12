/** The model server behind the Worker of these suites: OpenAI-compatible, and it says what the question asks it to. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';

const asked = z.looseObject({
  messages: z.array(z.looseObject({ role: z.string(), content: z.nullish(z.string()) })),
});

export type AskedModel = z.output<typeof asked>;

interface Said {
  readonly text: string;
  readonly reason?: 'stop' | 'length';
  /** Whether the connection is lost behind the text. */
  readonly breaks?: boolean;
  /** The functions that it calls, with their arguments. */
  readonly calls?: readonly (readonly [name: string, words: string])[];
  /** Between pieces, in milliseconds. */
  readonly pauseMs?: number;
}

export interface AnsweringModel {
  readonly baseUrl: string;
  /** What it was asked, in order. */
  readonly asked: readonly AskedModel[];
  /** Answers to last messages that hold these words; `status` in place of an answer refuses. The longest words that fit count. */
  readonly answers: Map<string, Said | { readonly status: number }>;
  close(): Promise<void>;
}

export async function startAnsweringModel(): Promise<AnsweringModel> {
  const all: AskedModel[] = [];
  const answers = new Map<string, Said | { readonly status: number }>();
  const server = createServer(async (request, response) => {
    const body = asked.safeParse(JSON.parse((await text(request)) || '{}'));
    if (!body.success) return response.writeHead(400).end('{}');
    all.push(body.data);
    const question = body.data.messages.at(-1)?.content ?? '';
    const words = [...answers.keys()].filter((each) => question.includes(each)).toSorted((a, b) => b.length - a.length);
    const said = answers.get(words[0] ?? '') ?? { text: 'It is so.' };
    if ('status' in said) return response.writeHead(said.status, { 'content-type': 'application/json' }).end('{}');
    return write(response, said);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    asked: all,
    answers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function write(
  response: ServerResponse,
  { text: whole, reason = 'stop', calls = [], breaks = false, pauseMs = 0 }: Said,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const say = (chunk: unknown) => response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  const pieces = whole.match(/[\s\S]{1,7}/g) ?? [];
  for (const content of pieces) {
    say({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
    if (pauseMs > 0) await pause(pauseMs);
  }
  if (breaks) {
    // What was written leaves first.
    await pause(50);
    response.destroy();
    return;
  }
  for (const [index, [name, words]] of calls.entries()) {
    const call = { index, id: `call_${index}`, type: 'function', function: { name, arguments: '' } };
    say({ choices: [{ index: 0, delta: { tool_calls: [call] }, finish_reason: null }] });
    for (const piece of words.match(/[\s\S]{1,5}/g) ?? [])
      say({
        choices: [
          { index: 0, delta: { tool_calls: [{ index, function: { arguments: piece } }] }, finish_reason: null },
        ],
      });
  }
  say({
    choices: [{ index: 0, delta: {}, finish_reason: calls.length > 0 ? 'tool_calls' : reason }],
    usage: { prompt_tokens: 20, completion_tokens: pieces.length },
  });
  response.end('data: [DONE]\n\n');
}
