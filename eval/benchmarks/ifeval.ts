/** IFEval: 541 prompts whose instructions code can check. https://github.com/google-research/google-research/tree/master/instruction_following_eval */
import * as z from 'zod/mini';
import { checkSchema, type DeclaredCheck } from '../../src/reflection/checks/checks.ts';
import { type IfevalVerdict, InstructionFailure, scoreIfeval } from '../scorers/ifeval/score.ts';
import type { Benchmark, Item } from './benchmark.ts';
import { ownRows } from './data-file.ts';
import { checksFor } from './ifeval-checks.ts';

const labels = z
  .object({
    instruction_id_list: z.array(z.string()),
    /** For each instruction its arguments; one that is null counts as left out. */
    kwargs: z.array(z.record(z.string(), z.unknown())),
  })
  .check((payload) => {
    const problem = problemOf(payload.value);
    if (problem !== undefined) payload.issues.push({ code: 'custom', message: problem, input: payload.value });
  });

/** A row of the data set. A row that is only scored needs no prompt. */
export const ifevalRow = z.intersection(
  labels,
  z.object({ key: z.optional(z.union([z.number(), z.string()])), prompt: z._default(z.string(), '') }),
);

export type IfevalLabels = z.output<typeof labels>;
export type IfevalRow = z.output<typeof ifevalRow>;

export const ifeval: Benchmark = {
  load: async () => (await ifevalRows()).map((row, index) => ifeval.item(row, index)),
  item(given, index): Item {
    const row = ifevalRow.parse(given);
    return {
      id: `ifeval-${row.key ?? index}`,
      prompt: row.prompt,
      checks: declaredFor(row).flat(),
      async score(response) {
        const { strict, loose } = scored(response, row);
        return { correct: strict.every(Boolean), strict, loose, instructions: row.instruction_id_list };
      },
    };
  },
};

/** The data set's own rows. */
export async function ifevalRows(): Promise<IfevalRow[]> {
  return z.array(ifevalRow).parse(await ownRows('ifeval.jsonl.gz'));
}

/** What a caller would declare for each instruction. A check that the service would refuse is left out. */
export function declaredFor({ instruction_id_list: ids, kwargs }: IfevalLabels): DeclaredCheck[][] {
  return ids.map((id, index) =>
    checksFor(id, kwargs[index] ?? {}).flatMap((check) => {
      const read = checkSchema.safeParse(check);
      return read.success ? [read.data] : [];
    }),
  );
}

export function scored(response: string, { instruction_id_list: ids, kwargs }: IfevalLabels): IfevalVerdict {
  return scoreIfeval(response, ids, kwargs);
}

/** Why no response can be held against these labels. */
function problemOf(row: IfevalLabels): string | undefined {
  try {
    scored('', row);
    return undefined;
  } catch (error) {
    if (error instanceof InstructionFailure) return error.message;
    throw error;
  }
}
