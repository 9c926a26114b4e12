/** The kinds of training data that a stored reflection can become, and the row of each. */
import type { Reflection } from '../reflection/record.ts';
import { type PreferenceRow, preferenceRow } from './preference-row.ts';
import { type ReflectionRow, reflectionRow } from './reflection-row.ts';
import { type SupervisedRow, supervisedRow } from './supervised-row.ts';
import { type VerifiedReflection, verifiedReflection } from './verified-reflection.ts';

export type TrainingRow = SupervisedRow | PreferenceRow | ReflectionRow;

const rowMakers = {
  sft: supervisedRow,
  dpo: preferenceRow,
  'reflection-tuning': reflectionRow,
} as const satisfies Record<string, (verified: VerifiedReflection) => TrainingRow | null>;

export type TrainingKind = keyof typeof rowMakers;

export function isTrainingKind(name: string): name is TrainingKind {
  return Object.hasOwn(rowMakers, name);
}

/** The row of a stored reflection; null where it gives none of that kind. Equal records give equal rows, down to the order of members. */
export async function trainingRow(kind: TrainingKind, record: Reflection): Promise<TrainingRow | null> {
  const verified = await verifiedReflection(record);
  return verified && rowMakers[kind](verified);
}
