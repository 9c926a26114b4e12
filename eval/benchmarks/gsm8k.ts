/** Grade-school maths, 1,319 problems whose answer is a whole number. https://github.com/openai/grade-school-math */
import * as z from 'zod/mini';
import { scoreGsm8k } from '../scorers/gsm8k.ts';
import type { Benchmark, Item } from './benchmark.ts';
import { ownRows } from './data-file.ts';

const row = z.union([
  z.object({ question: z.string(), answer: z.string() }),
  z.object({ gold: z.union([z.string(), z.number()]) }),
]);

const howToAnswer = 'Solve it step by step. Write the answer alone on the last line, as a number behind "Answer:".';

export const gsm8k: Benchmark = {
  load: async () => (await ownRows('gsm8k.jsonl.gz')).map((each, index) => gsm8k.item(each, index)),
  item(given, index): Item {
    const { question, gold } = read(row.parse(given));
    return {
      id: `gsm8k-${index}`,
      prompt: `${question}\n\n${howToAnswer}`,
      ownTexts: [question, gold],
      checks: [],
      score: async (response) => ({ ...scoreGsm8k(response, gold) }),
    };
  },
};

function read(given: z.output<typeof row>): { readonly question: string; readonly gold: string } {
  if ('gold' in given) return { question: '', gold: String(given.gold) };
  return { question: given.question, gold: given.answer };
}
