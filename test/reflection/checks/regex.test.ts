import { describe, expect, test } from 'vitest';
import { checkSchema } from '../../../src/reflection/checks/checks.ts';
import { runChecks } from '../../../src/reflection/checks/run-checks.ts';
import { ComputeBudget } from '../../../src/reflection/compute-budget.ts';
import { processorMs } from '../../support/processor-time.ts';
import { examples, judge, noContext, pointedOut, refusals } from './judge.ts';

describe('regex', () => {
  examples([
    ['pass', { type: 'regex', pattern: '\\d{3}' }, 'call 123 now'],
    ['fail', { type: 'regex', pattern: '\\d{3}' }, 'call 12 now'],
    ['pass', { type: 'regex', pattern: '[a-z ]+', full_match: true }, '\n all of it \n'],
    ['fail', { type: 'regex', pattern: '[a-z]+', full_match: true }, 'not all'],
    ['pass', { type: 'regex', pattern: 'HELLO', flags: 'i' }, 'hello'],
    ['pass', { type: 'regex', pattern: '^b.c$', flags: 'ms' }, 'a\nb\nc\nd'],
    ['fail', { type: 'regex', pattern: '^b', flags: '' }, 'a\nb'],
    ['pass', { type: 'regex', pattern: 'x', should_match: false }, ''],
    ['pass', { type: 'regex', pattern: '\\p{Hebrew}+' }, 'שלום'],
  ]);

  test('points out what matched and should not have, in places of the text itself', () => {
    const text = '😀 é 42 and 43';
    const result = judge(text, { type: 'regex', pattern: '\\d+', should_match: false });
    expect(pointedOut(text, result)).toBe('42');
    expect(result.message).toBe('The answer must not match the regular expression \\d+; it does at "42".');
    const whole = judge('  42 ', { type: 'regex', pattern: '4.', full_match: true, should_match: false });
    expect(pointedOut('  42 ', whole)).toBe('42');
  });

  test.each(['(a+)+$', '(a|aa)+$', '(a*)*b', '(.*)*x', '^(([a-z])+.)+[A-Z]([a-z])+$'])(
    'runs %s in time linear in the text',
    (pattern) => {
      const before = processorMs();
      judge(`${'a'.repeat(200_000)}!`, { type: 'regex', pattern });
      expect(processorMs() - before).toBeLessThan(5_000);
    },
  );

  test('abstains where the run may compute no more, and says so', () => {
    const check = checkSchema.parse({ type: 'regex', pattern: '(.{0,900})z' });
    const text = 'a'.repeat(100_000);
    const [result] = runChecks(text, [check], { ...noContext, computing: new ComputeBudget() });
    expect(result).toMatchObject({
      status: 'skipped',
      message: 'All the computing that one request may take is used up. This check was not run.',
    });
  });

  test.each([
    ['(?=a)b', /^pattern: expected a regular expression in RE2 syntax/],
    ['(a)\\1', /^pattern: expected a regular expression in RE2 syntax/],
    ['(', /^pattern: expected a regular expression in RE2 syntax/],
    ['', /^pattern: expected a text that is not empty/],
    ['a'.repeat(1_001), /^pattern: expected a pattern of at most 1000 characters/],
    ['((abcdefghij){100}){10}', /^pattern: expected a smaller pattern/],
  ])('refuses the pattern %s', (pattern, refusal) => {
    expect(refusals({ type: 'regex', pattern })).toEqual([expect.stringMatching(refusal)]);
  });

  test('refuses flags that RE2 has not', () => {
    expect(refusals({ type: 'regex', pattern: 'a', flags: 'g' })).toEqual([
      'flags: expected some of the flags i, m and s, each once',
    ]);
    expect(refusals({ type: 'regex', pattern: 'a', flags: 'ii' })).toHaveLength(1);
  });
});
