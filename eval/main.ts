/** `npm run eval`: what the benchmarks say of an endpoint, and of responses that came from anywhere. */
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { LaunchError } from '../local/launch-error.ts';
import { Session } from '../local/session.ts';
import { readArms } from './arms.ts';
import { DataFailure } from './benchmarks/benchmark.ts';
import { benchmarkNamed, benchmarks } from './benchmarks/benchmarks.ts';
import { findContamination } from './commands/contamination.ts';
import { inferredReport } from './commands/inferred.ts';
import { replayFile } from './commands/replay.ts';
import { type RunOptions, run } from './commands/run.ts';
import { scoreLines } from './commands/score.ts';
import { indexOfBenchmarks } from './contamination/benchmark-index.ts';
import { halves } from './sample.ts';
import type { SubjectChoice } from './subjects/open-subject.ts';

const usage = `Usage: npm run eval -- --benchmark NAMES --strategy NAMES (--endpoint URL | --local | --upstream URL) [options]
       npm run --silent eval -- score --benchmark NAME < items.jsonl > verdicts.jsonl
       npm run --silent eval -- replay FILE --strategy NAMES [--declared] [--out FOLDER] > report.md
       npm run --silent eval -- contamination FILE
       npm run --silent eval -- inferred > report.md

  --benchmark NAMES     with commas: ${Object.keys(benchmarks).join(', ')}
  --strategy NAMES      with commas: direct, cot, tags, checks, selective, vote, always, and best-of-2 to best-of-9: so
                        many plain drafts, of which the checks choose; each also with "+declared": the
                        checks that the data set knows are sent along
  --limit N             so many items of each, drawn by the seed (default: all)
  --half NAME           ${halves.join(', ')}: what is built on one half is told of the other (default all)
  --seed S              of the sample and of the models (default 0)
  --endpoint URL        a running service; its key in EVAL_API_KEY
  --local               a model on this machine, as npm start has it; --model NAME or PATH.gguf
  --upstream URL        any OpenAI-compatible server; --upstream-model, --upstream-class small|large, --upstream-key
  --concurrency N       items at a time (default 1)
  --max-output-tokens N the cap of an answer; a model that repeats itself writes as far as it may (default: the service's)
  --budget-usd N        nothing more is begun once so much is spent (default 5)
  --out FOLDER          where records and reports go (default eval/runs/latest); a run that was stopped goes on from there`;

