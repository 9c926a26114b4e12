/** `eval contamination`: rows of training data that hold a part of a benchmark are found. The planted rows take their words from the project's own data sets. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LoadTools } from '../../eval/benchmarks/benchmark.ts';
import { type BenchmarkName, benchmarkNamed } from '../../eval/benchmarks/benchmarks.ts';
import { findContamination } from '../../eval/commands/contamination.ts';
import { indexOfBenchmarks } from '../../eval/contamination/benchmark-index.ts';
import { normalisedWords, PhraseIndex } from '../../eval/contamination/phrase-index.ts';

let folder = '';

/** Of the data sets in the repository alone. */
const indexed = await indexOfBenchmarks(join(import.meta.dirname, 'no such folder'));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contamination-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const offline: LoadTools = {
  signal: new AbortController().signal,
  say: () => undefined,
  fetch: () => Promise.reject(new Error('No network.')),
};

/** The question of an item as the data set has it. */
async function questionOf(
  name: BenchmarkName,
  index: number,
): Promise<{ readonly id: string; readonly question: string }> {
  const item = (await benchmarkNamed(name).load(offline))[index];
  if (!item) throw new Error('There is no such item.');
  return { id: item.id, question: item.ownTexts?.[0] ?? item.prompt };
}

const asText = (rows: readonly unknown[]): string => rows.map((row) => JSON.stringify(row)).join('\n');

/** What is told of a file with these rows. */
async function flaggedIn(content: string | Uint8Array): Promise<{ readonly lines: string[]; readonly said: string }> {
  const file = join(folder, 'rows.jsonl');
  await writeFile(file, content);
  const [lines, said]: [string[], string[]] = [[], []];
  await findContamination(file, indexed, { tell: (line) => lines.push(line), say: (line) => said.push(line) });
  return { lines, said: said.join('\n') };
}

const ordinary = [
  { text: 'Write a short poem about the sea in spring, with at least three stanzas and no commas at all, please.' },
  { text: Array.from({ length: 40 }, (_, index) => index).join(' ') },
  // Our own wording around a question of another kind.
  {
    text: "Answer the following multiple choice question. The last line of your response should be of the following format: 'Answer: $LETTER' (without quotes) where LETTER is one of ABCD. Think step by step before answering.\n\nWhich of these colours does the flag of my town have?",
  },
  { text: 'Solve it step by step. Write the answer alone on the last line, as a number behind "Answer:".' },
];

describe('rows that are planted', () => {
  test.for(['gsm8k', 'mmlu', 'ifeval', 'humaneval'] as const)('of %s are found, and no others', async (name) => {
    const { id, question } = await questionOf(name, 11);
    const { lines } = await flaggedIn(asText([...ordinary, { prompt: question }, ...ordinary]));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`Line ${ordinary.length + 1}: ${id} (“`);
  });

  test('are found in chats, in pairs and in texts, in other marks and another case', async () => {
    const { id, question } = await questionOf('gsm8k', 5);
    const changed = normalisedWords(question).join(' -- ').toUpperCase();
    const { lines } = await flaggedIn(
      asText([
        { messages: [{ role: 'user', content: [{ type: 'text', text: `Hello! ${changed}` }] }] },
        { prompt: 'A question', chosen: 'Yes', rejected: [{ role: 'assistant', content: changed }] },
        `Before. ${changed} After.`,
      ]),
    );
    expect(lines.map((line) => line.split(' (')[0])).toEqual([1, 2, 3].map((line) => `Line ${line}: ${id}`));
  });

  test('are found by a solution alone', async () => {
    const [item] = await benchmarkNamed('gsm8k').load(offline);
    const { lines } = await flaggedIn(asText([{ completion: item?.ownTexts?.[1] }]));
    expect(lines[0]).toContain('Line 1: gsm8k-0');
  });

  test('are found in a gzipped file, and one that is cut off is not taken for a clean one', async () => {
    const { question } = await questionOf('gsm8k', 7);
    const packed = gzipSync(asText([...ordinary, question]));
    expect((await flaggedIn(packed)).lines).toHaveLength(1);
    await expect(flaggedIn(packed.subarray(0, -20))).rejects.toThrow('unexpected end of file');
  });
});

test('a line that is no JSON is named', async () => {
  await expect(flaggedIn(`${asText(ordinary)}\n\n{"text": `)).rejects.toThrow(/^Line 6 is no JSON\.$/);
});

test('data sets that are not on this machine are named', async () => {
  const { lines, said } = await flaggedIn(asText(ordinary));
  expect(lines).toEqual([]);
  expect(said).toContain(`0 of ${ordinary.length} rows`);
  expect(said).toContain('not on this machine: math, gpqa.');
});

describe('a phrase', () => {
  const phrase = 'the quick brown fox jumps over the lazy dog near our old mill';

  test('has 13 words; with 12 there is nothing in common', () => {
    const index = new PhraseIndex();
    index.add('item-1', `So ${phrase}, they say.`);
    expect(index.find(`Now ${phrase}!`)).toEqual([{ item: 'item-1', phrase }]);
    expect(index.find(phrase.replace(' mill', ' house'))).toEqual([]);
    expect(index.find(phrase.replace('quick', 'slow'))).toEqual([]);
  });

  test('in more than ten items is a form of asking', () => {
    const index = new PhraseIndex();
    for (let item = 1; item <= 10; item += 1) index.add(`item-${item}`, phrase);
    index.add('item-10', phrase);
    expect(index.find(phrase)).toHaveLength(1);
    index.add('item-11', phrase);
    expect(index.find(phrase)).toEqual([]);
  });
});

describe('the command', () => {
  async function run(...words: readonly string[]) {
    const script = join(import.meta.dirname, '..', '..', 'eval', 'main.ts');
    const child = spawn(process.execPath, [script, 'contamination', ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'close');
    const [out, problem] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: (await ended)[0], out, problem };
  }

  test('ends with 1 where a row is flagged, and with 0 where none is', { timeout: 60_000 }, async () => {
    const file = join(folder, 'rows.jsonl');
    await writeFile(file, asText(ordinary));
    expect(await run(file)).toMatchObject({ code: 0, out: '' });
    const { id, question } = await questionOf('ifeval', 3);
    await writeFile(file, asText([...ordinary, { text: question }]));
    const { code, out } = await run(file);
    expect(code).toBe(1);
    expect(out).toMatch(new RegExp(`^Line 5: ${id} `));
  });

  test('asks for a file', async () => {
    expect((await run()).problem).toContain('Which file?');
  });
});
