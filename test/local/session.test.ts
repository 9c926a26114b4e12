/** That everything a launch starts ends with it. */
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Child, firstMessage, startChild } from '../../local/child.ts';
import { findPort } from '../../local/free-port.ts';
import { keepWorker } from '../../local/keep-worker.ts';
import { LaunchError } from '../../local/launch-error.ts';
import { Session } from '../../local/session.ts';
import { usualWatch, workerReady, workerSilent } from '../../local/worker.ts';
import { serve } from './file-server.ts';

let folder = '';
let started: Child[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'session-'));
  started = [];
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});

afterEach(async () => {
  for (const child of started) child.kill();
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

/** A child that runs this script. */
async function startScript(script: string, name = 'the child'): Promise<Child> {
  const path = join(folder, `${started.length}.mjs`);
  await writeFile(path, script);
  const child = startChild({ name, words: [path], cwd: folder });
  started.push(child);
  return child;
}

/** A child that says its own number and that of a process it started, both of which ignore gentle words. */
const stubborn = `
  import { spawn } from 'node:child_process';
  process.on('SIGTERM', () => undefined);
  const inner = spawn(process.execPath, ['-e', "process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000)"]);
  process.send({ pids: [process.pid, inner.pid] });
  setInterval(() => undefined, 1000);
`;

/** False also for a process that has ended and waits for its parent to notice, as it may for a while in a container. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

const readPids = (value: unknown): number[] | undefined =>
  typeof value === 'object' && value !== null && 'pids' in value && Array.isArray(value.pids) ? value.pids : undefined;

class FakeHost extends EventEmitter {
  readonly exits: number[] = [];

  exit(code: number): void {
    this.exits.push(code);
  }
}

describe('a child', () => {
  test('ends when it is asked to', async () => {
    const child = await startScript('process.send("up"); setInterval(() => undefined, 1000)');
    await firstMessage(child, (value) => (value === 'up' ? value : undefined));
    await child.stop();
    expect(await child.ended).toMatchObject({ signal: 'SIGTERM' });
  });

  test('that does not listen is ended by force, with all that it started', async () => {
    const child = await startScript(stubborn);
    const pids = (await firstMessage(child, readPids)) ?? [];
    expect(pids.map(isAlive)).toEqual([true, true]);
    await child.stop(200);
    await expect.poll(() => pids.some(isAlive)).toBe(false);
  });

  test('that fell takes what it started with it', async () => {
    const child = await startScript(`
      import { spawn } from 'node:child_process';
      const inner = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
      process.send({ pids: [inner.pid] }, () => process.exit(3));
    `);
    const [inner = 0] = (await firstMessage(child, readPids)) ?? [];
    expect(await child.ended).toEqual({ code: 3, signal: null });
    await child.stop();
    await expect.poll(() => isAlive(inner)).toBe(false);
  });

  test('keeps its last words', async () => {
    const child = await startScript('console.error("out of memory"); process.exitCode = 1');
    await child.ended;
    await expect.poll(() => child.lastWords()).toBe('out of memory');
  });

  test('gives no message when it ends without one', async () => {
    const child = await startScript('');
    expect(await firstMessage(child, (value) => value)).toBeUndefined();
  });
});

describe('a session', () => {
  test('stops its children and tidies up after its work', async () => {
    const session = new Session(new FakeHost());
    const child = await startScript('setInterval(() => undefined, 1000)');
    const order: string[] = [];
    void child.ended.then(() => order.push('ended'));
    session.onEnd(async () => order.push('tidied'));
    const code = await session.run(async () => session.add(child));
    expect(code).toBe(0);
    expect(order).toEqual(['ended', 'tidied']);
  });

  test('writes one line for what a person can mend, and gives its exit code', async () => {
    const session = new Session(new FakeHost());
    expect(await session.run(() => Promise.reject(new LaunchError('Port 1 is taken.')))).toBe(1);
    expect(console.error).toHaveBeenCalledExactlyOnceWith('\nedge-reflection: Port 1 is taken.');
  });

  test('ends in order at the first Ctrl-C, with code 0 when it was serving', async () => {
    const host = new FakeHost();
    const session = new Session(host);
    const running = session.run(async () => {
      expect(await session.firstEnd()).toBeUndefined();
    });
    host.emit('SIGINT');
    expect(await running).toBe(0);
    expect(host.exits).toEqual([]);
  });

  test('gives 130 when it is interrupted on its way', async () => {
    const host = new FakeHost();
    const session = new Session(host);
    const running = session.run(() => pause(60_000, undefined, { signal: session.signal }));
    host.emit('SIGTERM');
    expect(await running).toBe(130);
  });

  test('ends everything by force at the second Ctrl-C', async () => {
    const host = new FakeHost();
    let now = 0;
    const session = new Session(host, () => now);
    const child = await startScript(stubborn);
    const pids = (await firstMessage(child, readPids)) ?? [];
    session.add(child);
    host.emit('SIGINT');
    now = 1000;
    host.emit('SIGINT');
    expect(host.exits).toEqual([130]);
    await expect.poll(() => pids.some(isAlive)).toBe(false);
  });

  test('takes what npm passes on of a Ctrl-C as the same Ctrl-C', async () => {
    const host = new FakeHost();
    let now = 0;
    const session = new Session(host, () => now);
    const running = session.run(async () => {
      await session.firstEnd();
    });
    host.emit('SIGINT');
    now = 100;
    host.emit('SIGINT');
    expect(await running).toBe(0);
    expect(host.exits).toEqual([]);
    expect(console.error).toHaveBeenCalledExactlyOnceWith('\nStopping …');
  });

  test('ends in order when its starter has gone, and does not hurry an end under way', async () => {
    const host = new FakeHost();
    const session = new Session(host);
    const running = session.run(async () => {
      expect(await session.firstEnd()).toBeUndefined();
    });
    session.end('npm has ended');
    session.end('npm has ended');
    expect(await running).toBe(0);
    expect(host.exits).toEqual([]);
    expect(console.error).toHaveBeenCalledExactlyOnceWith('\nStopping, because npm has ended …');
  });

  test('tells which child ended by itself', async () => {
    const session = new Session(new FakeHost());
    const child = await startScript('process.exitCode = 7', 'the Worker');
    session.add(child);
    expect((await session.firstEnd())?.name).toBe('the Worker');
  });
});

describe('waiting for the Worker', () => {
  const signal = AbortSignal.timeout(20_000);

  test('ends when it answers', async () => {
    await using server = await serve((_request, response, seen) => {
      if (seen < 3) response.destroy();
      else response.end('{}');
    });
    const child = await startScript('setInterval(() => undefined, 1000)');
    await workerReady(child, new URL(server.url).origin, signal);
    expect(server.ranges.length).toBe(3);
  });

  test('tells what the Worker said when it ended', async () => {
    const child = await startScript('console.error("no such binding"); process.exitCode = 1');
    await once(child.process, 'close');
    await expect(workerReady(child, 'http://127.0.0.1:9', signal)).rejects.toThrow(
      /did not start[\s\S]*no such binding/,
    );
  });

  test('does not wait for a source that cannot be built', async () => {
    const child = await startScript('console.error("Build failed with 1 error"); setInterval(() => undefined, 1000)');
    await expect(workerReady(child, 'http://127.0.0.1:9', signal)).rejects.toThrow(/could not be built/);
  });

  test('says so when the Worker answers that it is broken', async () => {
    await using server = await serve((_request, response) => {
      response.writeHead(500).end();
    });
    const child = await startScript('setInterval(() => undefined, 1000)');
    await expect(workerReady(child, new URL(server.url).origin, signal)).rejects.toThrow(/answers 500/);
  });

  test('does not wait for ever', async () => {
    const child = await startScript('setInterval(() => undefined, 1000)');
    await expect(workerReady(child, 'http://127.0.0.1:9', signal, 200)).rejects.toThrow(/did not answer within/);
  });
});

describe('keeping the Worker', () => {
  /** Starts children that run these scripts, one after the other, the last one again and again. */
  async function keep(...scripts: string[]) {
    const session = new Session(new FakeHost());
    const port = await findPort(0);
    const paths = scripts.map((_script, index) => join(folder, `kept-${index}.mjs`));
    await Promise.all(scripts.map((script, index) => writeFile(paths[index] ?? '', script)));
    let starts = 0;
    const begin = () => {
      const path = paths[Math.min(starts++, paths.length - 1)] ?? '';
      const child = startChild({ name: 'the Worker', words: [path, String(port)], cwd: folder });
      started.push(child);
      return child;
    };
    const first = begin();
    session.add(first);
    const lines: string[] = [];
    const address = `http://127.0.0.1:${port}`;
    const kept = keepWorker({ first, start: begin, port, address, say: (line) => lines.push(line) }, session);
    return { session, kept, lines, starts: () => starts };
  }

  const serves = `
    import { createServer } from 'node:http';
    createServer((_request, response) => response.end('{}')).listen(Number(process.argv[2]), '127.0.0.1');
  `;

  test('starts one that fell again, and ends with the session', async () => {
    const { session, kept, lines } = await keep('process.exitCode = 7', serves);
    await expect
      .poll(() => lines, { timeout: 10_000 })
      .toEqual([
        'The Worker fell (the Worker ended by itself, code 7): it is started again …',
        'The Worker answers again.',
      ]);
    session.end('it was seen');
    expect(await kept).toBeUndefined();
  });

  test('gives up when it falls again and again', async () => {
    const { kept, lines, starts } = await keep('console.error("no disk"); process.exitCode = 3');
    await expect(kept).rejects.toThrow(/^Stopped, because the Worker fell 6 times within a minute/);
    expect([lines.length, starts()]).toEqual([5, 6]);
  });
});

