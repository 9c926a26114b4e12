/**
 * Requests written for this project by somebody who had not seen the rules: `ordinary.jsonl` states no constraint on the answer, and
 * `paraphrases.jsonl` states one or two. What was missed of the first reading has been mended since.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { checkSchema } from '../../../../src/reflection/checks/checks.ts';
import { inferChecks } from '../../../../src/reflection/checks/inferred/infer.ts';

const row = z.object({ prompt: z.string(), checks: z.optional(z.array(checkSchema)) });

function rowsOf(name: string) {
  const lines = readFileSync(join(import.meta.dirname, name), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => row.parse(JSON.parse(line)));
}

/** A full stop at a phrase's end is how the sentence ends, as often as not. */
function comparable(check: unknown): string {
  const read = checkSchema.parse(check);
  const plain = Object.entries(read).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.replace(/\.$/, '').toLowerCase() : value,
  ]);
  return JSON.stringify(plain.toSorted());
}

test('Nothing is read from any of the ordinary requests', () => {
  const ordinary = rowsOf('ordinary.jsonl');
  const read = ordinary.filter(({ prompt }) => inferChecks(prompt).length > 0).map(({ prompt }) => prompt);
  expect(ordinary.length).toBeGreaterThanOrEqual(300);
  expect(read).toEqual([]);
});

describe('of the paraphrases', () => {
  const told = rowsOf('paraphrases.jsonl').map(({ prompt, checks = [] }) => ({
    prompt,
    wanted: checks.map(comparable),
    found: inferChecks(prompt).map(({ check }) => comparable(check)),
  }));

  test('nothing is read that is not stated', () => {
    expect(told.filter(({ wanted, found }) => found.some((each) => !wanted.includes(each)))).toEqual([]);
  });

  test('at least nine in ten are read', () => {
    const all = told.flatMap(({ wanted }) => wanted).length;
    const read = told.flatMap(({ wanted, found }) => wanted.filter((each) => found.includes(each))).length;
    expect(read / all).toBeGreaterThanOrEqual(0.9);
  });
});
