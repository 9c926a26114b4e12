/** `eval score`: judges responses that came from anywhere. A line in is a row of the data set and its `response`; a line out is the verdict on it. */
import * as z from 'zod/mini';
import type { Benchmark } from '../benchmarks/benchmark.ts';

/** One without a response is judged as an empty one: it is wrong, and counted. */
const answered = z.object({ response: z._default(z.nullable(z.string()), '') });

/** Lines of JSON as they come, and a line of JSON for each. Throws an Error that names the line that cannot be read. */
export async function* scoreLines(benchmark: Benchmark, lines: AsyncIterable<string>): AsyncGenerator<string> {
  let index = 0;
  for await (const line of lines) {
    if (line.trim() === '') continue;
    yield JSON.stringify(await scoreLine(benchmark, line, index));
    index += 1;
  }
}

async function scoreLine(benchmark: Benchmark, line: string, index: number): Promise<object> {
  const failed = (why: string, cause: unknown): Error => new Error(`Line ${index + 1} ${why}.`, { cause });
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch (error) {
    throw failed('is no JSON', error);
  }
  const read = answered.safeParse(row);
  if (!read.success) throw failed('has no text in "response"', read.error);
  try {
    const item = benchmark.item(row, index);
    return { index, ...(await item.score(read.data.response ?? '')) };
  } catch (error) {
    if (error instanceof z.core.$ZodError) throw failed('is no row of this data set', error);
    throw error;
  }
}
