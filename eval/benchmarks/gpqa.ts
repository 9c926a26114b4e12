/**
 * GPQA Diamond: 198 questions of experts. Its authors ask that none is put online: it is kept in the user's cache folder, and what is recorded of a run holds
 * letters and no text. https://github.com/idavidrein/gpqa
 */
import { BlobReader, TextWriter, ZipReader } from '@zip.js/zip.js';
import * as z from 'zod/mini';
import { PythonRandom } from '../python/random.ts';
import { extractGpqa, letters } from '../scorers/multiple-choice.ts';
import { type Benchmark, DataFailure, type Item, type LoadTools } from './benchmark.ts';
import { readCsv } from './csv.ts';
import { fetchedFile } from './data-file.ts';
import { choiceCheck, letterAt, multipleChoicePrompt, multipleChoiceTexts } from './multiple-choice.ts';

const row = z.union([
  z.object({
    Question: z.string(),
    'Correct Answer': z.string(),
    'Incorrect Answer 1': z.string(),
    'Incorrect Answer 2': z.string(),
    'Incorrect Answer 3': z.string(),
  }),
  z.object({ gold: z.enum(letters) }),
]);

const file = {
  name: 'gpqa-dataset.zip',
  url: 'https://github.com/idavidrein/gpqa/raw/56686c06f5e19865c153de0fdb11be3890014df7/dataset.zip',
  sha256: '461ae7329f15a3e35f8184d2dac24b990f34fdf12f366ca4062d8e6638cd08dc',
} as const;
/** As the data set's own page tells everybody, so that no crawler reads the questions. */
const password = 'deserted-untie-orchid';
const member = 'dataset/gpqa_diamond.csv';

export const gpqa: Benchmark = {
  load: async (tools) => (await rowsOf(tools)).map((each, index) => gpqa.item(each, index)),
  item(given, index): Item {
    const { prompt, ownTexts, gold } = read(row.parse(given), index);
    return {
      id: `gpqa-${index}`,
      prompt,
      ownTexts,
      checks: choiceCheck,
      async score(response) {
        const extracted = extractGpqa(response);
        return { correct: extracted === gold, extracted, gold };
      },
    };
  },
};

async function rowsOf(tools: LoadTools): Promise<readonly unknown[]> {
  const bytes = await fetchedFile(file, tools);
  const zip = new ZipReader(new BlobReader(new Blob([Uint8Array.from(bytes)])), { password });
  const entry = (await zip.getEntries()).find(({ filename }) => filename === member);
  if (!entry || entry.directory) throw new DataFailure(`${file.name} holds no ${member}.`);
  return readCsv(await entry.getData(new TextWriter()));
}

function read(
  given: z.output<typeof row>,
  index: number,
): { readonly prompt: string; readonly ownTexts: readonly string[]; readonly gold: string } {
  if ('gold' in given) return { prompt: '', ownTexts: [], gold: given.gold };
  const correct = given['Correct Answer'];
  const all = [correct, given['Incorrect Answer 1'], given['Incorrect Answer 2'], given['Incorrect Answer 3']];
  const choices = permutation(index).flatMap((at) => all[at] ?? []);
  const gold = letterAt(choices.indexOf(correct));
  if (gold === undefined) throw new Error('The correct choice is one of the four.');
  const asked = [given.Question, choices] as const;
  return { prompt: multipleChoicePrompt(...asked), ownTexts: multipleChoiceTexts(...asked), gold };
}

const random = new PythonRandom(0);
const drawn: (readonly number[])[] = [];

/** The order of the choices in simple-evals, whose generator goes on from question to question. */
function permutation(index: number): readonly number[] {
  while (drawn.length <= index) drawn.push(random.sample([0, 1, 2, 3], 4));
  return drawn[index] ?? [];
}
