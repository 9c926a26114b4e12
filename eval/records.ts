/** What is kept of each item of a run, a line each: whoever starts it again goes on where it stopped. */
import { appendFile, mkdir, readFile, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';

const verdict = z.looseObject({ correct: z.boolean() });

const record = z.object({
  benchmark: z.string(),
  item: z.string(),
  arm: z.string(),
  seed: z.number(),
  /** Of the answer that a reader gets. */
  verdict,
  /** Of the draft it began with; null where none is known. */
  draft_verdict: z.nullable(verdict),
  status: z.string(),
  decision: z.nullable(z.string()),
  finish_reason: z.nullable(z.string()),
  error: z.nullable(z.string()),
  calls: z.number(),
  input_tokens: z.number(),
  output_tokens: z.number(),
  cost_usd: z.number(),
  /** Of the whole run, in milliseconds. */
  ms: z.number(),
  gate: z.nullable(z.object({ action: z.string(), score: z.number() })),
  /** Mends by code, by their names. */
  mends: z.array(z.string()),
  /** Passes by their roles, the draft first. */
  passes: z.array(z.string()),
  /** Null where the data set's authors ask that none of its text is kept. */
  output: z.nullable(z.string()),
});

export type EvalRecord = z.output<typeof record>;

/** What makes a record the only one of its kind. */
export function keyOf({ benchmark, item, arm, seed }: Pick<EvalRecord, 'benchmark' | 'item' | 'arm' | 'seed'>): string {
  return JSON.stringify([benchmark, item, arm, seed]);
}

/** What arms have in common: an item, and the seed it was asked with. */
export function itemOf({ item, seed }: Pick<EvalRecord, 'item' | 'seed'>): string {
  return `${seed} ${item}`;
}

export function byItem(records: readonly EvalRecord[]): ReadonlyMap<string, EvalRecord> {
  return new Map(records.map((record) => [itemOf(record), record]));
}

export function isCorrect({ verdict }: Pick<EvalRecord, 'verdict'>): boolean {
  return verdict.correct;
}

/** Those of a file that may not exist. A last line that was cut off by a crash is taken away. */
export async function readRecords(path: string): Promise<EvalRecord[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) await truncate(path, Buffer.byteLength(whole));
  const rows = whole.split('\n').filter((line) => line !== '');
  const byKey = new Map(rows.map((line) => record.parse(JSON.parse(line))).map((each) => [keyOf(each), each]));
  return [...byKey.values()];
}

export async function appendRecord(path: string, added: EvalRecord): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await appendFile(path, `${JSON.stringify(added)}\n`);
}
