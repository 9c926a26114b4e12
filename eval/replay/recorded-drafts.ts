/** Drafts that some model once wrote for prompts of IFEval's kind, from a file of JSON lines. */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import { type IfevalRow, ifevalRow, ifevalRows } from '../benchmarks/ifeval.ts';

export interface RecordedDraft {
  /** Where it stands in its file, from 1. */
  readonly line: number;
  /** Null where it is not known: then nothing can be read from it. */
  readonly prompt: string | null;
  readonly response: string;
  readonly labels: Pick<IfevalRow, 'instruction_id_list' | 'kwargs'>;
}

const draftRow = z.intersection(ifevalRow, z.object({ response: z.string() }));

/** Of a file that may be gzipped. Throws an Error that names the line that cannot be read. */
export async function readDrafts(path: string): Promise<RecordedDraft[]> {
  const bytes = await readFile(path);
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const text = (isPacked ? gunzipSync(bytes) : bytes).toString('utf8');
  return draftsOf(text, await ifevalRows());
}

/** Of JSONL. A draft that came without its prompt gets that of the data set's row with its key and its instructions. */
export function draftsOf(text: string, known: readonly IfevalRow[]): RecordedDraft[] {
  const prompts = new Map(known.map((row) => [promptKey(row), row.prompt]));
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const row = readLine(line, index + 1);
    const { response, instruction_id_list, kwargs } = row;
    const prompt = row.prompt.trim() === '' ? (prompts.get(promptKey(row)) ?? null) : row.prompt;
    return [{ line: index + 1, prompt, response, labels: { instruction_id_list, kwargs } }];
  });
}

function promptKey({ key, instruction_id_list: ids }: IfevalRow): string {
  return JSON.stringify([String(key), ids]);
}

function readLine(line: string, number: number): z.output<typeof draftRow> {
  let given: unknown;
  try {
    given = JSON.parse(line);
  } catch (error) {
    throw new Error(`Line ${number} is no JSON.`, { cause: error });
  }
  const read = draftRow.safeParse(given);
  if (read.success) return read.data;
  const why = read.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  );
  throw new Error(`Line ${number} is no recorded draft: ${why.join('; ')}`, { cause: read.error });
}
