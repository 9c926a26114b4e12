/** MMLU: 14,042 questions of 57 subjects, each with four choices. https://github.com/hendrycks/test */
import * as z from 'zod/mini';
import { extractMmlu, letters } from '../scorers/multiple-choice.ts';
import type { Benchmark, Item } from './benchmark.ts';
import { ownRows } from './data-file.ts';
import { choiceCheck, letterAt, multipleChoicePrompt, multipleChoiceTexts } from './multiple-choice.ts';

const number = z.union([z.int().check(z.gte(0), z.lte(3)), z.string().check(z.regex(/^[0-3A-D]$/))]);
const text = z.union([z.string(), z.number()]);
const row = z.union([
  z.object({ question: z.string(), choices: z.array(text).check(z.length(4)), answer: number }),
  z.object({ question: z.string(), choice0: text, choice1: text, choice2: text, choice3: text, answer: number }),
  z.object({ gold: z.enum(letters) }),
]);

export const mmlu: Benchmark = {
  load: async () => (await ownRows('mmlu.jsonl.gz')).map((each, index) => mmlu.item(each, index)),
  item(given, index): Item {
    const { prompt, ownTexts, gold } = read(row.parse(given));
    return {
      id: `mmlu-${index}`,
      prompt,
      ownTexts,
      checks: choiceCheck,
      async score(response) {
        const extracted = extractMmlu(response);
        return { correct: extracted === gold, extracted, gold };
      },
    };
  },
};

function read(given: z.output<typeof row>): {
  readonly prompt: string;
  readonly ownTexts: readonly string[];
  readonly gold: string | undefined;
} {
  if ('gold' in given) return { prompt: '', ownTexts: [], gold: given.gold };
  const { question, answer } = given;
  const choices = 'choices' in given ? given.choices : [given.choice0, given.choice1, given.choice2, given.choice3];
  const asked = [question, choices.map(String)] as const;
  const isLetter = letters.some((letter) => letter === answer);
  return {
    prompt: multipleChoicePrompt(...asked),
    ownTexts: multipleChoiceTexts(...asked),
    gold: isLetter ? String(answer) : letterAt(Number(answer)),
  };
}
