/** One fetch at a time, and a lock that a fallen process cannot hold for ever. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withFileLock } from '../../local/file-lock.ts';

let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'));
  path = join(folder, 'model.gguf.lock');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const pace = { pollMs: 5, beatMs: 20, stillMs: 400 };

function hold<Result>(work: () => Promise<Result>, onWait: () => void = () => undefined): Promise<Result> {
  return withFileLock(path, AbortSignal.timeout(20_000), onWait, work, pace);
}

test('work comes one after the other, and the lock goes with it', async () => {
  const order: string[] = [];
  const work = (name: string) => async () => {
    order.push(`${name} begins`);
    await pause(30);
    order.push(`${name} ends`);
  };
  await Promise.all([hold(work('first')), hold(work('second'))]);
  expect(order[1]).toBe(order[0]?.replace('begins', 'ends'));
  expect(order[3]).toBe(order[2]?.replace('begins', 'ends'));
  expect(existsSync(path)).toBe(false);
});

test('the lock of a fallen process is taken over also when another process has its number by now', async () => {
  await writeFile(path, String(process.ppid));
  let waits = 0;
  expect(
    await hold(
      async () => 'done',
      () => (waits += 1),
    ),
  ).toBe('done');
  expect(waits).toBe(1);
});

test('the lock of a process that is alive is waited for, however long it works', async () => {
  let working = false;
  const first = hold(async () => {
    working = true;
    await pause(pace.stillMs * 3);
    working = false;
  });
  await expect.poll(() => working).toBe(true);
  expect(await hold(async () => working)).toBe(false);
  await first;
});

test('waiting ends when it is called off', async () => {
  await writeFile(path, String(process.ppid));
  const stop = new AbortController();
  const waiting = withFileLock(
    path,
    stop.signal,
    () => stop.abort(new Error('called off')),
    async () => 'done',
    pace,
  );
  await expect(waiting).rejects.toThrow();
  expect(existsSync(path)).toBe(true);
});