const options = {
  benchmark: { type: 'string' },
  strategy: { type: 'string', default: 'direct,checks,selective' },
  limit: { type: 'string' },
  half: { type: 'string', default: 'all' },
  seed: { type: 'string', default: '0' },
  endpoint: { type: 'string' },
  local: { type: 'boolean', default: false },
  model: { type: 'string' },
  upstream: { type: 'string' },
  'upstream-model': { type: 'string' },
  'upstream-class': { type: 'string', default: 'large' },
  'upstream-key': { type: 'string' },
  concurrency: { type: 'string', default: '1' },
  'max-output-tokens': { type: 'string' },
  'budget-usd': { type: 'string', default: '5' },
  out: { type: 'string', default: join(import.meta.dirname, 'runs', 'latest') },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const say = (line: string): void => console.error(line);

async function score(words: string[]): Promise<void> {
  const { values } = parseArgs({ args: words, options: { benchmark: { type: 'string' } } });
  if (values.benchmark === undefined) throw new Error(`Which benchmark? ${usage}`);
  const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  for await (const verdict of scoreLines(benchmarkNamed(values.benchmark), lines)) {
    // A reader may be slower than the scorer.
    if (!process.stdout.write(`${verdict}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve));
  }
}

async function replayed(words: string[]): Promise<void> {
  const { strategy, out } = options;
  const own = { strategy, out, declared: { type: 'boolean', default: false } } as const;
  const { values, positionals } = parseArgs({ args: words, options: own, allowPositionals: true });
  const arms = readArms(values.strategy).map((arm) => ({ ...arm, declares: arm.declares || values.declared }));
  if (arms.some(({ samples }) => samples > 1))
    throw new Error('A recorded draft is one sample: there is no best of several.');
  const command = commandOf(['replay', ...words]);
  process.stdout.write(await replayFile({ file: onlyFile(positionals), arms, folder: values.out, command }, say));
}

/** Ends with 1 where a row is flagged. */
async function contamination(words: string[]): Promise<void> {
  const { positionals } = parseArgs({ args: words, options: {}, allowPositionals: true });
  const flagged = await findContamination(onlyFile(positionals), await indexOfBenchmarks(), {
    tell: (line) => console.log(line),
    say,
  });
  if (flagged > 0) process.exitCode = 1;
}

function onlyFile([file, ...more]: readonly string[]): string {
  if (file !== undefined && more.length === 0) return file;
  throw new Error(`Which file? One of JSON lines, gzipped or not. ${usage}`);
}

async function measured(words: string[]): Promise<void> {
  const { values } = parseArgs({ args: words, options });
  if (values.help) return console.log(usage);
  if (values.benchmark === undefined)
    throw new Error(`Which benchmark? One or more of ${Object.keys(benchmarks).join(', ')}.`);
  const half = halves.find((known) => known === values.half);
  if (!half) throw new Error(`--half is one of ${halves.join(', ')}.`);
  const chosen: RunOptions = {
    benchmarks: values.benchmark.split(',').map((name) => name.trim()),
    arms: readArms(values.strategy),
    limit: optional('--limit', values.limit),
    half,
    seed: whole('--seed', values.seed, 0),
    subject: subjectOf(values),
    concurrency: whole('--concurrency', values.concurrency, 1),
    maxOutputTokens: optional('--max-output-tokens', values['max-output-tokens']),
    mostUsd: amount('--budget-usd', values['budget-usd']),
    folder: values.out,
    command: commandOf(words),
  };
  const session = new Session(process);
  process.exitCode = await session.run(async () => {
    try {
      await run(chosen, session, say);
    } catch (error) {
      throw error instanceof DataFailure ? new LaunchError(error.message, { cause: error }) : error;
    }
  });
}

/** For the report, which others read: without the key. */
function commandOf(words: readonly string[]): string {
  const told = words.map((word, index) => {
    if (words[index - 1] === '--upstream-key') return 'KEY';
    return word.replace(/^(--upstream-key=).*/, '$1KEY');
  });
  return `npm run eval -- ${told.join(' ')}`;
}

function subjectOf(values: {
  readonly endpoint?: string | undefined;
  readonly local: boolean;
  readonly model?: string | undefined;
  readonly upstream?: string | undefined;
  readonly 'upstream-model'?: string | undefined;
  readonly 'upstream-class': string;
  readonly 'upstream-key'?: string | undefined;
}): SubjectChoice {
  const { endpoint, local, model, upstream } = values;
  if ([endpoint !== undefined, local, upstream !== undefined].filter(Boolean).length !== 1) {
    throw new Error('What answers? One of --endpoint URL, --local and --upstream URL.');
  }
  if (endpoint !== undefined) return { kind: 'endpoint', url: endpoint, key: process.env['EVAL_API_KEY'] ?? '' };
  if (upstream === undefined) return { kind: 'local', model };
  const size = values['upstream-class'] === 'small' ? 'small' : 'large';
  return { kind: 'upstream', url: upstream, key: values['upstream-key'], model: values['upstream-model'], class: size };
}

function whole(name: string, text: string, least: number): number {
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
  throw new Error(`${name} ${text} is no whole number from ${least} on.`);
}

/** A whole number from 1 on, or none given. */
function optional(name: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : whole(name, text, 1);
}

function amount(name: string, text: string): number {
  if (/^\d{1,6}(?:\.\d{1,6})?$/.test(text)) return Number(text);
  throw new Error(`${name} ${text} is no amount.`);
}

const words = process.argv.slice(2);
const [first = '', ...rest] = words;
try {
  if (first === 'score') await score(rest);
  else if (first === 'replay') await replayed(rest);
  else if (first === 'contamination') await contamination(rest);
  else if (first === 'inferred') process.stdout.write(await inferredReport());
  else await measured(words);
} catch (error) {
  console.error(`edge-reflection: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
