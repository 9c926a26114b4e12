import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AcceptInput, acceptRevision, lostChecks, mendedChecks } from '../../src/reflection/accept.ts';
import type { CheckResult } from '../../src/reflection/checks/check.ts';
import { type Issue, issueKinds } from '../../src/reflection/critique.ts';
import { locate } from '../../src/reflection/quote.ts';
import type { Task } from '../../src/reflection/task.ts';
import { holds } from '../support/properties.ts';
import { check, issue } from '../support/reflections.ts';

const open: Task = { class: 'open', choices: [], complexity: 0 };
const number: Task = { class: 'number', choices: [], complexity: 0 };
const draft =
  'Ada Lovelace was born in 1815 in Paris. She wrote the first program, and more about it is at https://a.example/ada.';

/** An issue about these words of the draft. */
const about = (quote: string, part: Partial<Issue> = {}, text = draft): Issue =>
  issue({ quote, span: locate(quote, text), ...part });

function input(
  before: string,
  after: string,
  part: Partial<Omit<AcceptInput, 'before' | 'after'>> & {
    checksBefore?: CheckResult[];
    checksAfter?: CheckResult[];
  } = {},
): AcceptInput {
  const { checksBefore = [], checksAfter = [], ...rest } = part;
  return {
    before: { text: before, checks: checksBefore },
    after: { text: after, checks: checksAfter },
    issues: [],
    task: open,
    known: '',
    witnesses: [],
    needsEvidence: true,
    ...rest,
  };
}

