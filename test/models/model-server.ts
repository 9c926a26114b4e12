/** A model server over a real connection, for tests in workerd: its URL says how it answers. It runs in Node. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { words } from '../support/model-server-url.ts';

/** Requests whose URL has a name, by that name; one whose asker left before the end has the time. */
const named = new Map<string, { leftAt: number | null }>();

/** Answers a request for such a URL. */
export async function serveModel(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://model.test');
  const name = searchParams.get('name');
  if (pathname === '/asked') {
    response.end(JSON.stringify(named.get(name ?? '') ?? null));
    return;
  }
  const ends = searchParams.get('ends');
  if (name) {
    const asked: { leftAt: number | null } = { leftAt: null };
    named.set(name, asked);
    response.on('close', () => {
      if (!response.writableFinished) asked.leftAt = Date.now();
    });
  }
  const event = (content: unknown): void => {
    response.write(`data: ${JSON.stringify(content)}\n\n`);
  };
  request.resume();
  if (ends === 'never begins') return;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const content of words.slice(0, Number(searchParams.get('words')))) {
    await wait(Number(searchParams.get('pauseMs')));
    event({ id: 'x'.repeat(100), choices: [{ delta: { content } }] });
  }
  if (ends === 'stays silent') return;
  if (ends === 'breaks') {
    // What was written leaves first.
    await wait(50);
    response.destroy();
    return;
  }
  event({ choices: [{ delta: {}, finish_reason: 'stop' }] });
  response.write('data: [DONE]\n\n');
  if (ends === 'closes') response.end();
}
