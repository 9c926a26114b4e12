/** Answers of models, kept: a run that was cut off asks nothing twice, and arms share a draft that they ask for in the same words with the same seed. */
import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import type { ModelCall } from '../../src/reflection/model.ts';

const answer = z.object({
  key: z.string(),
  model: z.string(),
  text: z.string(),
  reason: z.enum(['stop', 'length', 'unknown']),
  usage: z.nullable(
    z.object({
      inputTokens: z.number(),
      outputTokens: z.number(),
      neurons: z.nullable(z.number()),
      estimated: z.exactOptional(z.boolean()),
    }),
  ),
  /** How long it took. */
  ms: z.number(),
});

export type KeptAnswer = z.output<typeof answer>;

export interface CallStore {
  find(call: ModelCall): KeptAnswer | undefined;
  keep(call: ModelCall, kept: Omit<KeptAnswer, 'key'>): Promise<void>;
}

/** In a file of lines, which need not be there. `model`: whose answers these are. */
export async function callStore(path: string, model: string): Promise<CallStore> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const rows = whole.split('\n').filter((line) => line !== '');
  const known = new Map(rows.map((line) => answer.parse(JSON.parse(line))).map((each) => [each.key, each]));
  return {
    find: (call) => known.get(keyOf(call, model)),
    async keep(call, kept) {
      const added = { key: keyOf(call, model), ...kept };
      known.set(added.key, added);
      await mkdir(dirname(path), { recursive: true });
      await appendFile(path, `${JSON.stringify(added)}\n`);
    },
  };
}

/** For whoever keeps nothing. */
export const forgetful: CallStore = { find: () => undefined, keep: () => Promise.resolve() };

function keyOf({ deadlineAt: _, ...asked }: ModelCall, model: string): string {
  return createHash('sha256')
    .update(JSON.stringify([model, asked]))
    .digest('base64url');
}
