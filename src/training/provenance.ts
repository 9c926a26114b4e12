/** Where a row comes from, and on what terms. */
import type { CheckResult } from '../reflection/checks/check.ts';
import type { Decision, Reflection } from '../reflection/record.ts';
import type { VerifiedReflection } from './verified-reflection.ts';

export interface Provenance {
  readonly reflection_id: string;
  /** Epoch seconds. */
  readonly created_at: number;
  readonly prompt_hash: string;
  /** Who wrote the draft; null where the record does not say. */
  readonly model: string | null;
  /** All whose words may be in the row, in the order in which they were asked. */
  readonly models: readonly string[];
  readonly decision: Decision | null;
  /** Of the output. */
  readonly checks: readonly Pick<CheckResult, 'id' | 'type' | 'origin' | 'status'>[];
}

/** What every row ends with. */
export interface RowOrigin {
  readonly provenance: Provenance;
  readonly license: string;
}

const license =
  'No licence is granted by this row. The terms of use of every model in provenance.models apply to what it wrote, and the rights of whoever wrote the prompt to the prompt.';

export function originOf({ record, prompt }: VerifiedReflection): RowOrigin {
  const { id, created_at, decision } = record;
  const answered = answeredPasses(record);
  return {
    provenance: {
      reflection_id: id,
      created_at,
      prompt_hash: prompt.hash,
      model: answered.find(({ role }) => role === 'draft')?.model ?? null,
      models: [...new Set(answered.map(({ model }) => model))],
      decision,
      checks: record.checks.map(({ id, type, origin, status }) => ({ id, type, origin, status })),
    },
    license,
  };
}

function answeredPasses({ usage }: Reflection): Reflection['usage']['passes'] {
  return usage.passes.filter(({ finish_reason }) => finish_reason !== 'error');
}
