/** The double over a real connection. It runs in Node. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { SlackDouble } from '../../support/slack-double.ts';

/** Answers one request. A broken connection is closed without an answer, and where the double is silent nothing is ever written. */
export async function answerAsSlack(
  double: SlackDouble,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]);
  const { method = 'GET', url = '/' } = request;
  const body = await text(request);
  const leaving = new AbortController();
  response.on('close', () => leaving.abort());
  try {
    const init = { method, headers, signal: leaving.signal, ...(body !== '' && { body }) };
    const answer = await double.fetch(new Request(new URL(url, 'https://slack.com'), init));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(await answer.text());
  } catch {
    response.destroy();
  }
}

/** On the loopback interface, at a port that is free. `origin` is what `SLACK_API_URL` begins with. */
export async function serveSlack(double: SlackDouble) {
  const server = createServer((request, response) => void answerAsSlack(double, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { origin: `http://127.0.0.1:${address.port}`, close };
}
