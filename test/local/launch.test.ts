/** A launch that is hit: by a second one on its state, by the loss of its runtime, by its own end by force. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Launched, playModel, start } from './launched.ts';

let temporary = '';
let model: Awaited<ReturnType<typeof playModel>>;
let launches: Launched[] = [];

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'launch-'));
  model = await playModel('The sea is blue. It is deep.');
  launches = [];
});

afterEach(async () => {
  for (const { child, ended } of launches) {
    child.kill('SIGTERM');
    await ended;
  }
  model.close();
  await rm(temporary, { recursive: true, force: true });
});

function launch(...words: string[]): Launched {
  const launched = start(temporary, '--port', '0', '--upstream', model.url, '--context', '2048', ...words);
  launches.push(launched);
  return launched;
}

const stateFolder = () => join(temporary, 'kept');
const privateFolders = () => readdirSync(temporary).filter((name) => name.startsWith('edge-reflection-'));

/** The processes that descend from this one and run `program`. */
function descendants(of: number | undefined, program: string): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((row) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row) ?? [])
    .map(([, pid, parent, words = '']) => ({ pid: Number(pid), parent: Number(parent), words }));
  const below = (parent: number | undefined): typeof rows =>
    rows.filter((row) => row.parent === parent).flatMap((row) => [row, ...below(row.pid)]);
  return below(of).flatMap(({ pid, words }) => (words.includes(program) ? [pid] : []));
}

test('two launches on one state folder: the second is refused in one line', { timeout: 60_000 }, async () => {
  const first = launch('--state', stateFolder());
  const { url, headers, body } = await first.ready();
  const second = launch('--state', stateFolder());
  expect(await second.ended).toEqual([1, null]);
  expect(second.output().trim().split('\n')).toEqual([
    expect.stringContaining(`The state in ${stateFolder()} is in use by another launch (process ${first.child.pid})`),
  ]);
  // The first is none the worse for it, and the next one begins where it has ended.
  expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(200);
  await expect.poll(first.output).toMatch(/^POST \/v1\/reflections 200 kept_draft_pass \d+ ms req_\S+$/m);
  first.child.kill('SIGTERM');
  expect(await first.ended).toEqual([0, null]);
  expect(existsSync(join(stateFolder(), 'launch.lock'))).toBe(false);
});

test('a runtime that is killed is started again on the same port and state', { timeout: 60_000 }, async () => {
  const { child, output, stdout, ready } = launch('--ephemeral', '--log', 'json');
  const { url, headers, body } = await ready();
  // Under a key, a run survives from its first moment on; a plain one is stored within 200 ms.
  const keyed = { ...headers, 'idempotency-key': 'survives' };
  const asked = await (await fetch(url, { method: 'POST', headers: keyed, body })).json();
  // One is Wrangler's proxy, the other one runs the Worker.
  for (const which of [0, -1]) {
    const times = (words: string) => output().split(words).length - 1;
    const before = times('The Worker answers again.');
    process.kill(descendants(child.pid, 'workerd serve').at(which) ?? 0, 'SIGKILL');
    await expect.poll(() => times('The Worker fell (its runtime ended, SIGKILL)'), { timeout: 3000 }).toBe(before + 1);
    await expect.poll(() => times('The Worker answers again.'), { timeout: 15_000 }).toBe(before + 1);
  }
  const read = await fetch(`${url}/${asked.id}`, { headers });
  expect(await read.json()).toEqual(asked);
  // Whoever asked for JSON gets nothing else on the standard output.
  await expect.poll(stdout).toContain(asked.id);
  const lines = stdout()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { event: 'request.answered', decision: 'kept_draft_pass' },
    { path: `/v1/reflections/${asked.id}` },
  ]);
});

test('a launcher that is killed leaves no Worker and no secrets, and its state is free', {
  timeout: 60_000,
}, async () => {
  const first = launch('--state', stateFolder());
  const { url } = await first.ready();
  expect(privateFolders()).toHaveLength(1);
  first.child.kill('SIGKILL');
  await first.ended;
  await expect.poll(privateFolders, { timeout: 10_000 }).toEqual([]);
  await expect
    .poll(
      () =>
        fetch(url).then(
          () => 'answers',
          () => 'gone',
        ),
      { timeout: 10_000 },
    )
    .toBe('gone');
  const second = launch('--state', stateFolder());
  await second.ready();
});

test('a start that fails leaves no secrets', async () => {
  model.close();
  const { ended } = launch('--state', stateFolder());
  expect(await ended).toEqual([1, null]);
  expect(privateFolders()).toEqual([]);
  expect(existsSync(join(stateFolder(), 'launch.lock'))).toBe(false);
});
