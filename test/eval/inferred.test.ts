/** Constraints read from IFEval's prompts against its labels, and from questions that state none. `npm run eval -- inferred` prints the figures. */
import { describe, expect, test } from 'vitest';
import { agreementOn, falseAlarms } from '../../eval/inferred/measure.ts';

describe.each(['develop', 'report'] as const)('on the half that is to %s', (half) => {
  const agreement = agreementOn(half);

  test('what is read is stated: at least 99 in 100', async () => {
    const { found, agreeing, adjudicated, wrong } = await agreement;
    expect(found).toBeGreaterThan(300);
    expect((agreeing + adjudicated) / found, JSON.stringify(wrong)).toBeGreaterThanOrEqual(0.99);
  });

  test('of what is labelled at least 85 in 100 are read', async () => {
    const { labelled, read } = await agreement;
    expect(labelled).toBeGreaterThan(400);
    expect(read / labelled).toBeGreaterThanOrEqual(0.85);
  });
});

test('Of the questions of GSM8K, HumanEval and MMLU at most one in 1,000 alarms', async () => {
  const alarms = await falseAlarms();
  const asked = alarms.reduce((sum, each) => sum + each.asked, 0);
  expect(asked).toBeGreaterThan(29_000);
  const alarmed = alarms.flatMap((each) => each.alarmed);
  expect(alarmed.length / asked, alarmed.join('\n\n')).toBeLessThanOrEqual(0.001);
});
