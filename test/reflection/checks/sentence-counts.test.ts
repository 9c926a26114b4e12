import { describe, expect, test } from 'vitest';
import { checkSchema, runChecks } from '../../../src/reflection/checks/checks.ts';
import { words } from '../../../src/reflection/checks/words.ts';
import { repairByCode } from '../../../src/reflection/repair.ts';
import { readLines } from './cases.ts';
import { judge, noContext } from './judge.ts';

/** An everyday answer and how many sentences its reader counts; counted by hand for this project. */
interface Answer {
  readonly language: string;
  readonly sentences: number;
  readonly text: string;
}

const written = readLines<Answer>('sentence-counts.jsonl');

/** Two answers of one language as two paragraphs; a letter stays alone. */
function together(distance: number): Answer[] {
  const plain = written.filter(({ text }) => !text.includes('\n'));
  return plain.flatMap((first, index) => {
    const second = plain[index + distance];
    if (second?.language !== first.language) return [];
    const sentences = first.sentences + second.sentences;
    return [{ language: first.language, sentences, text: `${first.text}\n\n${second.text}` }];
  });
}

const answers = [...written, ...together(1), ...together(2)].slice(0, 300);

describe('300 answers with as many sentences as are wanted', () => {
  test('lose no word to mending', () => {
    expect(answers).toHaveLength(300);
    const losing = answers.filter(({ text, sentences }) => {
      const declared = [checkSchema.parse({ type: 'sentences', exactly: sentences })];
      const mended = repairByCode(text, runChecks(text, declared, noContext), declared, noContext);
      return words(mended.text).length < words(text).length;
    });
    expect(losing).toEqual([]);
  });

  test('are never said to have more or fewer, and are rarely left open', () => {
    const verdicts = answers.map(
      ({ text, sentences }) => judge(text, { type: 'sentences', exactly: sentences }).status,
    );
    expect(answers.filter((_, index) => verdicts[index] === 'fail')).toEqual([]);
    expect(verdicts.filter((status) => status === 'pass').length).toBeGreaterThanOrEqual(0.95 * answers.length);
  });

  test('are told from answers with one sentence more', () => {
    const missed = answers.filter(
      ({ text, sentences }) => judge(text, { type: 'sentences', exactly: sentences + 1 }).status === 'pass',
    );
    expect(missed).toEqual([]);
  });
});
