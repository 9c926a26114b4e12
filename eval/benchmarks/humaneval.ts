/** HumanEval: 164 functions to be written in Python, each with tests that are run. https://github.com/openai/human-eval */
import { humanEvalRow, scoreHumanEval } from '../scorers/humaneval/score.ts';
import type { Benchmark, Item } from './benchmark.ts';
import { ownRows } from './data-file.ts';

/** The words of simple-evals. */
const howToAnswer =
  'Read the following function signature and docstring, and fully implement the function described. Your response should only contain the code for this function.\n';

export const humaneval: Benchmark = {
  load: async () => (await ownRows('humaneval.jsonl.gz')).map((each, index) => humaneval.item(each, index)),
  item(given, index): Item {
    const row = humanEvalRow.parse(given);
    return {
      id: `humaneval-${index}`,
      prompt: `${howToAnswer}${row.prompt}`,
      ownTexts: [row.prompt],
      checks: [],
      score: async (response) => ({ ...(await scoreHumanEval(row, response)) }),
    };
  },
};
