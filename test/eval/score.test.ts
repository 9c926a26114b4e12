/** `eval score` as a person pipes rows through it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { DataFailure, type LoadTools } from '../../eval/benchmarks/benchmark.ts';
import { benchmarkNamed } from '../../eval/benchmarks/benchmarks.ts';
import { readCsv } from '../../eval/benchmarks/csv.ts';

const script = join(import.meta.dirname, '..', '..', 'eval', 'main.ts');

async function scored(benchmark: string, ...rows: readonly unknown[]) {
  const child = spawn(process.execPath, [script, 'score', '--benchmark', benchmark]);
  const ended = once(child, 'close');
  child.stdin.end(rows.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join(''));
  const [out, problem] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await ended;
  const lines = out.split('\n').filter((line) => line !== '');
  return { code, problem, verdicts: lines.map((line): unknown => JSON.parse(line)) };
}

describe('scoring lines', () => {
  test('takes rows of GSM8K, and golds alone', async () => {
    const row = { question: 'How many?', answer: 'Two and two.\n#### 4' };
    const { code, verdicts } = await scored(
      'gsm8k',
      { ...row, response: 'Answer: 4' },
      { gold: '1,018', response: 'It is $1018.' },
      { gold: 5, response: '' },
      row,
    );
    expect(code).toBe(0);
    expect(verdicts).toMatchObject([
      { index: 0, correct: true },
      { index: 1, correct: true },
      { index: 2, correct: false },
      { index: 3, correct: false },
    ]);
  });

  test('takes rows of MATH, MMLU and GPQA', async () => {
    const math = await scored('math', {
      problem: '?',
      solution: 's',
      answer: '\\frac{1}{2}',
      response: '\\boxed{1/2}',
    });
    expect(math.verdicts).toEqual([{ index: 0, correct: true, extracted: '1/2' }]);
    const choices = { question: '?', choices: ['a', 'b', 'c', 'd'], answer: 2 };
    const mmlu = await scored('mmlu', { ...choices, response: 'Answer: C' }, { ...choices, response: 'answer: c' });
    expect(mmlu.verdicts).toMatchObject([{ correct: true }, { correct: false, extracted: 'c' }]);
    const gpqa = {
      Question: '?',
      'Correct Answer': 'yes',
      'Incorrect Answer 1': 'no',
      'Incorrect Answer 2': 'perhaps',
      'Incorrect Answer 3': 'never',
    };
    // The first permutation is 3 1 0 2, the second 3 1 2 0.
    const asked = await scored('gpqa', { ...gpqa, response: 'Answer: C' }, { ...gpqa, response: 'Answer: D' });
    expect(asked.verdicts).toMatchObject([
      { index: 0, correct: true, gold: 'C' },
      { index: 1, correct: true, gold: 'D' },
    ]);
  });

  test('takes rows of IFEval, by prompt and by instruction', async () => {
    const row = {
      key: 1,
      prompt: 'Write no commas and at least 3 words.',
      instruction_id_list: ['punctuation:no_comma', 'length_constraints:number_words'],
      kwargs: [{}, { relation: 'at least', num_words: 3 }],
    };
    const { verdicts } = await scored(
      'ifeval',
      { ...row, response: 'Here are four words' },
      { ...row, response: 'Sure, here it is:\nthree short words' },
      row,
    );
    expect(verdicts).toMatchObject([
      { index: 0, correct: true, strict: [true, true], loose: [true, true] },
      { index: 1, correct: false, strict: [false, true], loose: [true, true] },
      { index: 2, correct: false, strict: [false, false], loose: [false, false] },
    ]);
    const unknown = { ...row, instruction_id_list: ['punctuation:no_comma', 'no:such'] };
    expect((await scored('ifeval', unknown)).problem).toContain('Line 1 is no row of this data set');
  });

  test('says in one line what cannot be read', async () => {
    expect(await scored('gsm8k', '{')).toMatchObject({ code: 1, problem: 'edge-reflection: Line 1 is no JSON.\n' });
    expect((await scored('gsm8k', { gold: '1', response: 1 })).problem).toContain('Line 1 has no text in "response"');
    expect((await scored('mmlu', { question: '?' })).problem).toContain('Line 1 is no row of this data set');
    expect((await scored('arc', {})).problem).toContain('There is no benchmark "arc": expected gsm8k, math');
  });
});

describe('the data', () => {
  const tools = (answer: () => Promise<Response>): LoadTools => ({
    signal: new AbortController().signal,
    say: () => undefined,
    fetch: answer,
    folder: join(import.meta.dirname, 'no such folder'),
  });

  test('of GSM8K, MMLU and IFEval is here', async () => {
    const none = tools(() => Promise.reject(new Error('No network.')));
    expect(await benchmarkNamed('gsm8k').load(none)).toHaveLength(1_319);
    const mmlu = await benchmarkNamed('mmlu').load(none);
    expect(mmlu).toHaveLength(14_042);
    expect(new Set(mmlu.map(({ id }) => id)).size).toBe(14_042);
    const ifeval = await benchmarkNamed('ifeval').load(none);
    expect(new Set(ifeval.map(({ id }) => id)).size).toBe(541);
  });

  test.for(['math', 'gpqa'])(
    'of %s says what to do when it cannot be had, or is not what it should be',
    async (name) => {
      const offline = benchmarkNamed(name).load(tools(() => Promise.reject(new Error('getaddrinfo ENOTFOUND'))));
      await expect(offline).rejects.toThrow(DataFailure);
      await expect(offline).rejects.toThrow(
        /cannot be had: getaddrinfo ENOTFOUND\. Try again with a network, or put the file with the sha256 [0-9a-f]{64} at/,
      );
      const gone = benchmarkNamed(name).load(tools(async () => new Response('', { status: 404 })));
      await expect(gone).rejects.toThrow('status 404');
      const other = benchmarkNamed(name).load(tools(async () => new Response('something else')));
      await expect(other).rejects.toThrow('what came has the sha256');
    },
  );

  test('as CSV may hold commas, lines and quotation marks', () => {
    expect(readCsv('a,b\r\n"1,2","say ""x""\nnow"\n3,\n')).toEqual([
      { a: '1,2', b: 'say "x"\nnow' },
      { a: '3', b: '' },
    ]);
  });
});
