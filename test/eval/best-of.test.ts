/** The best of several drafts, chosen by checks: what an evaluation holds reflection against. */
import { describe, expect, test } from 'vitest';
import { bestOf } from '../../eval/best-of.ts';
import type { ReflectionBody } from '../../src/reflection/request.ts';
import { reflecting } from '../support/reflecting.ts';

const body: ReflectionBody = { input: 'Say it in at most 4 words.', strategy: 'direct', temperature: 0, seed: 7 };

/** Answers with the drafts in their order, and tells what it was asked. */
function drafting(...drafts: readonly string[]) {
  const asked: ReflectionBody[] = [];
  const answer = async (each: ReflectionBody) => {
    const draft = drafts[asked.length] ?? '';
    asked.push(each);
    return (await reflecting(each, { draft })).record;
  };
  return { asked, answer };
}

describe('the best of several drafts', () => {
  test('is the one that the checks refute least, with what all of them cost', async () => {
    const { asked, answer } = drafting('This is much too long an answer.', 'It is so.', 'It is not so.');
    const best = await bestOf(3, body, answer);
    expect(best).toMatchObject({ output: 'It is so.', draft: 'This is much too long an answer.' });
    expect(best.usage.passes.map(({ role }) => role)).toEqual(['draft', 'draft', 'draft']);
    expect(best.usage.output_tokens).toBe(best.usage.passes.reduce((sum, pass) => sum + pass.output_tokens, 0));
    expect(asked.map(({ temperature, seed }) => [temperature, seed])).toEqual([
      [0, 7],
      [0.7, 8],
      [0.7, 9],
    ]);
  });

  test('is the first where none is refuted less', async () => {
    const best = await bestOf(2, body, drafting('It is so.', 'It is not so.').answer);
    expect(best.output).toBe('It is so.');
  });
});
