/**
 * Choices and JSON that went wrong once, each text written anew by hand for this project. `status` lists the verdicts that are right; `output` what may
 * come out where the model's repairs repeat the draft, so that only code can help.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { checkSchema } from '../../../src/reflection/checks/checks.ts';
import { reflecting } from '../../support/reflecting.ts';
import { judge } from './judge.ts';

const line = z.strictObject({
  situation: z.string(),
  text: z.string(),
  checks: z.array(z.record(z.string(), z.unknown())),
  status: z.optional(z.array(z.string())),
  output: z.optional(z.array(z.string())),
});
const cases = readFileSync(new URL('cases/settled.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((text) => line.parse(JSON.parse(text)));

test.each(cases)('$situation: $text', async ({ text, checks, status, output }) => {
  const declared = checks.map((check) => checkSchema.parse(check));
  if (status) expect(status).toContain(judge(text, declared[0] ?? {}).status);
  for (const strategy of output ? (['checks', 'selective'] as const) : []) {
    const { outcome } = await reflecting({ strategy, checks: declared }, { draft: text, otherwise: text });
    expect(output).toContain(outcome.output);
  }
});
