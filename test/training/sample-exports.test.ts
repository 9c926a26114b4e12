/** The small exports that `npm run test:training` trains on. */
import { expect, test } from 'vitest';
import { trainingRow } from '../../src/training/training-rows.ts';
import { type Scenario, scenarios } from '../support/scenarios.ts';
import { storedRecord } from '../support/stored-records.ts';

/** As long as their drafts, so that they make pairs. The emoji are two UTF-16 units a code point. */
const pairs: readonly Scenario[] = [
  'A Plain Answer.',
  'Café und Straße: 12 €.',
  '답은 Seoul 이다.',
  '🦙 Llamas 👍🏽 Agree.',
].map((draft) => ({
  body: { input: `Repeat: ${draft}`, checks: [{ type: 'lowercase' }], infer_checks: false },
  script: { draft },
}));
const { checked, repaired, revised } = scenarios;

test.each(['sft', 'dpo', 'reflection-tuning'] as const)(
  'the sample of %s is what the service exports',
  async (kind) => {
    const records = await Promise.all([checked, repaired, revised, ...pairs].map((scenario) => storedRecord(scenario)));
    const rows = await Promise.all(records.map((record) => trainingRow(kind, record)));
    const lines = rows.flatMap((row) => (row === null ? [] : [`${JSON.stringify(row)}\n`]));
    await expect(lines.join('')).toMatchFileSnapshot(`../../eval/training/samples/${kind}.jsonl`);
  },
);
