/** The mock upstream, a process of its own: `node bench/mock.ts PORT`. OpenAI's chat completions, streamed and whole, at once or paced. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type MockCalls,
  type MockSettings,
  machineMicroseconds,
  plainMock,
  ruleFor,
  stampedWord,
} from './mock-settings.ts';

let settings: MockSettings = plainMock;
let calls: MockCalls = { calls: 0, streamed: 0 };

const server = createServer((request, response) => {
  void answer(request, response).catch(() => response.destroy());
});
server.keepAliveTimeout = 120_000;
server.listen(Number(process.argv[2]), '127.0.0.1');

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await textOf(request);
  switch (request.url) {
    case '/health':
      return json(response, {});
    case '/settings':
      settings = JSON.parse(body);
      calls = { calls: 0, streamed: 0 };
      return json(response, {});
    case '/calls':
      return json(response, calls);
    default:
      return complete(body, response);
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const piece of request) text += piece;
  return text;
}

async function complete(body: string, response: ServerResponse): Promise<void> {
  const asked: { readonly stream?: boolean } = JSON.parse(body);
  const { delayMs, gapMs, rules } = settings;
  calls = { calls: calls.calls + 1, streamed: calls.streamed + (asked.stream ? 1 : 0) };
  if (delayMs > 0) await pause(delayMs);
  const rule = ruleFor(body, rules);
  const words = rule ? wordsOf(rule.answer) : Array.from({ length: settings.words }, (_, index) => wordAt(index));
  const usage = usageOf(body, words.length);
  if (!asked.stream) {
    const content = words.map((word) => word()).join('');
    return json(response, {
      ...head('chat.completion'),
      choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
      usage,
    });
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  for (const [index, word] of words.entries()) {
    if (gapMs > 0 && index > 0) await pause(gapMs);
    if (response.destroyed) return;
    event(response, { choices: [{ index: 0, delta: { content: word() }, finish_reason: null }] });
  }
  event(response, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
  event(response, { choices: [], usage });
  response.end('data: [DONE]\n\n');
}

/** Words are made when they are written, so that a stamp is true. */
type Word = () => string;

function wordAt(index: number): Word {
  return () => (settings.stamped ? stampedWord(index, machineMicroseconds()) : index === 0 ? 'An' : ' answer');
}

function wordsOf(text: string): Word[] {
  return (text.match(/\s*\S+|\s+$/g) ?? []).map((word) => () => word);
}

/** A token for about four characters of the prompt, and one for each word. */
function usageOf(body: string, words: number) {
  const { messages }: { readonly messages: readonly { readonly content: string }[] } = JSON.parse(body);
  const prompt = Math.ceil(messages.reduce((total, { content }) => total + content.length, 0) / 4);
  return { prompt_tokens: prompt, completion_tokens: words, total_tokens: prompt + words };
}

function head(object: string) {
  return { id: 'chatcmpl-bench', object, created: 1_780_000_000, model: 'bench' };
}

function event(response: ServerResponse, fields: object): void {
  response.write(`data: ${JSON.stringify({ ...head('chat.completion.chunk'), ...fields })}\n\n`);
}

function json(response: ServerResponse, value: unknown): void {
  const text = JSON.stringify(value);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
