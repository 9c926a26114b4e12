/** `npm start` as a person meets it: started, asked, stopped, over a model server that is played here. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { playModel, portOf, start, startScript } from './launched.ts';

let temporary = '';

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'start-'));
});

afterEach(() => rm(temporary, { recursive: true, force: true }));

test('it starts, answers the line that it prints, and stops without a trace', { timeout: 60_000 }, async () => {
  const model = await playModel('The sea, is blue. It is deep.');
  const { child, ended, ready } = start(temporary, '--port', '0', '--ephemeral', '--upstream', model.url);
  try {
    const { url, headers, body } = await ready();
    const response = await fetch(url, { method: 'POST', headers, body });
    // The first answer shows a reflection.
    expect(await response.json()).toMatchObject({
      status: 'completed',
      output: 'The sea is blue. It is deep.',
      decision: 'repaired_check',
      passed: true,
    });
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
    await expect(fetch(url)).rejects.toThrow();
    expect(await readdir(temporary)).toEqual([]);
  } finally {
    child.kill('SIGKILL');
    model.close();
  }
});

test('a store of an older version is left as it is, and a fresh one is begun beside it with a key of its own', {
  timeout: 60_000,
}, async () => {
  const kept = join(temporary, 'kept');
  await mkdir(join(kept, 'state', 'v3', 'do', 'edge-reflection-Run'), { recursive: true });
  await writeFile(join(kept, 'state', 'v3', 'do', 'edge-reflection-Run', 'old.sqlite'), 'old');
  const old = `er_test_${'x'.repeat(60)}`;
  await writeFile(join(kept, 'api-key'), old, { mode: 0o600 });
  const model = await playModel('The sea is blue.');
  const { child, ended, output, ready } = start(temporary, '--port', '0', '--state', kept, '--upstream', model.url);
  try {
    const { url, headers, body } = await ready();
    const told = output()
      .split('\n')
      .filter((line) => line.includes('older version'));
    expect(told).toEqual([
      expect.stringMatching(/kept\/state was written by an older version .* begun in .*kept\/state-2\.$/),
    ]);
    const response = await fetch(url, { method: 'POST', headers, body });
    expect(await response.json()).toMatchObject({ status: 'completed' });
    expect(await readFile(join(kept, 'api-key'), 'utf8')).not.toBe(old);
    expect(await readFile(join(kept, 'state', 'v3', 'do', 'edge-reflection-Run', 'old.sqlite'), 'utf8')).toBe('old');
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
  } finally {
    child.kill('SIGKILL');
    model.close();
  }
});

test('a port that is taken is one line and exit code 1', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const port = portOf(other);
  const { ended, output } = start(temporary, '--port', String(port), '--state', join(temporary, 'kept'));
  expect(await ended).toEqual([1, null]);
  expect(output().trim().split('\n')).toEqual([expect.stringMatching(`^edge-reflection: Port ${port} is taken`)]);
  other.close();
});

test('an unknown flag is one line, then the usage', async () => {
  const { ended, output } = start(temporary, '--modle', 'x');
  expect(await ended).toEqual([1, null]);
  expect(output()).toMatch(/^\nedge-reflection: Unknown option '--modle'\.\n\nUsage: npm start/);
});

test('help is shown and nothing is started', async () => {
  const { ended, output } = start(temporary, '--help');
  expect(await ended).toEqual([0, null]);
  expect(output()).toContain('--ephemeral');
});

test('it ends when the shell that npm ran it in is gone', async () => {
  // A model server that takes the call and says nothing keeps the launch on its way.
  const asked = Promise.withResolvers<void>();
  const mute = createHttpServer(() => asked.resolve()).listen(0, '127.0.0.1');
  await once(mute, 'listening');
  const upstream = `http://127.0.0.1:${portOf(mute)}/v1`;
  const line = `${process.execPath} ${startScript} --port 0 --ephemeral --upstream ${upstream}`;
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
