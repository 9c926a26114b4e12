/** Responses with the verdicts and counts of IFEval's reference, run with seed 0. Where they are from: golden/NOTICE. */
import * as z from 'zod';
import { goldenRows } from './golden.ts';

const schema = z.object({
  model: z.string(),
  key: z.number(),
  instruction_id_list: z.array(z.string()),
  kwargs: z.array(z.record(z.string(), z.unknown())),
  response: z.string(),
  seed0_strict: z.array(z.boolean()),
  seed0_loose: z.array(z.boolean()),
  /** Indexes of instructions on which the reference does not agree with itself. */
  nondeterministic: z.array(z.number()),
  golden: z.object({
    punkt_sentences: z.number(),
    words: z.number(),
    cap_words: z.number(),
    nltk_tokens: z.number(),
    lang_seed0: z.string().nullable(),
  }),
});

export const ifevalSets = ['mini-apache-models', 'fuzz'].map((name) => ({
  name,
  rows: goldenRows(`${name}.jsonl.gz`, schema),
}));

/** The share of `items` for which this holds, from 0 to 1. */
export function shareOf<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  return items.filter(holds).length / items.length;
}
