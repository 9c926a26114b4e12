import fc from 'fast-check';
import { expect, test } from 'vitest';
import { settledText } from '../../../src/http/openai/settled-text.ts';
import { visibleAnswer } from '../../../src/reflection/visible.ts';

/** As runs are given them. */
const nonce = '3c9e01aa-52f1-4b8e-9d0f-6a7c1b2e4d58';

/** What of a whole plain answer the record shows. */
function shownIn(answer: string): string {
  const surroundings = {
    strategy: { draft: 'plain' },
    request: {},
    conversation: '',
    tools: { nonce },
  } as const;
  return visibleAnswer(surroundings, answer) ?? '';
}

const beginnings = ['', '<thinking>', '<reflection>', '<output>', '<|eot_id|>', '\n\n'];
const pieces = ['<thinking>', '<output>', '</output>', '<think>', '<|eot_id|>', '<b>', 'a < b ', ' > '];
const plainPieces = [
  'Words ',
  '\n',
  '  ',
  '[1, 2]',
  '[source',
  `\n[source a ${nonce}]\n`,
  `[end of source a ${nonce}]`,
  '"',
];

const answers = fc
  .tuple(fc.constantFrom(...beginnings), fc.array(fc.constantFrom(...pieces, ...plainPieces), { maxLength: 8 }))
  .map(([beginning, rest]) => beginning + rest.join(''));

test('what is shown of an unfinished answer is never taken back', () => {
  fc.assert(
    fc.property(answers, (answer) => {
      const whole = shownIn(answer);
      for (let cut = 0; cut <= answer.length; cut += 1) {
        const settled = settledText(answer.slice(0, cut));
        if (!whole.startsWith(settled))
          throw new Error(`${JSON.stringify(settled)} of ${JSON.stringify(whole)}, cut at ${cut}`);
      }
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  ['a list on one line', '[1, 2, 3, ', '[1, 2, 3,'],
  ['a link at the beginning of a line', 'See:\n[the docs](https://', 'See:\n[the docs](https://'],
  ['elements of HTML', '<p>One <b>two</b>', '<p>One <b>two</b>'],
  ['a comparison with a long rest', `a < b and so on${', and on'.repeat(8)}`, `a < b and so on${', and on'.repeat(8)}`],
  ['what follows thinking', '<think>Let me see.</think>It is so', 'It is so'],
])('%s is shown as it is written', (_, draft, settled) => {
  expect(settledText(draft)).toBe(settled);
});

test.each([
  ['thinking', '<think>Let me see'],
  ['the tags of a tagged answer', '<thinking>I see.</thinking>\n<output>It is'],
  ['the beginning of a tag', '<thin'],
  ['the beginning of the marker around a source', '[source hand'],
  ['the marker around a source', '  [source handbook 8f3a01bc'],
])('%s is not shown', (_, draft) => {
  expect(settledText(draft)).toBe('');
});

test('a tag that begins right behind another one is not shown', () => {
  expect(settledText('<b>Bold</b><|eot')).toBe('<b>Bold</b>');
});