describe('watching the Worker', () => {
  const watch = { pauseMs: 10, limitMs: 300, misses: 4 };
  const quiet = { lastWords: () => '' };

  test('tells when nobody listens any longer', async () => {
    const server = await serve((_request, response) => response.end('{}'));
    const silent = workerSilent(quiet, new URL(server.url).origin, new AbortController().signal, watch);
    await expect.poll(() => server.ranges.length).toBeGreaterThan(2);
    await server[Symbol.asyncDispose]();
    expect(await silent).toBe('silent');
  });

  test('tells when calls are taken and never answered', async () => {
    await using server = await serve((_request, response, seen) => {
      if (seen < 3) response.end('{}');
    });
    const signal = new AbortController().signal;
    expect(await workerSilent(quiet, new URL(server.url).origin, signal, watch)).toBe('silent');
    expect(server.ranges.length).toBe(2 + watch.misses);
  });

  test('bears silence as long as an answer comes in between, and any status is an answer', async () => {
    const stop = new AbortController();
    await using server = await serve((_request, response, seen) => {
      if (seen >= 16) stop.abort();
      if (seen % 4 === 0) response.writeHead(503).end();
      else response.destroy();
    });
    expect(
      await workerSilent(quiet, new URL(server.url).origin, stop.signal, { ...watch, limitMs: 5000 }),
    ).toBeUndefined();
    expect(server.ranges.length).toBe(16);
  });

  test('bears it that Wrangler holds all calls while a source cannot be built, until that is mended', async () => {
    let words = '';
    await using server = await serve((_request, response, seen) => {
      if (seen === 2) words = '✘ Build failed with 1 error: Expected identifier';
      else if (seen === 1 || seen === 7) response.end('{}');
    });
    const signal = new AbortController().signal;
    const wrangler = { lastWords: () => words };
    expect(await workerSilent(wrangler, new URL(server.url).origin, signal, watch)).toBe('silent');
    expect(server.ranges.length).toBe(7 + watch.misses);
  });

  test('waits well over 15 seconds by itself', () => {
    const { pauseMs, misses } = usualWatch;
    expect(pauseMs * (misses - 1)).toBeGreaterThanOrEqual(15_000);
  });

  test('ends with the session, also in the middle of a call', async () => {
    const stop = new AbortController();
    await using server = await serve(() => stop.abort());
    const watching = workerSilent(quiet, new URL(server.url).origin, stop.signal, { ...watch, limitMs: 60_000 });
    expect(await watching).toBeUndefined();
  });
});
