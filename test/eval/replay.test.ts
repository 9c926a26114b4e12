/** `eval replay`: recorded drafts through the engine, without a model. The drafts are written by hand for this project. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readArms } from '../../eval/arms.ts';
import { ifevalRows } from '../../eval/benchmarks/ifeval.ts';
import { draftsOf } from '../../eval/replay/recorded-drafts.ts';
import { replay } from '../../eval/replay/replay.ts';
import { wordsKept } from '../../eval/replay/words-kept.ts';
import { replayTables } from '../../eval/report/replay-tables.ts';
import { ifevalSets } from './ifeval-golden.ts';

const script = join(import.meta.dirname, '..', '..', 'eval', 'main.ts');

interface Row {
  readonly prompt?: string;
  readonly key?: number;
  readonly response: string;
  readonly instruction_id_list: readonly string[];
  readonly kwargs: readonly object[];
}

const rows: readonly Row[] = [
  // Code takes the commas out.
  {
    prompt: 'Describe the sea without commas.',
    response: 'The sea is wide, deep and blue.',
    instruction_id_list: ['punctuation:no_comma'],
    kwargs: [{}],
  },
  // It is right as it is.
  {
    prompt: 'Describe the wind in at least 3 words.',
    response: 'The wind is cold today.',
    instruction_id_list: ['length_constraints:number_words'],
    kwargs: [{ relation: 'at least', num_words: 3, keywords: null }],
  },
  // No code can make words up, but the commas go.
  {
    prompt: 'Write at least 200 words about rain, without commas.',
    response: 'Rain falls, and it stops.',
    instruction_id_list: ['length_constraints:number_words', 'punctuation:no_comma'],
    kwargs: [{ relation: 'at least', num_words: 200 }, {}],
  },
  // Nobody knows the title.
  {
    prompt: 'Write a poem with a title in double angular brackets.',
    response: 'roses are red\nviolets are blue',
    instruction_id_list: ['detectable_format:title'],
    kwargs: [{}],
  },
];
const lines = rows.map((row) => JSON.stringify(row)).join('\n');

/** The cells of a table's row. */
async function toldOf(title: string, first: string, strategies: string, declared = true): Promise<readonly string[]> {
  const arms = readArms(strategies).map((arm) => ({ ...arm, declares: declared }));
  const table = replayTables(await replay(draftsOf(lines, []), arms)).find((each) => each.title === title);
  return table?.rows.find(([name]) => name === first) ?? [];
}

describe('replayed drafts', () => {
  test('are told before and after, with what was fixed and broken', async () => {
    const told = (arm: string) => toldOf('Before and after', arm, 'direct,checks,selective');
    expect((await told('direct')).slice(0, 9)).toEqual([
      'direct',
      '4',
      '25.0 %',
      '25.0 %',
      '20.0 %',
      '20.0 %',
      '0',
      '0',
      '0',
    ]);
    for (const arm of ['checks', 'selective']) {
      expect((await told(arm)).slice(0, 9)).toEqual([arm, '4', '25.0 %', '50.0 %', '20.0 %', '60.0 %', '2', '0', '1']);
    }
  });

  test('lose no word where only marks are mended', async () => {
    expect(await toldOf('Content kept', 'checks', 'checks')).toEqual([
      'checks',
      '2',
      '100.0 %',
      '100.0 %',
      '100.0 %',
      '1',
    ]);
  });

  test('are told by instruction', async () => {
    expect(await toldOf('By instruction', 'punctuation:no_comma', 'direct,checks')).toEqual([
      'punctuation:no_comma',
      '2',
      '0',
      '0 (+0 −0)',
      '2 (+2 −0)',
    ]);
  });

  test('are held against our checks and the scorer, and so is what was made of them', async () => {
    const row = await toldOf('Our checks against the scorer', 'punctuation:no_comma', 'checks');
    expect(row).toEqual(['punctuation:no_comma', '2', '0', '0', '0', '0', '2', '0', '0', '0', '0']);
  });

  test('show where our check and the scorer do not agree, and on which lines', () => {
    const one = { line: 4, text: 'draft', instruction: 'startend:quotation', ours: 'pass', scorer: false } as const;
    const compared = [
      one,
      { ...one, line: 9 },
      { ...one, ours: 'fail', scorer: true },
      { ...one, ours: 'skipped' },
      { ...one, text: 'answer', ours: 'none' },
      { ...one, instruction: 'detectable_format:title', scorer: true },
    ] as const;
    const tables = replayTables({ drafts: 1, withoutPrompt: 0, replayed: [], compared });
    expect(tables.find(({ title }) => title === 'Our checks against the scorer')?.rows).toEqual([
      ['detectable_format:title', '1', '0', '0', '0', '0', '0', '0', '0', '0', '0'],
      ['startend:quotation', '4', '2 (4, 9)', '1 (4)', '1', '0', '1', '0', '0', '0', '1'],
      ['all', '5', '2 (4, 9)', '1 (4)', '1', '0', '1', '0', '0', '0', '1'],
    ]);
  });

  test('declare nothing unless an arm does', async () => {
    const [plain] = (await replay(draftsOf(lines, []).slice(1, 2), readArms('checks'))).replayed;
    const [declared] = (await replay(draftsOf(lines, []).slice(1, 2), readArms('checks+declared'))).replayed;
    expect([plain?.changed, declared?.changed]).toEqual([false, false]);
    expect(declared?.decision).toBe('kept_draft_pass');
  });

  test('name the one that became worse and what it no longer follows', () => {
    const worse = {
      line: 7,
      arm: 'checks',
      decision: 'repaired_check',
      instructions: ['startend:quotation', 'punctuation:no_comma'],
      before: [true, true],
      after: [true, false],
      changed: true,
      kept: 0.5,
      mends: ['joined'],
    };
    const tables = replayTables({ drafts: 1, withoutPrompt: 0, replayed: [worse], compared: [] });
    expect(tables.find(({ title }) => title === 'Broken drafts')?.rows).toEqual([
      ['checks', '7', 'punctuation:no_comma', 'joined'],
    ]);
    expect(tables[0]?.rows[0]?.slice(2, 9)).toEqual(['100.0 %', '0.0 %', '100.0 %', '50.0 %', '0', '1', '0']);
  });

  test('of real models lose nothing that they had right, where the labels are declared', async () => {
    const recorded = ifevalSets[0]?.rows.slice(0, 120).map((row) => JSON.stringify(row)) ?? [];
    const drafts = draftsOf(recorded.join('\n'), await ifevalRows());
    expect(drafts.filter(({ prompt }) => prompt === null)).toEqual([]);
    const { replayed } = await replay(drafts, readArms('checks+declared'));
    const right = (flags: readonly boolean[]) => flags.every(Boolean);
    const flips = replayed.map(({ before, after }) => Number(right(after)) - Number(right(before)));
    expect(flips.filter((flip) => flip < 0)).toEqual([]);
    expect(flips.filter((flip) => flip > 0).length).toBeGreaterThan(0);
  });
});

