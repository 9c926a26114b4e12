/** What reading constraints from requests is worth: agreement with IFEval's labels on either half, and alarms on questions that state none. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { checkSchema } from '../../src/reflection/checks/checks.ts';
import { inferChecks } from '../../src/reflection/checks/inferred/infer.ts';
import { ownRows, rowsOf } from '../benchmarks/data-file.ts';
import { ifeval, ifevalRows } from '../benchmarks/ifeval.ts';
import { halfOf } from '../sample.ts';
import { type Adjudicated, type Agreement, agreementOf } from './agreement.ts';

const adjudicatedRow = z.object({ key: z.union([z.number(), z.string()]), check: checkSchema });

/** What prompts state and labels leave out, confirmed by reading them. */
export async function adjudications(): Promise<readonly Adjudicated[]> {
  const text = await readFile(join(import.meta.dirname, 'unlabelled.jsonl'), 'utf8');
  return rowsOf(text).map((row) => adjudicatedRow.parse(row));
}

export async function agreementOn(half: 'develop' | 'report'): Promise<Agreement> {
  const rows = await ifevalRows();
  const items = rows.map((row, index) => ifeval.item(row, index));
  const chosen = new Set(halfOf(items, half).map(({ id }) => id));
  return agreementOf(
    rows.filter((row) => chosen.has(`ifeval-${row.key}`)),
    await adjudications(),
  );
}

const questions = {
  'gsm8k.jsonl.gz': z.pipe(
    z.object({ question: z.string() }),
    z.transform(({ question }) => [question]),
  ),
  'humaneval.jsonl.gz': z.pipe(
    z.object({ prompt: z.string() }),
    z.transform(({ prompt }) => [prompt]),
  ),
  // The question alone, and as it is asked with its choices.
  'mmlu.jsonl.gz': z.pipe(
    z.object({ question: z.string(), choices: z.array(z.union([z.string(), z.number()])) }),
    z.transform(({ question, choices }) => [question, [question, ...choices].join('\n')]),
  ),
} as const;

export interface Alarms {
  readonly file: string;
  readonly asked: number;
  readonly alarmed: readonly string[];
}

/** The questions of the other benchmarks as they stand in the data: whatever is read from them is wrong. */
export async function falseAlarms(): Promise<readonly Alarms[]> {
  return Promise.all(
    Object.entries(questions).map(async ([file, row]): Promise<Alarms> => {
      const asked = (await ownRows(file)).flatMap((each): string[] => row.parse(each));
      return { file, asked: asked.length, alarmed: asked.filter((question) => inferChecks(question).length > 0) };
    }),
  );
}
