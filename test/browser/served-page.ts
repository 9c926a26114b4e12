/** The playground as it is served: the files of `public/` with the headers of `_headers`, and the Worker as it is deployed behind the same origin. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { projectFolder } from '../../local/wrangler.ts';
import { type ServedWorker, serveWorker } from '../conformance/served-worker.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
};

export interface ServedPage extends ServedWorker {
  readonly address: string;
  /** Breaks every connection that is open, as a network that goes away does. */
  dropConnections(): void;
}

export async function servePage(name: string): Promise<ServedPage> {
  const served = await serveWorker(name);
  const headers = await headersOfAllFiles();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const answered = pathname.startsWith('/v1/')
      ? proxy(request, response, served.worker.address)
      : answerFile(response, pathname, headers);
    // A reader who leaves ends the pipe.
    answered.catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    ...served,
    address: `http://127.0.0.1:${address.port}`,
    dropConnections: () => server.closeAllConnections(),
    async close() {
      server.closeAllConnections();
      server.close();
      await served.close();
    },
  };
}

/** The lines below `/*` in public/_headers. */
async function headersOfAllFiles(): Promise<Record<string, string>> {
  const text = await readFile(join(projectFolder, 'public', '_headers'), 'utf8');
  const [, block = ''] = /^\/\*\n((?: {2}.*\n?)+)/m.exec(text) ?? [];
  const pairs = block.split('\n').flatMap((line) => {
    const [, name, value] = /^ {2}([\w-]+): (.*)$/.exec(line) ?? [];
    return name !== undefined && value !== undefined ? [[name, value]] : [];
  });
  return Object.fromEntries(pairs);
}

async function answerFile(response: ServerResponse, path: string, headers: Record<string, string>): Promise<void> {
  const file = path === '/' ? '/index.html' : extname(path) === '' ? `${path}/index.html` : path;
  const bytes = await readFile(join(projectFolder, 'public', normalize(file))).catch(() => undefined);
  if (!bytes) response.writeHead(404).end();
  else response.writeHead(200, { ...headers, 'content-type': types[extname(file)] ?? 'text/plain' }).end(bytes);
}

async function proxy(request: IncomingMessage, response: ServerResponse, origin: string): Promise<void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { authorization = '', 'content-type': type = 'application/json' } = request.headers;
  const left = new AbortController();
  response.on('close', () => left.abort());
  const answer = await fetch(`${origin}${request.url}`, {
    method: request.method ?? 'GET',
    headers: { authorization, ...(chunks.length > 0 && { 'content-type': type }) },
    signal: left.signal,
    ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
  });
  // `fetch` has unpacked the body.
  const headers = [...answer.headers].filter(([name]) => name !== 'content-encoding' && name !== 'content-length');
  response.writeHead(answer.status, Object.fromEntries(headers));
  response.flushHeaders();
  const reader = answer.body?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) response.write(read.value);
  response.end();
}
