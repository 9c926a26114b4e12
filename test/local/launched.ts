/** `npm start` in a process of its own, over a model server that is played here. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Generator } from '../../local/generator.ts';
import { createLlamaServer } from '../../local/llama-server.ts';

export const startScript = join(fileURLToPath(new URL('../..', import.meta.url)), 'local', 'start.ts');

export interface Launched {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown[]>;
  /** What it wrote so far, on both streams. */
  readonly output: () => string;
  readonly stdout: () => string;
  /** Waits for its last line before it serves, and gives what its `curl` line says. */
  ready(): Promise<CurlLine>;
}

export interface CurlLine {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Its temporary files go into `temporary`. */
export function start(temporary: string, ...words: string[]): Launched {
  const child = spawn(process.execPath, [startScript, ...words], { env: { ...process.env, TMPDIR: temporary } });
  const written = { stdout: '', stderr: '', all: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      written[name] += text;
      written.all += text;
    });
  }
  const output = () => written.all;
  return {
    child,
    ended: once(child, 'close'),
    output,
    stdout: () => written.stdout,
    async ready() {
      await expect.poll(output, { timeout: 40_000 }).toContain('Ctrl-C stops everything.');
      return readCurl(output());
    },
  };
}

/** The line to paste, taken apart. */
export function readCurl(text: string): CurlLine {
  const [, url = '', authorization = '', body = ''] =
    /curl -s (\S+) -H 'authorization: (.*?)' -H 'content-type: application\/json' -d '(.*)'/.exec(text) ?? [];
  return { url, headers: { authorization, 'content-type': 'application/json' }, body };
}

/** A model that always says the same. */
export async function playModel(text: string): Promise<{ readonly url: string; close(): void }> {
  const generator: Generator = {
    model: 'played',
    contextTokens: 4096,
    slots: 4,
    async generate(_generation, onText) {
      onText(text);
      return { finishReason: 'stop', promptTokens: 50, completionTokens: 8 };
    },
  };
  const server = createLlamaServer(generator).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${portOf(server)}/v1`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

export function portOf(server: Pick<Server, 'address'>): number {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}
