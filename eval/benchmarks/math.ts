/** MATH-500: 500 competition problems. https://github.com/openai/prm800k/tree/main/prm800k/math_splits */
import * as z from 'zod/mini';
import { scoreMath } from '../scorers/math.ts';
import type { Benchmark, Item } from './benchmark.ts';
import { fetchedFile, rowsOf } from './data-file.ts';

const row = z.union([
  z.object({ problem: z.string(), answer: z.string() }),
  z.object({ gold: z.union([z.string(), z.number()]) }),
]);

const file = {
  name: 'math-500.jsonl',
  url: 'https://huggingface.co/datasets/HuggingFaceH4/MATH-500/resolve/main/test.jsonl',
  sha256: '35dc41080a3680858b27fa7e0533d2d547825316fc5dafe5d316f4ccc5a06132',
} as const;

/** The words of simple-evals. */
const question = (problem: string): string =>
  `Solve the following math problem step by step. The last line of your response should be of the form Answer: $ANSWER (without quotes) where $ANSWER is the answer to the problem.\n\n${problem}\n\nRemember to put your answer on its own line after "Answer:", and you do not need to use a \\boxed command.`;

export const math: Benchmark = {
  async load(tools) {
    const text = (await fetchedFile(file, tools)).toString('utf8');
    return rowsOf(text).map((each, index) => math.item(each, index));
  },
  item(given, index): Item {
    const read = row.parse(given);
    const gold = 'gold' in read ? String(read.gold) : read.answer;
    return {
      id: `math-${index}`,
      prompt: 'gold' in read ? '' : question(read.problem),
      ownTexts: 'gold' in read ? [] : [read.problem],
      checks: [],
      score: async (response) => ({ ...scoreMath(response, gold) }),
    };
  },
};
