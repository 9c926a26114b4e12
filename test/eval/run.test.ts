/** `npm run eval` over a model server that is played here: measured, killed, gone on with, and told of. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readArms } from '../../eval/arms.ts';
import { readRecords } from '../../eval/records.ts';
import { halfOf, sampled } from '../../eval/sample.ts';

const script = join(import.meta.dirname, '..', '..', 'eval', 'main.ts');

let folder = '';
let upstream: Server | undefined;
let asked = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eval-'));
  asked = 0;
});

afterEach(async () => {
  upstream?.closeAllConnections();
  upstream?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Answers each question with a number of its own, the same each time; 20 ms an answer. */
async function playUpstream(): Promise<string> {
  upstream = createServer(async (request, response) => {
    const body = await text(request);
    if (request.method === 'GET') return response.end(JSON.stringify({ data: [{ id: 'played' }] }));
    asked += 1;
    const number = body.length % 7;
    await new Promise((resolve) => setTimeout(resolve, 20));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const say = (chunk: unknown) => response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    say({ choices: [{ index: 0, delta: { content: `I think.\nAnswer: ${number}` }, finish_reason: null }] });
    say({
      choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
      usage: { prompt_tokens: 9, completion_tokens: 4 },
    });
    return response.end('data: [DONE]\n\n');
  }).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const address = upstream.address();
  if (address === null || typeof address === 'string') throw new Error('There is no port.');
  return `http://127.0.0.1:${address.port}/v1`;
}

