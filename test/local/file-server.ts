/** A web server over a few bytes, with the manners and the faults of real ones. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export type FileHandler = (request: IncomingMessage, response: ServerResponse, seen: number) => void;

export interface FileServer extends AsyncDisposable {
  readonly url: string;
  /** The `Range` header of each request, in order. */
  readonly ranges: (string | undefined)[];
}

export async function serve(handler: FileHandler): Promise<FileServer> {
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range);
    handler(request, response, ranges.length);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/file`,
    ranges,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Sends the file, or the rest of it that a range asks for. */
export function sendFile(content: Buffer): FileHandler {
  return (request, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const rest = content.subarray(start);
    const range = { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` };
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': rest.length, ...(start > 0 ? range : {}) });
    response.end(rest);
  };
}

/** What a busy machine takes to read what was sent: a connection that breaks off takes unread bytes with it. */
const untilReadMs = 150;

/** Announces the file from where it was asked for, sends `bytes` of it, and breaks off. */
export function cutAfter(content: Buffer, bytes: number): FileHandler {
  return (request, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const range = { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` };
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': content.length - start, ...range });
    response.write(content.subarray(start, start + bytes), () => setTimeout(() => response.destroy(), untilReadMs));
  };
}
