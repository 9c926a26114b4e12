/** What a report says of records that are written here. */
import { describe, expect, test } from 'vitest';
import type { EvalRecord } from '../../eval/records.ts';
import { type ArmSummary, summarise } from '../../eval/report/summary.ts';
import { tablesOf } from '../../eval/report/tables.ts';

function record(arm: string, item: number, given: { readonly right: boolean } & Partial<EvalRecord>): EvalRecord {
  const { right, ...more } = given;
  return {
    benchmark: 'gsm8k',
    item: `item-${item}`,
    arm,
    seed: 0,
    verdict: { correct: right },
    draft_verdict: null,
    status: 'completed',
    decision: 'unreflected',
    finish_reason: 'stop',
    error: null,
    calls: 1,
    input_tokens: 10,
    output_tokens: 100,
    cost_usd: 0,
    ms: 1,
    gate: null,
    mends: [],
    passes: ['draft'],
    output: null,
    ...more,
  };
}

const four = [0, 1, 2, 3];

function armsOf(records: readonly EvalRecord[]): Record<string, ArmSummary> {
  const arms = summarise(records, 'direct').flatMap((benchmark) => benchmark.arms);
  return Object.fromEntries(arms.map((summary) => [summary.arm, summary]));
}

describe('an arm against more drafts with as many tokens', () => {
  // One of four is right at 100 tokens, three of four at 500.
  const direct = four.map((item) => record('direct', item, { right: item === 0 }));
  const vote = four.map((item) => record('vote', item, { right: item < 3, output_tokens: 500 }));
  const selective = (tokens: number) =>
    four.map((item) => record('selective', item, { right: item < 2, output_tokens: tokens }));

  test('is held against the share that the vote reaches on as many items as those tokens pay for', () => {
    const half = armsOf([...direct, ...vote, ...selective(300)]);
    expect(half['selective']?.against?.atEqualTokens[0]?.share).toBeCloseTo(0.5);
    const quarter = armsOf([...direct, ...vote, ...selective(200)]);
    expect(quarter['selective']?.against?.atEqualTokens[0]?.share).toBeCloseTo(0.375);
  });

  test('gains nothing from tokens that the vote would not write, and loses nothing by writing fewer than the baseline', () => {
    expect(armsOf([...direct, ...vote, ...selective(900)])['selective']?.against?.atEqualTokens[0]?.share).toBeCloseTo(
      0.75,
    );
    expect(armsOf([...direct, ...vote, ...selective(50)])['selective']?.against?.atEqualTokens[0]?.share).toBeCloseTo(
      0.25,
    );
  });

  test('is not compared where the vote was measured on other items', () => {
    expect(armsOf([...direct, ...vote.slice(1), ...selective(300)])['selective']?.against?.atEqualTokens).toEqual([]);
    const [summary] = summarise([...direct, ...vote.slice(1), ...selective(300)], 'direct');
    expect(summary && tablesOf(summary).map(({ title }) => title)).not.toContain(
      'Against more drafts with as many tokens',
    );
  });

  test('is held against the best of several drafts in the same way', () => {
    const best = four.map((item) => record('best-of-2', item, { right: item < 2, output_tokens: 200 }));
    const { selective: compared, 'best-of-2': itself } = armsOf([...direct, ...best, ...selective(150)]);
    expect(compared?.against?.atEqualTokens).toEqual([{ arm: 'best-of-2', share: expect.closeTo(0.375) }]);
    expect(itself?.against?.atEqualTokens).toEqual([]);
  });

  test('is a row of the report, and the vote and the baseline are none', () => {
    const [summary] = summarise([...direct, ...vote, ...selective(300)], 'direct');
    const table = summary && tablesOf(summary).find(({ title }) => title === 'Against more drafts with as many tokens');
    expect(table?.rows).toEqual([['selective', '300', '50.0 %', 'vote', '50.0 %', '0.0']]);
  });
});

describe('what changed an answer', () => {
  test('is told apart: code alone, and passes of a model, each against its own draft', () => {
    const [right, wrong] = [{ correct: true }, { correct: false }];
    const direct = four.map((item) => record('direct', item, { right: item === 3 }));
    const sentOn = { gate: { action: 'repair', score: 1 }, passes: ['draft', 'repair'] };
    const checks = [
      record('checks', 0, { right: true, draft_verdict: wrong, mends: ['remove_commas'] }),
      record('checks', 1, { right: false, draft_verdict: wrong, mends: ['lowercase'] }),
      record('checks', 2, { right: true, draft_verdict: wrong, ...sentOn, output_tokens: 250 }),
      record('checks', 3, { right: false, draft_verdict: right, ...sentOn, output_tokens: 150 }),
      record('checks', 4, { right: true, draft_verdict: right, passes: ['draft', 'continuation'] }),
    ];
    expect(armsOf([...direct, ...checks])['checks']?.mended).toMatchObject([
      { by: 'code alone', items: 2, draftRight: 0, fixed: 1, broken: 0, tokenRatio: 1 },
      { by: 'passes of a model', items: 2, draftRight: 1, fixed: 1, broken: 1, tokenRatio: 2 },
    ]);
  });
});

test('an answer that was only taken out of its reasoning is no change', () => {
  const extracted = { passes: ['draft', 'repair'], gate: { action: 'return', score: 0 } };
  const cot = four.map((item) => record('cot', item, { right: true, draft_verdict: { correct: true }, ...extracted }));
  expect(armsOf(cot)['cot']?.mended).toEqual([]);
});

describe("the gate's score", () => {
  test('is told in ranges, with the share of drafts that are wrong and that were sent on', () => {
    const scored = [
      { score: 0, action: 'return', right: true },
      { score: 0.1, action: 'return', right: false },
      { score: 0.6, action: 'critique', right: false },
      { score: 1, action: 'repair', right: false },
    ].map(({ score, action, right }, item) =>
      record('selective', item, { right, draft_verdict: { correct: right }, gate: { action, score } }),
    );
    const [summary] = summarise(scored, 'direct');
    const table = summary && tablesOf(summary).find(({ title }) => title === 'The gate’s score');
    expect(table?.rows).toEqual([
      ['selective', '0.0 to 0.2', '2', '50.0 %', '0.0 %'],
      ['selective', '0.6 to 0.8', '1', '100.0 %', '100.0 %'],
      ['selective', '0.8 to 1.0', '1', '100.0 %', '100.0 %'],
    ]);
  });
});
