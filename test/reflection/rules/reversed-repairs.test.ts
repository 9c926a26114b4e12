/** The accept gate and repairs that mend a form check by saying the contrary: negations lost or gained, numbers or names in each other's places. */
import { describe, expect, test } from 'vitest';
import { prepareChecks } from '../../../src/reflection/checks/checks.ts';
import { runChecks } from '../../../src/reflection/checks/run-checks.ts';
import { ComputeBudget } from '../../../src/reflection/compute-budget.ts';
import { acceptRevision } from '../../../src/reflection/rules/accept-rules.ts';
import { input } from '../../support/acceptance.ts';
import { processorMs } from '../../support/processor-time.ts';
import { check } from '../../support/reflections.ts';
import { honestRepairs, negationRepairs, orderRepairs, type RepairCase } from './cases/reversed-repairs.ts';

async function verdict({ words, draft, revision }: RepairCase) {
  const spaced = words.every((word) => !/[\p{Script=Han}\p{Script=Hiragana}]/u.test(word));
  const forbidden = [
    { id: 'c1', type: 'forbidden_words' as const, words: [...words], whole_word: spaced, case_sensitive: false },
  ];
  await prepareChecks(forbidden);
  const run = (text: string) =>
    runChecks(text, forbidden, { question: '', sources: [], computing: new ComputeBudget() });
  const [checksBefore, checksAfter] = [run(draft), run(revision)];
  expect([checksBefore[0]?.status, checksAfter[0]?.status]).toEqual(['fail', 'pass']);
  return acceptRevision(input(draft, revision, { checksBefore, checksAfter }));
}

test.each(negationRepairs)('the negations stay: $draft → $revision', async (repair) => {
  expect(await verdict(repair)).toMatchObject({
    accepted: false,
    reasons: expect.arrayContaining([expect.stringMatching(/negat/)]),
  });
});

test.each(orderRepairs)('numbers and names keep their places: $draft → $revision', async (repair) => {
  expect(await verdict(repair)).toMatchObject({
    accepted: false,
    reasons: expect.arrayContaining([expect.stringMatching(/swaps/)]),
  });
});

test.each(honestRepairs)('an honest repair is accepted: $draft → $revision', async (repair) => {
  expect(await verdict(repair)).toMatchObject({ accepted: true });
});

describe('a sentence among many', () => {
  const filler = 'The garden opens at nine. Tickets cost 8 euros at the gate. Dogs stay on the lead.';

  test.each([...negationRepairs, ...orderRepairs])('is found: $draft', async ({ words, draft, revision }) => {
    const longer = {
      words,
      draft: `${filler}\n\n${draft}\n\n${filler}`,
      revision: `${filler}\n\n${revision}\n\n${filler}`,
    };
    expect(await verdict(longer)).toMatchObject({ accepted: false });
  });
});

test.each([
  ['sentences', 'It is not red. '.repeat(20_000)],
  ['different sentences', Array.from({ length: 20_000 }, (_, index) => `It is not ${index}.`).join(' ')],
  ['names', 'Anna Carl, '.repeat(25_000)],
  ['numbers', Array.from({ length: 50_000 }, (_, index) => index).join(' ')],
  ['blanks', `a${' '.repeat(300_000)}b`],
])('a third of a megabyte of %s is judged in time', (_, text) => {
  const started = processorMs();
  const checks = { checksBefore: [check('c1', 'fail')], checksAfter: [check('c1', 'pass')] };
  acceptRevision(input(text, `${text}x`, checks));
  acceptRevision(input(text, text.split(' ').toReversed().join(' '), checks));
  expect(processorMs() - started).toBeLessThan(8_000);
});

test('thousands of forbidden words in as many sentences are judged in time', () => {
  const words = Array.from({ length: 6_000 }, (_, index) => `w${index.toString(36)}`);
  const text = words.map((word) => `${word}. `).join('');
  const measured = words.slice(0, 3_200);
  const checksBefore = [check('c1', 'fail', { type: 'forbidden_words', measured })];
  const checksAfter = [check('c1', 'pass', { type: 'forbidden_words' })];
  const started = processorMs();
  acceptRevision(input(text, text.replaceAll('a', 'b'), { checksBefore, checksAfter }));
  expect(processorMs() - started).toBeLessThan(1_000);
});