describe('a file of drafts', () => {
  const good = JSON.stringify(rows[0]);

  test.for([
    ['Line 3 is no JSON.', '{"prompt": '],
    ['Line 3 is no recorded draft: response: ', '{"instruction_id_list": [], "kwargs": []}'],
    [
      'Line 3 is no recorded draft: There is no instruction "no:such".',
      JSON.stringify({ ...rows[0], instruction_id_list: ['no:such'] }),
    ],
    ['Line 3 is no recorded draft: Instructions: 1, kwargs: 0.', JSON.stringify({ ...rows[0], kwargs: [] })],
    ['Line 3 is no recorded draft: ', '7'],
  ])('names the line that cannot be read: %s', ([message, line]) => {
    expect(() => draftsOf([good, '', line].join('\n'), [])).toThrow(message);
  });

  test('may leave prompts out: the data set has them by key and instructions', async () => {
    const known = await ifevalRows();
    const { prompt: _, ...row } = { ...rows[0], key: 1001 };
    const prompts = (each: object) => draftsOf(JSON.stringify(each), known).map(({ prompt }) => prompt);
    expect(prompts(row)[0]).toMatch(/^I am planning a trip to Japan/);
    expect(prompts({ ...row, key: 3 })).toEqual([null]);
    expect(prompts({ ...row, prompt: 'Another.' })).toEqual(['Another.']);
  });
});

test('words are kept in any order and either case, each as often as it stood', () => {
  expect(wordsKept('One two, two three', 'THREE two one')).toBe(0.75);
  expect(wordsKept('', 'words')).toBe(1);
  expect(wordsKept('바다는 넓다', '바다는 깊다')).toBe(0.5);
});

describe('the command', () => {
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'replay-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function run(...words: readonly string[]) {
    const child = spawn(process.execPath, [script, 'replay', ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'close');
    const [out, problem] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: (await ended)[0], out, problem };
  }

  test('writes its report to the output and into the folder, and reads gzip', async () => {
    const file = join(folder, 'drafts.jsonl.gz');
    await writeFile(file, gzipSync(lines));
    const { code, out } = await run(file, '--strategy', 'direct,checks', '--declared', '--out', folder);
    expect(code).toBe(0);
    expect(out).toContain('| checks | 4 | 25.0 % | 50.0 % |');
    expect(await readFile(join(folder, 'replay.md'), 'utf8')).toBe(out);
    const kept = (await readFile(join(folder, 'replay.jsonl'), 'utf8')).trim().split('\n');
    expect(kept.map((line): unknown => JSON.parse(line))).toHaveLength(8);
  });

  test('says in one line what is wrong', async () => {
    const file = join(folder, 'drafts.jsonl');
    await writeFile(file, `${lines}\n{`);
    const read = await run(file, '--out', folder);
    expect([read.code, read.problem]).toEqual([1, 'edge-reflection: Line 5 is no JSON.\n']);
    expect((await run()).problem).toContain('Which file?');
    expect((await run(join(folder, 'none.jsonl'))).problem).toMatch(/^edge-reflection: .*none\.jsonl/);
  });
});
