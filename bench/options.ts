/** The command line of `npm run bench`. */
import { parseArgs } from 'node:util';

export const suiteNames = [
  'footprint',
  'latency',
  'streams',
  'frontier',
  'resources',
  'counts',
  'strategies',
  'hostile',
  'channels',
] as const;
export type SuiteName = (typeof suiteNames)[number];

export const usage = `Usage: npm run bench -- [options]

  --only NAME     one part, may be given again: ${suiteNames.join(', ')}
  --rounds N      rounds of the latency comparison (default 1500)
  --quick         a tenth of everything, to see that it works
  --seed N        the order of the targets within the rounds (default 1)
  --tables        only write the tables of docs/performance.md again, from bench/results/latest.json
  --help          this text

A whole run writes bench/results/latest.json and the tables of docs/performance.md; every run keeps its raw figures in bench/results/.`;

export interface Options {
  readonly suites: readonly SuiteName[];
  readonly rounds: number;
  readonly quick: boolean;
  readonly seed: number;
  readonly tables: boolean;
  readonly help: boolean;
}

/** Every part at its full length: what the published tables are made of. */
export function isWhole({ suites, quick }: Options): boolean {
  return !quick && suites.length === suiteNames.length;
}

/** Throws an Error that says what was not understood. */
export function parseOptions(words: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      only: { type: 'string', multiple: true },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      tables: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { quick, tables, help, only } = values;
  const stray = only?.find((name) => !suiteNames.some((known) => known === name));
  if (stray !== undefined) throw new Error(`--only ${stray} is not a part of this: ${suiteNames.join(', ')}.`);
  return {
    suites: only ? suiteNames.filter((name) => only.includes(name)) : suiteNames,
    rounds: wholeNumber('--rounds', values.rounds ?? (quick ? '150' : '1500')),
    quick,
    seed: wholeNumber('--seed', values.seed),
    tables,
    help,
  };
}

function wholeNumber(name: string, text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new Error(`${name} ${text} is not a whole number from 1 on.`);
  return Number(text);
}
