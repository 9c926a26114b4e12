/** The tables of blocking answers: what each target adds to the model, and where ours spends it. Pure. */
import type { CountedCase, LatencyRun } from './results.ts';
import { addedMedian, addedTail, bootstrap, median, type Pair, percentile, seededRandom } from './statistics.ts';
import { figure, type Table } from './table.ts';

const directName = 'direct';
const portkeyStart = 'Portkey';

/** What an arm adds to direct, paired round by round. */
export function latencyTable(runs: readonly LatencyRun[], seed: number): Table {
  return {
    name: 'latency',
    title: 'Added to a blocking answer',
    note: `Milliseconds over asking the model directly in the same round, with 95 % bootstrap intervals; "× Portkey" compares the medians of one run. The 99th percentile is the difference of the two tails. ${unrest(runs)}`,
    columns: ['model takes', 'target', 'rounds', 'added p50', 'added p99', '× Portkey'],
    rows: runs.flatMap((run) => rowsOf(run, seed)),
  };
}

/** A machine at rest keeps direct's own tail within twice its middle; above that, tails say more about the machine than about the targets. */
function unrest(runs: readonly LatencyRun[]): string {
  const direct = runs.find(({ delayMs }) => delayMs === 0)?.arms[directName] ?? [];
  return `Direct’s own 99th percentile was ${figure(percentile(direct, 0.99) / median(direct))} × its median: the further above 2, the less the tails mean.`;
}

function rowsOf({ delayMs, arms }: LatencyRun, seed: number): string[][] {
  const direct = arms[directName] ?? [];
  const pairsOf = (times: readonly number[]): Pair[] => times.map((ms, round) => [ms, direct[round] ?? Number.NaN]);
  const portkey = Object.entries(arms).find(([name]) => name.startsWith(portkeyStart))?.[1];
  const portkeyAdds = portkey ? addedMedian(pairsOf(portkey)) : Number.NaN;
  const takes = `${delayMs} ms`;
  const base = [
    takes,
    directName,
    String(direct.length),
    `(${figure(median(direct))})`,
    `(${figure(percentile(direct, 0.99))})`,
    '',
  ];
  const rows = Object.entries(arms)
    .filter(([name]) => name !== directName)
    .map(([name, times]) => {
      const pairs = pairsOf(times);
      const middle = bootstrap(pairs, addedMedian, seededRandom(seed));
      const tail = bootstrap(pairs, addedTail, seededRandom(seed));
      return [
        takes,
        name,
        String(times.length),
        `${figure(middle.value)} (${figure(middle.low)} to ${figure(middle.high)})`,
        `${figure(tail.value)} (${figure(tail.low)} to ${figure(tail.high)})`,
        figure(middle.value / portkeyAdds),
      ];
    });
  return [base, ...rows];
}

/** Stages by the service's own `Server-Timing`, and steps by the counting build's clock. */
export function stageTable(runs: readonly LatencyRun[], counts: readonly CountedCase[]): Table {
  const atOnce = runs.find(({ delayMs }) => delayMs === 0);
  const told = Object.entries(atOnce?.stages ?? {}).flatMap(([arm, stages]) =>
    Object.entries(stages).map(([stage, times]) => row(arm, `${stage} (Server-Timing)`, times)),
  );
  const steps = counts.flatMap(({ name, steps }) =>
    Object.entries(steps)
      .map(([step, times]) => ({ step, times, at: mean(times) }))
      .sort((a, b) => a.at - b.at)
      .map(({ step, times }) => row(name, `until: ${step}`, times)),
  );
  return {
    name: 'stages',
    title: 'Where the time goes',
    note: 'Milliseconds. `Server-Timing` is how long a stage took in the timed run; "until" is the time from the request’s arrival to a step, by the counting build, which is slower. The runtime’s clock counts whole milliseconds, so means say more than medians.',
    columns: ['request', 'stage', 'mean', 'p50', 'p99'],
    rows: [...told, ...steps],
  };
}

function row(name: string, stage: string, times: readonly number[]): string[] {
  return [name, stage, figure(mean(times)), figure(median(times)), figure(percentile(times, 0.99))];
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
