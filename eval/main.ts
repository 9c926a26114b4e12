/** `npm run eval`: what the benchmarks say of an endpoint, and of responses that came from anywhere. */
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { benchmarkNamed } from './benchmarks/benchmarks.ts';
import { scoreLines } from './commands/score.ts';

const commands = { score } as const satisfies Record<string, (words: string[]) => Promise<void>>;

const usage = `Usage: npm run --silent eval -- score --benchmark NAME < items.jsonl > verdicts.jsonl`;

async function score(words: string[]): Promise<void> {
  const { values } = parseArgs({ args: words, options: { benchmark: { type: 'string' } } });
  if (values.benchmark === undefined) throw new Error(`Which benchmark? ${usage}`);
  const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  for await (const verdict of scoreLines(benchmarkNamed(values.benchmark), lines)) {
    // A reader may be slower than the scorer.
    if (!process.stdout.write(`${verdict}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve));
  }
}

const [name = '', ...words] = process.argv.slice(2);
const command = Object.entries(commands).find(([known]) => known === name)?.[1];
try {
  if (!command) throw new Error(usage);
  await command(words);
} catch (error) {
  console.error(`edge-reflection: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
