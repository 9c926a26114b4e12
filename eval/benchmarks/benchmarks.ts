/** The benchmarks, by name. */
import type { Benchmark } from './benchmark.ts';
import { gpqa } from './gpqa.ts';
import { gsm8k } from './gsm8k.ts';
import { humaneval } from './humaneval.ts';
import { ifeval } from './ifeval.ts';
import { math } from './math.ts';
import { mmlu } from './mmlu.ts';

export const benchmarks = { gsm8k, math, mmlu, gpqa, ifeval, humaneval } as const satisfies Record<string, Benchmark>;

export type BenchmarkName = keyof typeof benchmarks;

/** Throws an Error that names those that there are. */
export function benchmarkNamed(name: string): Benchmark {
  const found = Object.entries(benchmarks).find(([known]) => known === name);
  if (found) return found[1];
  throw new Error(`There is no benchmark "${name}": expected ${Object.keys(benchmarks).join(', ')}.`);
}
