/** The problems of HumanEval with their own solutions. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { humanEvalRow } from '../../eval/scorers/humaneval/score.ts';

const path = join(import.meta.dirname, '..', '..', 'eval', 'data', 'humaneval.jsonl.gz');
const solved = z.object({ ...humanEvalRow.shape, canonical_solution: z.string() });

export type SolvedRow = z.output<typeof solved>;

export function solvedRows(): SolvedRow[] {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n');
  return lines.map((line) => solved.parse(JSON.parse(line)));
}
