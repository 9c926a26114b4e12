/** Downloads against servers that cut, redirect, refuse and lie. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { download } from '../../local/download.ts';
import { cutAfter, sendFile, serve } from './file-server.ts';

const content = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7) % 251));
const pinned = { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };

let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'download-'));
  path = join(folder, 'model.gguf');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function fetchFrom(url: string, onProgress: (received: number, total: number) => void = () => undefined) {
  return download(url, path, pinned, { signal: AbortSignal.timeout(20_000), onProgress, silenceMs: 500, retryMs: 1 });
}

describe('a download', () => {
  test('brings the file, tells its progress to the last byte, and leaves no part behind', async () => {
    await using server = await serve(sendFile(content));
    const seen: number[] = [];
    await fetchFrom(server.url, (received) => seen.push(received));
    expect(await readFile(path)).toEqual(content);
    expect(seen.at(-1)).toBe(content.length);
    expect(existsSync(`${path}.part`)).toBe(false);
  });

  test('goes on where an earlier one stopped', async () => {
    await writeFile(`${path}.part`, content.subarray(0, 60_000));
    await using server = await serve(sendFile(content));
    await fetchFrom(server.url);
    expect(server.ranges).toEqual(['bytes=60000-']);
    expect(await readFile(path)).toEqual(content);
  });

  test('comes through a server that cuts it again and again', async () => {
    const cut = cutAfter(content, 15_000);
    await using server = await serve(cut);
    await fetchFrom(server.url);
    expect(server.ranges[0]).toBeUndefined();
    expect(server.ranges.length).toBe(7);
    expect(await readFile(path)).toEqual(content);
  });

  test('keeps what arrived when the server stops answering', async () => {
    await using server = await serve((request, response, seen) => {
      if (seen === 1) cutAfter(content, 40_000)(request, response, seen);
      else response.destroy();
    });
    await expect(fetchFrom(server.url)).rejects.toMatchObject({ kind: 'unreachable' });
    expect(await readFile(`${path}.part`)).toEqual(content.subarray(0, 40_000));
    expect(existsSync(path)).toBe(false);
  });

  test('begins anew when the server ignores the range', async () => {
    await writeFile(`${path}.part`, Buffer.from('something else entirely'));
    await using server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': content.length }).end(content);
    });
    await fetchFrom(server.url);
    expect(await readFile(path)).toEqual(content);
  });

  test('begins anew when the range cannot be met', async () => {
    await writeFile(`${path}.part`, content.subarray(0, 10));
    await using server = await serve((request, response, seen) => {
      if (request.headers.range) response.writeHead(416).end();
      else sendFile(content)(request, response, seen);
    });
    await fetchFrom(server.url);
    expect(await readFile(path)).toEqual(content);
  });

  test('begins anew when what an earlier one left turns out to be torn', async () => {
    const torn = Buffer.from(content.subarray(0, 60_000)).fill(0, 20_000, 30_000);
    await writeFile(`${path}.part`, torn);
    await using server = await serve(sendFile(content));
    await fetchFrom(server.url);
    expect(server.ranges).toEqual(['bytes=60000-', undefined]);
    expect(await readFile(path)).toEqual(content);
  });

  test('begins anew when a whole but torn file was left', async () => {
    await writeFile(`${path}.part`, Buffer.alloc(content.length));
    await using server = await serve(sendFile(content));
    await fetchFrom(server.url);
    expect(server.ranges).toEqual([undefined]);
    expect(await readFile(path)).toEqual(content);
  });

  test('begins anew once only, when the server’s own bytes are wrong', async () => {
    await writeFile(`${path}.part`, content.subarray(0, 60_000));
    await using server = await serve(sendFile(Buffer.alloc(content.length)));
    await expect(fetchFrom(server.url)).rejects.toMatchObject({ kind: 'corrupt' });
    expect(server.ranges.length).toBe(2);
    expect(existsSync(`${path}.part`)).toBe(false);
  });

  test('follows redirects', async () => {
    await using file = await serve(sendFile(content));
    await using first = await serve((_request, response) => {
      response.writeHead(302, { location: file.url }).end();
    });
    await fetchFrom(first.url);
    expect(await readFile(path)).toEqual(content);
  });

  test('gives up on redirects without end', async () => {
    await using server = await serve((_request, response) => {
      response.writeHead(302, { location: '/file' }).end();
    });
    await expect(fetchFrom(server.url)).rejects.toMatchObject({ kind: 'refused' });
    expect(server.ranges.length).toBeLessThan(10);
  });

  test('refuses and removes a file of the right size with other bytes', async () => {
    const other = Buffer.from(content);
    other[5000] = 255;
    await using server = await serve(sendFile(other));
    await expect(fetchFrom(server.url)).rejects.toMatchObject({
      kind: 'corrupt',
      message: expect.stringContaining('sha256'),
    });
    expect(existsSync(path)).toBe(false);
    expect(existsSync(`${path}.part`)).toBe(false);
  });

  test('refuses a file of another size before it is fetched', async () => {
    await using server = await serve(sendFile(Buffer.from('<html>Please log in to this network</html>')));
    await expect(fetchFrom(server.url)).rejects.toMatchObject({ kind: 'corrupt' });
    expect(existsSync(`${path}.part`)).toBe(false);
  });

  test('refuses a body without end', async () => {
    await using server = await serve((_request, response) => {
      response.writeHead(200);
      const send = (): boolean => response.write(content) && send();
      response.on('drain', send);
      send();
    });
    await expect(fetchFrom(server.url)).rejects.toMatchObject({ kind: 'corrupt' });
  });

  test.each([
    [404, 'refused'],
    [403, 'refused'],
    [503, 'unreachable'],
  ] as const)('says that the file is not to be had when the server answers %i', async (status, kind) => {
    await using server = await serve((_request, response) => {
      response.writeHead(status).end();
    });
    await expect(fetchFrom(server.url)).rejects.toMatchObject({
      kind,
      message: expect.stringContaining(String(status)),
    });
    expect(server.ranges.length).toBe(1);
  });

  test('says so when nobody listens, and does not try for long', async () => {
    const server = await serve(sendFile(content));
    await server[Symbol.asyncDispose]();
    await expect(fetchFrom(server.url)).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('cannot be reached'),
    });
  });

  test('gives up on a server that takes the call and stays silent', async () => {
    await using server = await serve(() => undefined);
    await expect(fetchFrom(server.url)).rejects.toMatchObject({ kind: 'unreachable' });
  });

  test('stops at once when it is called off, and keeps what arrived', async () => {
    const stop = new AbortController();
    await using server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 30_000));
    });
    const running = download(server.url, path, pinned, {
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('called off')),
    });
    await expect(running).rejects.toThrow('called off');
    expect(existsSync(path)).toBe(false);
  });

  test('goes through the proxy that the environment names', async () => {
    const asked: (string | undefined)[] = [];
    await using proxy = await serve((request, response, seen) => {
      asked.push(request.url);
      sendFile(content)(request, response, seen);
    });
    const before = process.env['HTTP_PROXY'];
    process.env['HTTP_PROXY'] = new URL(proxy.url).origin;
    try {
      await fetchFrom('http://models.test/file');
    } finally {
      if (before === undefined) delete process.env['HTTP_PROXY'];
      else process.env['HTTP_PROXY'] = before;
    }
    expect(asked).toEqual(['http://models.test/file']);
    expect(await readFile(path)).toEqual(content);
  });
});
