/** Who shortens an answer that is too long: code by itself where little goes, else the author, and code again where the author could not. */
import { describe, expect, test } from 'vitest';
import { busy, max, reflecting } from '../support/reflecting.ts';

const sentence = 'The river runs down to the sea.';
const text = (sentences: number) => Array.from({ length: sentences }, () => sentence).join(' ');

describe('an answer that is too long', () => {
  test('by a tenth is cut by code, and no model is asked', async () => {
    const { outcome, passes } = await reflecting({ checks: max(65), strategy: 'checks' }, { draft: text(10) });
    expect(passes).toEqual(['draft']);
    expect(outcome).toMatchObject({ output: text(9), decision: 'repaired_check', subject: 'draft-mended' });
  });

  test('by more is shortened by the author, who is told the measured value', async () => {
    const shorter =
      'The long river runs down to the blue sea, as all the other rivers of the land and of the coast do, and so it has been for a thousand years, in the sun and in the rain, by day and by night, and it will be so.';
    const { outcome, passes, model } = await reflecting(
      { checks: max(50), strategy: 'checks' },
      { draft: text(10), repair: shorter },
    );
    expect(passes).toEqual(['draft', 'repair-1']);
    expect(model.asked[1]?.messages.at(-1)?.content).toContain('You wrote 70 words; write at most 50.');
    expect(outcome).toMatchObject({ output: shorter, subject: 'repair-1' });
  });

  test.each([
    ['repeats the draft', text(10), {}, ['draft', 'repair-1']],
    ['cannot be had', busy, {}, ['draft', 'repair-1']],
    ['may not be asked', '', { max_rounds: 0 }, ['draft']],
    ['cannot be paid', '', { budget: { max_calls: 1 } }, ['draft']],
  ] as const)('is cut by code where the author %s', async (_, repair, body, passes) => {
    const told = await reflecting({ checks: max(50), strategy: 'checks', ...body }, { draft: text(10), repair });
    expect(told.passes).toEqual(passes);
    expect(told.outcome).toMatchObject({ output: text(7), decision: 'repaired_check', subject: 'draft-cut' });
    expect(told.record.rounds.at(-1)?.repairs).toMatchObject([
      { transform: 'trim_to_sentence', removed_characters: 96, added_characters: 0 },
    ]);
    expect(told.record.passed).toBe(true);
  });

  test('by more than four tenths stays, and the check fails', async () => {
    const { outcome, record } = await reflecting(
      { checks: max(40), strategy: 'checks' },
      { draft: text(10), repair: text(10) },
    );
    expect(outcome.output).toBe(text(10));
    expect(record.passed).toBe(false);
  });
});
