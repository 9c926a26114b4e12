/** The table of streamed answers. Pure. */
import type { StreamRun } from './results.ts';
import { addedMedian, addedTail, bootstrap, type Pair, percentile, seededRandom } from './statistics.ts';
import { figure, type Table } from './table.ts';

const directName = 'direct';

export function streamTable(runs: readonly StreamRun[], seed: number): Table {
  return {
    name: 'streams',
    title: 'Added to a stream',
    note: 'The first token over direct’s in the same batch, with 95 % bootstrap intervals; a frame’s travel is from the model’s write to the client’s read, the same clock on both sides. Lost: frames that never came, came out of order, or broke the events’ numbering.',
    columns: [
      'streams at once',
      'target',
      'streams',
      'added to first token, p50',
      'p99',
      'frame’s travel, p50',
      'p99',
      'frames lost',
      'streams failed',
    ],
    rows: runs.flatMap((run) => rowsOf(run, seed)),
  };
}

function rowsOf({ concurrency, targets }: StreamRun, seed: number): string[][] {
  const direct = targets[directName]?.firstTokenMs ?? [];
  return Object.entries(targets).map(([name, figures]) => {
    const pairs = figures.firstTokenMs.flatMap((ms, index): Pair[] => {
      const base = direct[index];
      return ms === null || base === null || base === undefined ? [] : [[ms, base]];
    });
    const first = (statistic: typeof addedMedian) => {
      if (name === directName) return '–';
      const { value, low, high } = bootstrap(pairs, statistic, seededRandom(seed));
      return `${figure(value)} (${figure(low)} to ${figure(high)})`;
    };
    return [
      String(concurrency),
      name,
      String(figures.streams),
      first(addedMedian),
      first(addedTail),
      `${figure(percentile(figures.travelMs, 0.5))} ms`,
      `${figure(percentile(figures.travelMs, 0.99))} ms`,
      String(figures.lostFrames),
      String(figures.failed),
    ];
  });
}
