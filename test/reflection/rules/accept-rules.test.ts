/** Which revisions the accept gate takes, and that it is quick about it. */
import { describe, expect, test } from 'vitest';
import { acceptRevision } from '../../../src/reflection/rules/accept-rules.ts';
import { about, draft, input, london, number, open } from '../../support/acceptance.ts';
import { processorMs } from '../../support/processor-time.ts';
import { check, issue } from '../../support/reflections.ts';

describe('a revision is taken', () => {
  test('when the words of a confirmed issue were changed', () => {
    expect(acceptRevision(input(draft, london, { issues: [about('in Paris')] }))).toEqual({
      accepted: true,
      reasons: ['resolves i1 (incorrect_fact)'],
    });
  });

  test('when a failed check passes', () => {
    const asked = input(draft, draft.replace(' and more', ', more'), {
      checksBefore: [check('c1', 'fail'), check('c2', 'pass')],
      checksAfter: [check('c1', 'pass'), check('c2', 'pass')],
    });
    expect(acceptRevision(asked)).toEqual({ accepted: true, reasons: ['mends c1 (words)'] });
  });

  test('for one changed word in a long text', () => {
    const long = `${'A sentence that is fine as it stands. '.repeat(100)}${draft}`;
    const asked = input(long, long.replace('Paris', 'London'), { issues: [about('in Paris', {}, long)] });
    expect(acceptRevision(asked).accepted).toBe(true);
  });

  test('when a failed check passes by one sign in a long text', () => {
    const long = 'A sentence that is fine as it stands. '.repeat(100);
    const asked = input(long, `${long}!`, { checksBefore: [check('c1', 'fail')], checksAfter: [check('c1', 'pass')] });
    expect(acceptRevision(asked).accepted).toBe(true);
  });

  test('when what was left out was added, however long', () => {
    const after = `${draft} Her mother was a mathematician who taught her. ${'She learnt much. '.repeat(10)}`;
    expect(
      acceptRevision(input(draft, after, { issues: [issue({ kind: 'omission', quote: 'name her mother' })] })).accepted,
    ).toBe(true);
  });

  test('when names, links and numbers that are new stand in the request or a source', () => {
    const after = draft.replace('in Paris', 'in England, house 12 (https://b.ex)');
    const issues = [about('in Paris', { kind: 'contradiction' })];
    const asked = input(draft, after, { issues, known: 'born in ENGLAND, house 12, see https://b.ex' });
    expect(acceptRevision(asked).reasons).toEqual(['resolves i1 (contradiction)']);
  });

  test('without evidence where the strategy needs none, as long as it is still the text', () => {
    const rewritten =
      'In 1815 Ada Lovelace came to the world in Lyon; the first program of all is hers: https://a.example/ada.';
    expect(acceptRevision(input(draft, rewritten, { needsEvidence: false }))).toEqual({
      accepted: true,
      reasons: ['it loses no check'],
    });
    const another = acceptRevision(input(draft, 'Something else altogether, quite new.', { needsEvidence: false }));
    expect(another.reasons).toEqual(['the revision keeps next to nothing of the text']);
  });

  test('when two witnesses support the new answer', () => {
    const issues = [about('41', {}, 'The answer is 41.')];
    const asked = (witnesses: string[]) =>
      acceptRevision(input('The answer is 41.', 'The answer is 42.', { task: number, issues, witnesses }));
    expect(asked(['42', '42']).accepted).toBe(true);
    expect(asked(['42', '41', '42']).accepted).toBe(true);
    expect(asked(['42']).reasons).toEqual(['the answer changes from 41 to 42 with 1 of 2 supports']);
    expect(asked(['41', '41']).accepted).toBe(false);
  });

  test('when code has done the calculation again and names both answers', () => {
    const message = 'Wrong calculation: "12 × 3 = 38": 12 × 3 is 36.';
    const checks = {
      checksBefore: [check('c1', 'fail', { type: 'arithmetic', message })],
      checksAfter: [check('c1', 'pass', { type: 'arithmetic' })],
    };
    const asked = (after: string) =>
      acceptRevision(input('12 × 3 = 38, so the answer is 38.', after, { task: number, ...checks }));
    expect(asked('12 × 3 = 36, so the answer is 36.').accepted).toBe(true);
    expect(asked('12 × 3 = 36, so the answer is 35.').reasons).toEqual([
      'the answer changes from 38 to 35 with 0 of 2 supports',
    ]);
  });

  test('when a closed answer stays the same, or there was none', () => {
    const issues = [about('because 6 × 8', {}, 'It is so because 6 × 8. The answer is 42.')];
    expect(
      acceptRevision(
        input('It is so because 6 × 8. The answer is 42.', 'It is so because 6 × 7. The answer is 42.', {
          task: number,
          issues,
        }),
      ).accepted,
    ).toBe(true);
    const unclear = 'The answer is 3 or 4.';
    expect(
      acceptRevision(input(unclear, 'The answer is 4.', { task: number, issues: [about('3 or', {}, unclear)] }))
        .accepted,
    ).toBe(true);
  });
});

test('code may bring in names and numbers, since its support is the confirmation', () => {
  const before = 'function area(radius) {\n  return radius * radius;\n}';
  const after = before.replace('radius * radius', 'Math.PI * radius ** 2');
  const issues = [about('radius * radius', { kind: 'code_error' }, before)];
  expect(acceptRevision(input(before, after, { issues, task: { ...open, class: 'code' } })).accepted).toBe(true);
  expect(acceptRevision(input(before, after, { issues })).accepted).toBe(false);
});

test.each([
  ['line breaks', '\n'.repeat(300_000)],
  ['digits', '1 '.repeat(150_000)],
  ['digits and commas', '1,'.repeat(150_000)],
  ['fences', '```\n'.repeat(75_000)],
  ['blanks and fences', `${' '.repeat(300_000)}\`\`\``],
  ['names', 'a Name '.repeat(40_000)],
  ['links', 'https://a '.repeat(30_000)],
  ['dots of a link', `https://a${'.'.repeat(300_000)}`],
])('a third of a megabyte of %s is judged in time', (_, text) => {
  const started = processorMs();
  acceptRevision(input(text, `${text}x`, { issues: [issue({ quote: text.slice(0, 1), span: [0, 1] })], known: text }));
  acceptRevision(input(draft, text, { issues: [about('in Paris')], known: text }));
  expect(processorMs() - started).toBeLessThan(4_000);
});
