/** Rows of training data, each held against the benchmarks. A row is any JSON value; every text in it is looked at, whatever its field is called. */
import type { Overlap, PhraseIndex } from './phrase-index.ts';

export interface LookedAt {
  /** Where the row stands in its file, from 1. */
  readonly line: number;
  /** Empty where it has nothing of a benchmark. */
  readonly overlaps: readonly Overlap[];
}

/** Lines of JSON as they come, blank ones left out. Throws an Error that names the line that cannot be read. */
export async function* lookAtRows(lines: AsyncIterable<string>, index: PhraseIndex): AsyncGenerator<LookedAt> {
  let line = 0;
  for await (const text of lines) {
    line += 1;
    if (text.trim() === '') continue;
    const found = textsOf(readRow(text, line)).flatMap((each) => index.find(each));
    yield { line, overlaps: [...new Map(found.map((overlap) => [overlap.item, overlap])).values()] };
  }
}

function readRow(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`Line ${line} is no JSON.`, { cause: error });
  }
}

/** All texts in a value, however deep. */
function textsOf(row: unknown): string[] {
  const texts: string[] = [];
  const left: unknown[] = [row];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === 'string') texts.push(value);
    else if (typeof value === 'object' && value !== null) left.push(...Object.values(value).toReversed());
  }
  return texts;
}
