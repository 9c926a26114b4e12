/** All items of the benchmarks that are on this machine, to be found in other texts. */
import { DataFailure, type LoadTools } from '../benchmarks/benchmark.ts';
import { benchmarks } from '../benchmarks/benchmarks.ts';
import { PhraseIndex } from './phrase-index.ts';

export interface IndexedBenchmarks {
  readonly index: PhraseIndex;
  /** Those whose data is not here. */
  readonly missing: readonly string[];
}

/** `folder`: where fetched data sets are kept; left out, in this user's cache folder. */
export async function indexOfBenchmarks(folder?: string): Promise<IndexedBenchmarks> {
  const index = new PhraseIndex();
  const missing: string[] = [];
  const tools: LoadTools = {
    signal: new AbortController().signal,
    say: () => undefined,
    fetch: () => Promise.reject(new Error('Nothing is fetched here.')),
    ...(folder !== undefined && { folder }),
  };
  for (const [name, { load }] of Object.entries(benchmarks)) {
    try {
      const items = await load(tools);
      for (const { id, prompt, ownTexts = [prompt] } of items) for (const text of ownTexts) index.add(id, text);
    } catch (error) {
      if (!(error instanceof DataFailure)) throw error;
      missing.push(name);
    }
  }
  return { index, missing };
}
