import { describe, expect, test } from 'vitest';
import { processorMs } from '../../../support/processor-time.ts';
import { type Case, readLines } from '../cases.ts';
import { examples, judge, pointedOut } from '../judge.ts';

const context = {
  question: 'What did Müller say in 2019 about the 42 rivers?',
  sources: [
    {
      id: 'a',
      text: 'Marie Curie (7 November 1867) won two Nobel Prizes, in 1903 and 1911. The revenue was $1,234.5 million, up 12%. She wrote: “Nothing in life is to be feared … only understood.”',
    },
    { id: 'b', text: 'See https://www.example.org/Paper/ for the Jean-Luc study of March 5, 2024 and 01/02/2020.' },
  ],
};
const check = { type: 'sources' };

interface SourcesCase extends Case {
  readonly sources: readonly { readonly id: string; readonly text: string }[];
}

describe('what a reader finds in the sources', () => {
  test.each(readLines<SourcesCase>('sources.jsonl'))(
    '$text',
    ({ text, sources, checks: [check], expect: { status } }) => {
      expect(status).toContain(judge(text, check ?? {}, { question: '', sources }).status);
    },
  );
});

describe('sources', () => {
  examples(
    [
      ['pass', check, 'Marie Curie won 2 Nobel Prizes.'],
      [
        'pass',
        check,
        'She was born on 1867-11-07, or November 7th, 1867, or 7.11.1867, in November 1867, on 7 November.',
      ],
      ['pass', check, 'It rose by 12 % to 1.234,5 million, that is 1,234,500,000.'],
      ['pass', check, 'As Müller says, there are 42 rivers.'],
      ['pass', check, 'She said "nothing in life is to be feared".'],
      ['pass', check, 'She said "Nothing in life … only understood."'],
      ['pass', check, 'See http://example.org/Paper, please.'],
      ['pass', check, 'The study of 2024/03/05 by Jean-Luc’s team, and that of 2 January 2020 or February 1, 2020.'],
      ['pass', check, '1. Marie Curie won.\n2. She won in 1903.'],
      ['pass', check, 'Here are 3 facts about Marie Curie:\n- She won in 1903.\n- She won in 1911.\n- She wrote.'],
      ['pass', check, '6 key points\n\n1. Marie Curie won.'],
      ['pass', check, 'The facts: 1. Born in 1867. 2. Won in 1903. 3) Won in 1911.'],
      ['pass', check, 'She won (1) in 1903 and (2) in 1911.'],
      ['pass', check, 'In the early 20th century, Marie Curie won two prizes.'],
      ['pass', check, 'She lived in the 19th and 20th centuries, and won in the 1900s.'],
      ['pass', check, 'She was born in the 1860s.'],
      ['pass', check, 'As Madame Curie says, and Dr. Curie too. Madame Curie won.'],
      ['fail', check, 'The source gives 3 reasons.'],
      ['fail', check, 'She won 8. Then she won 9. Then she stopped.'],
      ['fail', check, 'In the 18th century she won.'],
      ['fail', check, 'She was born in the 1870s.'],
      ['fail', check, 'So says Madame Rutherford.'],
      ['fail', check, 'The prize went to Albert Einstein.'],
      ['fail', check, 'She won 3 prizes.'],
      ['fail', check, 'She was born on 8 November 1867.'],
      ['fail', check, 'She said "nothing in life is easy".'],
      ['fail', check, 'See https://example.com/paper.'],
      ['skipped', check, 'They work at NASA now.'],
      ['skipped', check, 'NASA said so.'],
      ['skipped', check, 'Ask Müller, see «eins zwei drei vier».'],
      ['fail', check, 'Ask Müller, see «eins zwei drei vier fünf».'],
      ['fail', check, 'It made 5k in sales.'],
      ['pass', { ...check, kinds: ['numbers'] }, 'Einstein won in 1903, says "who knows about this".'],
      ['skipped', check, 'Yes, it is so.'],
      ['skipped', check, ''],
      ['skipped', check, 'The Sky Is Blue And The Grass Is Green And All Is Well In The World'],
      [
        'skipped',
        check,
        'Es ist wohl klar, dass die Katze den Hund und die Maus und das Haus mag, aber der Vogel nicht.'.replace(
          /\b[kdv]\w+/gi,
          (word) => word,
        ),
      ],
    ],
    context,
  );

  test('tell what was not found, and point out the first', () => {
    const text = 'Curie met Ernest Rutherford in 1905; Rutherford said "it was a fine day".';
    const result = judge(text, check, context);
    expect(result.measured).toEqual({
      checked: 4,
      unsupported: ['Ernest Rutherford', '1905', '"it was a fine day"'],
    });
    expect(result.message).toContain('name "Ernest Rutherford"; number "1905"; quotation ""it was a fine day""');
    expect(pointedOut(text, result)).toBe('Ernest Rutherford');
  });

  test('abstain without sources', () => {
    expect(judge('Albert Einstein won in 1921.', check).status).toBe('skipped');
  });

  test('do not take a URL or a quotation from the question', () => {
    const asked = {
      question: 'Is https://a.example/x "as good as they say it is"?',
      sources: [{ id: 's', text: 'No.' }],
    };
    expect(judge('See https://a.example/x.', check, asked).status).toBe('fail');
    expect(judge('It is "as good as they say it is".', check, asked).status).toBe('fail');
  });
});

test('names on one long line are looked at in linear time', () => {
  const sources = [{ id: 's', text: 'John Smith has five apples.' }];
  const started = processorMs();
  judge('Hi. '.repeat(150_000), { type: 'sources' }, { question: '', sources });
  expect(processorMs() - started).toBeLessThan(4_000);
});
