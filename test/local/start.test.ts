/** `npm start` as a person meets it: started, asked, stopped, over a model server that is played here. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Generator } from '../../local/generator.ts';
import { createLlamaServer } from '../../local/llama-server.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const script = join(project, 'local', 'start.ts');

let temporary = '';

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'start-'));
});

afterEach(() => rm(temporary, { recursive: true, force: true }));

function start(...words: string[]) {
  const child = spawn(process.execPath, [script, ...words], { env: { ...process.env, TMPDIR: temporary } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return { child, ended: once(child, 'close'), output: () => output };
}

const generator: Generator = {
  model: 'played',
  contextTokens: 4096,
  slots: 4,
  async generate(_generation, onText) {
    onText('23, 29 and 31.');
    return { finishReason: 'stop', promptTokens: 10, completionTokens: 8 };
  },
};

test('it starts, answers the line that it prints, and stops without a trace', { timeout: 90_000 }, async () => {
  const server = createLlamaServer(generator).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const upstream = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}/v1`;
  const { child, ended, output } = start('--port', '0', '--ephemeral', '--upstream', upstream, '--upstream-key', 'k');
  try {
    await expect.poll(output, { timeout: 60_000 }).toContain('Ctrl-C stops everything.');
    const [, url = '', authorization = '', body = ''] =
      /curl -s (\S+) -H 'authorization: (.*?)' .* -d '(.*)'/.exec(output()) ?? [];
    const headers = { authorization, 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body });
    expect(await response.json()).toMatchObject({ status: 'completed', output: '23, 29 and 31.' });
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
    await expect(fetch(url)).rejects.toThrow();
    expect((await readdir(temporary)).filter((name) => name.startsWith('edge-reflection'))).toEqual([]);
  } finally {
    child.kill('SIGKILL');
    server.close();
  }
});

test('a port that is taken is one line and exit code 1', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const { ended, output } = start('--port', String(port));
  expect(await ended).toEqual([1, null]);
  expect(output().trim().split('\n')).toEqual([expect.stringMatching(`^edge-reflection: Port ${port} is taken`)]);
  other.close();
});

test('an unknown flag is one line, then the usage', async () => {
  const { ended, output } = start('--modle', 'x');
  expect(await ended).toEqual([1, null]);
  expect(output()).toMatch(/^\nedge-reflection: Unknown option '--modle'\.\n\nUsage: npm start/);
});

test('help is shown and nothing is started', async () => {
  const { ended, output } = start('--help');
  expect(await ended).toEqual([0, null]);
  expect(output()).toContain('--ephemeral');
});

test('it ends when the shell that npm ran it in is gone', async () => {
  // A model server that takes the call and says nothing keeps the launch on its way.
  const asked = Promise.withResolvers<void>();
  const mute = createHttpServer(() => asked.resolve()).listen(0, '127.0.0.1');
  await once(mute, 'listening');
  const address = mute.address();
  const upstream = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}/v1`;
  const line = `${process.execPath} ${script} --port 0 --upstream ${upstream}`;
  const shell = spawn('sh', ['-c', `${line}; true`], { env: { ...process.env, npm_lifecycle_script: line } });
  let output = '';
  shell.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await asked.promise;
  shell.kill('SIGTERM');
  // Its output closes when the launch itself has ended.
  await once(shell, 'close');
  expect(output).toBe('\nStopping, because the npm that started it has ended …\n');
  mute.closeAllConnections();
  mute.close();
});
