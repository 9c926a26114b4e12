/**
 * What code makes of an answer that fails a check, each text written by hand for this project. The model's repairs repeat the draft, so only code can
 * help; `output` lists what may come out, the draft itself where code cannot be sure and the model is asked.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { checkSchema } from '../../src/reflection/checks/checks.ts';
import { reflecting } from '../support/reflecting.ts';

const line = z.strictObject({
  situation: z.string(),
  input: z.optional(z.string()),
  text: z.string(),
  checks: z.array(z.record(z.string(), z.unknown())),
  output: z.array(z.string()),
});

function casesOf(name: string) {
  const written = readFileSync(new URL(`checks/cases/${name}.jsonl`, import.meta.url), 'utf8');
  return written
    .trim()
    .split('\n')
    .map((text) => line.parse(JSON.parse(text)));
}

describe.each(['characters', 'given-words', 'cuts'])('%s', (name) => {
  test.each(casesOf(name))('$situation: $text', async ({ input = 'Write it.', text, checks, output }) => {
    const declared = checks.map((check) => checkSchema.parse(check));
    for (const strategy of ['checks', 'selective'] as const) {
      const script = { draft: text, otherwise: text };
      const { outcome, record } = await reflecting({ input, strategy, checks: declared }, script);
      expect(output).toContain(outcome.output);
      expect(record.changed).toBe(outcome.output !== text);
      expect(record.rounds.some(({ repairs }) => repairs.length > 0)).toBe(record.changed);
    }
  });
});