const london = draft.replace('Paris', 'London');

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

  test('without evidence where the strategy needs none', () => {
    expect(acceptRevision(input(draft, 'Something else altogether, quite new.', { needsEvidence: false }))).toEqual({
      accepted: true,
      reasons: ['it loses no check'],
    });
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

describe('a revision is refused', () => {
  const fence = '```js\nlet a = 1;\n```\nThis sets the variable.';
  const table: readonly (readonly [string, AcceptInput, string])[] = [
    ['that is empty', input(draft, ' \n', { issues: [about('in Paris')] }), 'the revision is empty'],
    ['that says the same', input(draft, draft), 'the revision says the same'],
    [
      'that differs in white space alone',
      input(draft, draft.replaceAll(' ', '\n '), { issues: [about('wrote it')] }),
      'the revision says the same',
    ],
    [
      'that breaks a check',
      input(draft, london, {
        issues: [about('in Paris')],
        checksBefore: [check('c1', 'pass')],
        checksAfter: [check('c1', 'fail')],
      }),
      'the revision breaks c1 (words)',
    ],
    [
      'of which a check can tell no more',
      input(draft, london, {
        issues: [about('in Paris')],
        checksBefore: [check('c1', 'pass')],
        checksAfter: [check('c1', 'skipped')],
      }),
      'the revision breaks c1 (words)',
    ],
    [
      'that fails where the check abstained',
      input(draft, london, {
        issues: [about('in Paris')],
        checksBefore: [check('c1', 'skipped')],
        checksAfter: [check('c1', 'fail')],
      }),
      'the revision breaks c1 (words)',
    ],
    [
      'that mends one check and breaks another',
      input(draft, london, {
        checksBefore: [check('c1', 'fail'), check('c2', 'pass')],
        checksAfter: [check('c1', 'pass'), check('c2', 'fail')],
      }),
      'the revision breaks c2 (words)',
    ],
    ['that mends nothing', input(draft, london), 'the revision mends neither a failed check nor a confirmed issue'],
    [
      'whose issue nobody confirmed',
      input(draft, london, { issues: [about('in Paris', { confirmed: 'unverified' })] }),
      'the revision mends neither a failed check nor a confirmed issue',
    ],
    [
      'that leaves the quoted words',
      input(draft, draft.replace('more', 'much more'), { issues: [about('in Paris')] }),
      'the revision mends neither a failed check nor a confirmed issue',
    ],
    [
      'that only adds right after the quoted words',
      input(draft, draft.replace('in Paris', 'in Paris indeed'), { issues: [about('in Paris')] }),
      'the revision mends neither a failed check nor a confirmed issue',
    ],
    [
      'that only moves the quoted words',
      input('He is old. She is tall and so on.', 'She is tall and so on. He is old.', {
        issues: [about('He is old.', {}, 'He is old. She is tall and so on.')],
      }),
      'the revision mends neither a failed check nor a confirmed issue',
    ],
    [
      'that adds nothing for an omission',
      input(draft, `${draft} …`, { issues: [issue({ kind: 'omission', quote: 'x' })] }),
      'the revision mends neither a failed check nor a confirmed issue',
    ],
    [
      'that shortens for an omission',
      input(draft, draft.slice(0, 90), { issues: [issue({ kind: 'omission', quote: 'x' })] }),
      'the revision mends neither a failed check nor a confirmed issue',
    ],
    [
      'that loses a link',
      input(
        draft,
        draft.replace('in Paris', 'in London').replace(', and more about it is at https://a.example/ada', ''),
        { issues: [about('in Paris')] },
      ),
      'the revision loses https://a.example/ada',
    ],
    [
      'that turns a number into part of another',
      input(draft, draft.replace('in Paris', 'in London').replace('1815', '18150'), { issues: [about('in Paris')] }),
      'the revision loses 1815',
    ],
    [
      'that loses a citation',
      input('It is so [doc1] in Paris.', 'It is so in London.', {
        issues: [about('in Paris', {}, 'It is so [doc1] in Paris.')],
      }),
      'the revision loses [doc1]',
    ],
    [
      'that takes code out of its fence',
      input(fence, 'let a = 1;\nThis sets the constant.', { issues: [about('variable', {}, fence)] }),
      'the revision loses a code fence',
    ],
    [
      'that leaves a fence open',
      input(fence, `${fence.replace('variable', 'constant')}\n\`\`\``, { issues: [about('variable', {}, fence)] }),
      'the revision leaves a code fence open',
    ],
    [
      'that is no JSON any more',
      input('{"city": "Paris"}', '{"city": "London}', { issues: [about('Paris', {}, '{"city": "Paris"}')] }),
      'the revision is no JSON any more',
    ],
    [
      'that brings in a link',
      input(draft, london.replace('She', 'She (https://evil.example)'), { issues: [about('in Paris')] }),
      'the revision brings in https://evil.example, which nothing supports',
    ],
    [
      'that brings in a number',
      input(draft, draft.replace('in Paris', 'in 7 places'), {
        issues: [about('in Paris', { kind: 'contradiction' })],
      }),
      'the revision brings in 7, which nothing supports',
    ],
    [
      'that brings in a number which is only part of a known one',
      input(draft, draft.replace('in Paris', 'in 18 places'), {
        issues: [about('in Paris', { kind: 'contradiction' })],
      }),
      'the revision brings in 18, which nothing supports',
    ],
    [
      'that brings in a name',
      input(draft, draft.replace('in Paris', 'near Charles Babbage'), {
        issues: [about('in Paris', { kind: 'contradiction' })],
      }),
      'the revision brings in Charles Babbage, which nothing supports',
    ],
    [
      'that is much longer',
      input(draft, london + ' and so on'.repeat(10), { issues: [about('in Paris')] }),
      'the revision is 1.88 times as long',
    ],
    [
      'that is much shorter',
      input(draft, 'She was born in London in 1815: https://a.example/ada.', { issues: [about('in Paris')] }),
      'the revision is 0.47 times as long',
    ],
    [
      'that rewrites far from the issue',
      input(`${draft} ${'One. Two. Three. Four. '.repeat(10)}`, `${london} ${'Five. Six. Seven. Eight. '.repeat(10)}`, {
        issues: [about('in Paris')],
      }),
      'only 6 % of what changed is near the issues',
    ],
    [
      'that changes an answer without witnesses',
      input('The answer is 41.', 'The answer is 42.', { task: number, issues: [about('41', {}, 'The answer is 41.')] }),
      'the answer changes from 41 to 42 with 0 of 2 supports',
    ],
    [
      'that loses the answer',
      input('The answer is 41.', 'The answer is unknown.', {
        task: number,
        issues: [about('41', {}, 'The answer is 41.')],
      }),
      'the revision loses the answer 41',
    ],
    [
      'that is a list of edits',
      input(draft, `<<<<<<< SEARCH\nParis\n=======\nLondon\n>>>>>>> REPLACE`, { needsEvidence: false }),
      'the revision is a list of edits, no text',
    ],
  ];
  test.each(table)('%s', (_, asked, reason) => {
    const { accepted, reasons } = acceptRevision(asked);
    expect(accepted).toBe(false);
    expect(reasons).toContain(reason);
  });

  test('even without need of evidence, when it is empty, the same, or breaks a check', () => {
    const broken = { checksBefore: [check('c1', 'pass')], checksAfter: [check('c1', 'fail')] };
    for (const asked of [input(draft, ''), input(draft, draft), input(draft, london, broken)])
      expect(acceptRevision({ ...asked, needsEvidence: false }).accepted).toBe(false);
  });
});

test('code may bring in names and numbers, since its support is the confirmation', () => {
  const before = 'function area(radius) {\n  return radius * radius;\n}';
  const after = before.replace('radius * radius', 'Math.PI * radius ** 2');
  const issues = [about('radius * radius', { kind: 'code_error' }, before)];
  expect(acceptRevision(input(before, after, { issues, task: { ...open, class: 'code' } })).accepted).toBe(true);
  expect(acceptRevision(input(before, after, { issues })).accepted).toBe(false);
});

describe('checks held against each other', () => {
  const status = fc.constantFrom('pass', 'fail', 'skipped');
  const pairs = fc.array(fc.tuple(status, status), { maxLength: 6 });

  test('tell what was lost and what was mended', () => {
    holds(
      fc.property(pairs, (states) => {
        const before = states.map(([was], index) => check(`c${index}`, was));
        const after = states.map(([, now], index) => check(`c${index}`, now)).reverse();
        const lost = states.flatMap(([was, now], index) =>
          (was === 'pass' && now !== 'pass') || (was === 'skipped' && now === 'fail') ? [`c${index}`] : [],
        );
        const mended = states.flatMap(([was, now], index) => (was === 'fail' && now === 'pass' ? [`c${index}`] : []));
        expect(
          lostChecks(before, after)
            .map((each) => each.id)
            .toSorted(),
        ).toEqual(lost);
        expect(mendedChecks(before, after).map((each) => each.id)).toEqual(mended);
      }),
    );
  });

  test('count a check that is gone as lost, and one that is new and fails too', () => {
    expect(lostChecks([check('c1', 'pass')], [check('c2', 'fail')])).toHaveLength(2);
  });

  test('refuse whatever loses one, be the issues and the strategy what they may', () => {
    const anyIssue = fc.record({
      kind: fc.constantFrom(...issueKinds),
      from: fc.nat(100),
      length: fc.integer({ min: 1, max: 30 }),
      omitted: fc.boolean(),
      confirmed: fc.constantFrom('verified', 'unverified', 'refuted'),
    });
    holds(
      fc.property(
        pairs,
        fc.string(),
        fc.array(anyIssue, { maxLength: 3 }),
        fc.boolean(),
        fc.array(fc.string()),
        (states, text, claims, needsEvidence, witnesses) => {
          const checksBefore = states.map(([was], index) => check(`c${index}`, was));
          const checksAfter = states.map(([, now], index) => check(`c${index}`, now));
          const issues = claims.map(({ kind, from, length, omitted, confirmed }) =>
            issue({
              kind,
              confirmed,
              quote: draft.slice(from, from + length),
              span: omitted ? null : [from, Math.min(draft.length, from + length)],
            }),
          );
          const { accepted, reasons } = acceptRevision(
            input(draft, text, { checksBefore, checksAfter, issues, needsEvidence, witnesses }),
          );
          if (lostChecks(checksBefore, checksAfter).length > 0) expect(accepted).toBe(false);
          if (text.trim() === '') expect(accepted).toBe(false);
          if (accepted && needsEvidence) expect(reasons.length).toBeGreaterThan(0);
          if (!accepted) expect(reasons.length).toBeGreaterThan(0);
        },
      ),
    );
  });
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
  const started = performance.now();
  acceptRevision(input(text, `${text}x`, { issues: [issue({ quote: text.slice(0, 1), span: [0, 1] })], known: text }));
  acceptRevision(input(draft, text, { issues: [about('in Paris')], known: text }));
  expect(performance.now() - started).toBeLessThan(4_000);
});