function evaluate(url: string, out: string, ...words: readonly string[]) {
  const all = ['--benchmark', 'gsm8k', '--strategy', 'direct,vote', '--limit', '12', '--upstream', url, '--out', out];
  return spawn(process.execPath, [script, ...all, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function finished(child: ReturnType<typeof evaluate>): Promise<string> {
  const [told] = await Promise.all([text(child.stderr), once(child, 'close')]);
  return told;
}

/** Without what differs from run to run. */
async function reportIn(out: string): Promise<string> {
  const report = await readFile(join(out, 'report.md'), 'utf8');
  return report.replace(/^- (?:made|again): .*$/gm, '').replaceAll(/\d+ ms/g, '# ms');
}

describe('a run', () => {
  test('measures each arm on each item once, and tells of it in Markdown and on one page', async () => {
    const url = await playUpstream();
    const out = join(folder, 'whole');
    const told = await finished(evaluate(url, out, '--upstream-key', 'sk-secret'));
    expect(told).toContain('24 answers, about 60 model calls');
    expect(told).toContain('24 of 24');
    const records = await readRecords(join(out, 'records.jsonl'));
    expect(records).toHaveLength(24);
    expect(new Set(records.map(({ item, arm }) => `${item} ${arm}`)).size).toBe(24);
    expect(records[0]).toMatchObject({ benchmark: 'gsm8k', seed: 0, status: 'completed', calls: 1, output_tokens: 4 });
    const report = await readFile(join(out, 'report.md'), 'utf8');
    expect(report).toContain('| direct | 12 |');
    expect(report).toMatch(/\| vote \| 12 \|.*n\.s\./);
    const page = await readFile(join(out, 'report.html'), 'utf8');
    expect(page).toContain('<svg');
    expect(page).not.toMatch(/<script|<link|src=|href=|url\(/);
    expect(report + page).not.toContain('sk-secret');
  });

  test('of IFEval tells what was followed by prompt and by instruction, strictly and loosely', async () => {
    const url = await playUpstream();
    const out = join(folder, 'ifeval');
    const strategies = ['--strategy', 'direct,checks+declared'];
    await finished(evaluate(url, out, '--benchmark', 'ifeval', ...strategies, '--half', 'report'));
    const records = await readRecords(join(out, 'records.jsonl'));
    expect(records).toHaveLength(24);
    for (const { item, verdict } of records) {
      expect(item).toMatch(/^ifeval-\d+$/);
      expect(verdict['strict']).toHaveLength(Object(verdict['instructions']).length);
    }
    const right = (name: string) => records.filter(({ arm, verdict }) => arm === name && verdict.correct).length;
    expect(right('checks+declared')).toBeGreaterThanOrEqual(right('direct'));
    const mended = records.filter(({ mends }) => mends.length > 0);
    expect(mended.length).toBeGreaterThan(0);
    expect(mended.every(({ arm }) => arm === 'checks+declared')).toBe(true);
    const report = await readFile(join(out, 'report.md'), 'utf8');
    expect(report).toContain('| arm | prompts, strict | prompts, loose | instructions, strict | instructions, loose |');
  });

  test('that is killed goes on where it stopped, asks nothing again, and yields the same report', {
    timeout: 60_000,
  }, async () => {
    const url = await playUpstream();
    const [whole, broken] = [join(folder, 'whole'), join(folder, 'broken')];
    await finished(evaluate(url, whole));
    const once = asked;
    asked = 0;
    const child = evaluate(url, broken);
    await expect.poll(() => asked, { timeout: 20_000 }).toBeGreaterThan(8);
    child.kill('SIGKILL');
    await finished(child);
    // What a crash leaves of a line.
    await appendFile(join(broken, 'records.jsonl'), '{"benchmark":"gsm8k","item":"gs');
    await finished(evaluate(url, broken));
    // The calls that were under way may be asked again: a vote draws two samples at a time.
    expect(asked).toBeLessThanOrEqual(once + 2);
    expect(await reportIn(broken)).toBe(await reportIn(whole));
  });

  test('that was packed goes on from what is packed', async () => {
    const url = await playUpstream();
    const out = join(folder, 'packed');
    await finished(evaluate(url, out));
    const before = asked;
    await rm(join(out, 'records.jsonl'));
    await rm(join(out, 'calls.jsonl'));
    await finished(evaluate(url, out));
    expect(asked).toBe(before);
  });

  test('says in one line what is missing', async () => {
    const told = async (...words: readonly string[]) => {
      const child = spawn(process.execPath, [script, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
      return (await finished(child)).trim();
    };
    expect(await told()).toMatch(/^edge-reflection: Which benchmark\?/);
    expect(await told('--benchmark', 'gsm8k')).toMatch(/What answers\? One of --endpoint/);
    expect(await told('--benchmark', 'gsm8k', '--local', '--strategy', 'guess')).toMatch(
      /There is no strategy "guess"/,
    );
    expect(await told('--benchmark', 'arc', '--upstream', 'http://127.0.0.1:1')).toMatch(/There is no benchmark "arc"/);
  });
});

describe('the items', () => {
  const items = Array.from({ length: 541 }, (_, index) => ({
    id: `item-${index}`,
    prompt: '',
    checks: [],
    score: async () => ({ correct: true }),
  }));
  const ids = (chosen: readonly { readonly id: string }[]) => chosen.map(({ id }) => id);

  test('fall into two halves that have nothing in common and are the same for ever', () => {
    const [develop, report] = [ids(halfOf(items, 'develop')), ids(halfOf(items, 'report'))];
    expect([develop.length, report.length]).toEqual([270, 271]);
    expect(new Set([...develop, ...report]).size).toBe(541);
    expect(develop.slice(0, 4)).toEqual(ids(halfOf(items, 'develop')).slice(0, 4));
  });

  test('are drawn so that a larger sample holds the smaller one', () => {
    const [small, large] = [ids(sampled(items, 20, 3)), ids(sampled(items, 60, 3))];
    expect(small).toHaveLength(20);
    expect(small.every((id) => large.includes(id))).toBe(true);
    expect(ids(sampled(items, 20, 4))).not.toEqual(small);
  });
});

test('arms are strategies or the best of several drafts, with or without declared checks', () => {
  expect(readArms('direct, checks+declared,direct,best-of-4')).toEqual([
    { name: 'direct', strategy: 'direct', declares: false, samples: 1 },
    { name: 'checks+declared', strategy: 'checks', declares: true, samples: 1 },
    { name: 'best-of-4', strategy: 'direct', declares: false, samples: 4 },
  ]);
  expect(() => readArms('')).toThrow('Which strategies?');
  expect(() => readArms('best-of-1')).toThrow('There is no strategy "best-of-1"');
});
