/** An OpenAI-compatible server on the loopback that behaves as it is told, over real sockets. */
import { createServer, type ServerResponse } from 'node:http';
import type { Behaviour } from '../contracts/model.ts';
import { openAiEvents } from './dialects.ts';

export interface Script {
  readonly baseUrl: string;
  asked(): number;
  closed(): number;
}

export interface LoopbackEndpoint {
  /** A base URL of its own whose requests are answered so, one behaviour a request. */
  script(behaviours: readonly Behaviour[]): Script;
  close(): Promise<void>;
}

export async function startLoopbackEndpoint(): Promise<LoopbackEndpoint> {
  const scripts = new Map<string, (response: ServerResponse) => void>();
  const server = createServer((request, response) => {
    request.resume();
    const [, name = ''] = (request.url ?? '').split('/');
    request.on('end', () => scripts.get(name)?.(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');

  return {
    script(behaviours) {
      const name = `script-${scripts.size}`;
      let asked = 0;
      let closed = 0;
      scripts.set(name, (response) => {
        const behaviour = behaviours[asked];
        asked += 1;
        response.on('close', () => {
          if (!response.writableFinished) closed += 1;
        });
        if (behaviour) behave(response, behaviour);
        else response.destroy();
      });
      return { baseUrl: `http://127.0.0.1:${address.port}/${name}/v1`, asked: () => asked, closed: () => closed };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function behave(response: ServerResponse, behaviour: Behaviour): void {
  const refuse = (status: number, error: object, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ error }));
  };
  switch (behaviour.type) {
    case 'never responds':
      return;
    case 'is busy':
      refuse(429, { message: 'Rate limit reached', code: 'rate_limit_exceeded' }, { 'retry-after': '0' });
      return;
    case 'has no quota left':
      refuse(429, {
        message: 'You exceeded your current quota',
        type: 'insufficient_quota',
        code: 'insufficient_quota',
      });
      return;
    case 'says the prompt is too long':
      refuse(400, {
        message: "This model's maximum context length is 8192 tokens.",
        code: 'context_length_exceeded',
      });
      return;
    case 'refuses the request':
      refuse(400, { message: `Bad request: ${behaviour.quoting}` });
      return;
    case 'sends garbage':
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {"choices": [\n\n');
      return;
    default:
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      for (const event of openAiEvents(behaviour)) response.write(event);
      if (behaviour.type !== 'falls silent') response.end();
  }
}
