/** The bundle's size, and how long each target takes from its start to its first answer. */
import { hotGzipBytes } from '../../local/bundle.ts';
import type { Footprint } from '../results.ts';
import { sum } from '../statistics.ts';
import { type Bench, scaled, withTargets } from './bench.ts';

export async function measureFootprint(bench: Bench): Promise<Footprint> {
  const { modules } = bench.built;
  const startMs: Record<string, number[]> = {};
  for (let start = 0; start < scaled(bench, 10, 3); start += 1) {
    await withTargets(bench, async (...targets) => {
      for (const { name, program } of targets)
        startMs[name] = [...(startMs[name] ?? []), program?.startMs ?? Number.NaN];
    });
  }
  const hot = hotGzipBytes(modules);
  return { hotGzipBytes: hot, coldGzipBytes: sum(modules.map(({ gzipBytes }) => gzipBytes)) - hot, startMs };
}
