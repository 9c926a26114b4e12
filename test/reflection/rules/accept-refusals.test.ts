/** Which revisions the accept gate refuses, and why; above all those that lose a check. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { issueKinds } from '../../../src/reflection/record.ts';
import { type AcceptInput, acceptRevision } from '../../../src/reflection/rules/accept-rules.ts';
import { lostChecks, mendedChecks } from '../../../src/reflection/rules/check-changes.ts';
import { about, draft, input, london, number } from '../../support/acceptance.ts';
import { holds } from '../../support/properties.ts';
import { check, issue } from '../../support/reflections.ts';

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

describe('even a strategy that needs no evidence refuses', () => {
  const code = 'Set it like this:\n```js\nlet a = 1;\n```\nThen run it.';
  test.each([
    ['a refusal', draft, `I’m sorry, but I can’t help. ${draft}`, 'the revision refuses to answer'],
    ['another text', draft, 'Something else altogether.', 'the revision keeps next to nothing of the text'],
    ['JSON that is none any more', '{"city": "Paris"}', '{"city": "London}', 'the revision is no JSON any more'],
    ['code out of its fence', code, code.replaceAll('```', ''), 'the revision loses a code fence'],
    ['control characters', draft, `${draft} \u0000`, 'the revision holds control characters'],
    ['broken characters', draft, draft.replace('Paris', 'Par\ufffds'), 'the revision holds control characters'],
    ['an error page', draft, `<!DOCTYPE html>\n<html>${draft}</html>`, 'the revision is an HTML page'],
    ['an error page', draft, `<html>\n<h1>502</h1>${draft}</html>`, 'the revision is an HTML page'],
  ])('%s', (_, before, after, reason) => {
    expect(acceptRevision(input(before, after, { needsEvidence: false })).reasons).toContain(reason);
  });

  test('and takes what was so before', () => {
    const page = '<html>\n<p>Ada Lovelace wrote the first program of the world.</p></html>';
    const asked = input(page, page.replace('wrote', 'composed'), { needsEvidence: false });
    expect(acceptRevision(asked).accepted).toBe(true);
  });
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
