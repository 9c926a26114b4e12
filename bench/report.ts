/** From raw figures to tables. Pure: the same figures give the same tables. */

import type { Counted } from './counted.ts';
import { latencyTable, stageTable } from './report-latency.ts';
import { streamTable } from './report-streams.ts';
import type {
  Acknowledgement,
  CountedCase,
  Footprint,
  Frontier,
  HostileCase,
  Resources,
  Results,
  StrategyCase,
} from './results.ts';
import { median, percentile } from './statistics.ts';
import { figure, type Table } from './table.ts';

/** A table for each part that was measured. */
export function tablesOf(results: Results): Table[] {
  const { environment, latency, streams, frontier, resources, counts, strategies, hostile, channels, footprint } =
    results;
  return [
    environmentTable(results),
    ...(latency ? [latencyTable(latency, environment.seed)] : []),
    ...(streams ? [streamTable(streams, environment.seed)] : []),
    ...(frontier ? [frontierTable(frontier)] : []),
    ...(resources ? [resourceTable(resources)] : []),
    ...(counts ? [countTable(counts)] : []),
    ...(latency || counts ? [stageTable(latency ?? [], counts ?? [])] : []),
    ...(strategies ? [strategyTable(strategies)] : []),
    ...(hostile ? [hostileTable(hostile)] : []),
    ...(channels ? [channelTable(channels)] : []),
    ...(footprint ? [footprintTable(footprint)] : []),
  ];
}

function environmentTable({ environment }: Results): Table {
  const { startedAt, commit, node, workerd, processor, cores, loadBefore, loadAfter, seconds } = environment;
  return {
    name: 'environment',
    title: 'The run',
    note: '',
    columns: ['what', 'value'],
    rows: [
      ['started', startedAt],
      ['commit', commit],
      ['machine', `${cores} × ${processor}`],
      ['load, one minute, before and after', `${figure(loadBefore)}, ${figure(loadAfter)}`],
      ['Node, workerd', `${node}, ${workerd}`],
      ['took', `${Math.round(seconds)} s`],
    ],
  };
}

function frontierTable({ boundsMs, steps }: Frontier): Table {
  const targets = [...new Set(steps.map(({ target }) => target))];
  const best = (target: string, bound: number): string => {
    const rates = steps.filter((step) => step.target === target && step.failed === 0 && step.p99 <= bound);
    return rates.length === 0 ? '–' : String(Math.max(...rates.map(({ rate }) => rate)));
  };
  return {
    name: 'frontier',
    title: 'Requests a second at a bounded 99th percentile',
    note: 'Open loop: latency counts from when a request was due. The highest rate of the ladder at which 99 of 100 answers stayed within the bound and none failed. The client shares the processors, so direct is the ceiling.',
    columns: ['target', ...boundsMs.map((bound) => `p99 ≤ ${bound} ms`)],
    rows: targets.map((target) => [target, ...boundsMs.map((bound) => best(target, bound))]),
  };
}

function resourceTable(resources: readonly Resources[]): Table {
  const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  return {
    name: 'resources',
    title: 'Processor and memory',
    note: 'User and system time and resident memory of the whole process tree; "after" is five seconds after the last answer. The client shares the processors.',
    columns: [
      'at a time',
      'target',
      'requests',
      'requests a second',
      'CPU a request',
      'memory before',
      'most',
      'after',
    ],
    rows: resources.map(({ target, requests, concurrency, requestsPerSecond, ...used }) => [
      String(concurrency),
      target,
      String(requests),
      figure(requestsPerSecond),
      `${figure(used.cpuMsPerRequest)} ms`,
      megabytes(used.residentBefore),
      megabytes(used.residentMost),
      megabytes(used.residentAfter),
    ]),
  };
}

function countTable(counts: readonly CountedCase[]): Table {
  const columns: readonly (readonly [string, keyof Counted])[] = [
    ['model calls', 'modelCalls'],
    ['calls to objects', 'objectCalls'],
    ['objects made', 'objectsMade'],
    ['gating writes before the model', 'gatesBeforeModel'],
    ['gating writes from there to the answer', 'gatesBeforeAnswer'],
    ['SQL statements', 'statements'],
    ['rows written', 'rowsWritten'],
    ['rows read', 'rowsRead'],
    ['alarms set', 'alarms'],
    ['commits', 'commits'],
    ['cache reads', 'cacheReads'],
    ['cache writes', 'cacheWrites'],
  ];
  return {
    name: 'counts',
    title: 'What one request does',
    note: 'Medians, what follows the answer included. Counted inside the runtime by a build that wraps storage, objects and fetch; rows are SQLite’s own. A write gates when a message had to leave its object after it: free here, 5 to 13 ms each in production.',
    columns: ['request', ...columns.map(([title]) => title)],
    rows: counts.map(({ name, requests }) => [
      name,
      ...columns.map(([, field]) => String(median(requests.map((counted) => counted[field])))),
    ]),
  };
}

function strategyTable(cases: readonly StrategyCase[]): Table {
  return {
    name: 'strategies',
    title: 'Calls and tokens by strategy',
    note: 'The model’s answers are scripted, so this is what each path costs; how often it is taken is for `npm run eval`.',
    columns: ['situation', 'strategy', 'calls', 'passes', 'tokens in', 'tokens out', 'decision'],
    rows: cases.map(({ situation, strategy, calls, roles, inputTokens, outputTokens, decision }) => [
      situation,
      strategy,
      String(calls),
      roles.join(', '),
      String(inputTokens),
      String(outputTokens),
      decision,
    ]),
  };
}

/** What a request may cost the Worker at most, in milliseconds of processor time. */
const hostileLimitMs = { served: 500, refused: 100 } as const;

function hostileTable(cases: readonly HostileCase[]): Table {
  return {
    name: 'hostile',
    title: 'The dearest requests',
    note: `Processor time of the Worker, one request at a time. A request that is served may take ${hostileLimitMs.served} ms, what it takes to read the model’s long answer included (first row); one that is refused ${hostileLimitMs.refused} ms.`,
    columns: ['request', 'body', 'CPU', 'of at most'],
    rows: cases.map(({ name, served, bodyBytes, cpuMsPerRequest }) => [
      name,
      `${Math.ceil(bodyBytes / 1000)} kB`,
      `${figure(cpuMsPerRequest)} ms`,
      `${served ? hostileLimitMs.served : hostileLimitMs.refused} ms`,
    ]),
  };
}

function channelTable(rows: readonly Acknowledgement[]): Table {
  return {
    name: 'channels',
    title: 'How soon a question is taken in a channel',
    note: 'From the platform’s request to our 200, fifty questions a second, in 25 workspaces, while the model takes 60 s for each answer. Slack waits for 3 s. The 99th percentile is to be 50 ms at most.',
    columns: ['what', 'questions', 'median', '99th percentile', 'slowest'],
    rows: rows.map(({ name, ms }) => [
      name,
      String(ms.length),
      `${figure(median(ms))} ms`,
      `${figure(percentile(ms, 0.99))} ms`,
      `${figure(Math.max(...ms))} ms`,
    ]),
  };
}

function footprintTable({ hotGzipBytes, coldGzipBytes, startMs }: Footprint): Table {
  const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
  return {
    name: 'footprint',
    title: 'Size and start',
    note: 'Sizes are gzipped. A start is from the program’s start to its first answer, the median of several.',
    columns: ['what', 'value'],
    rows: [
      ['code that every request needs', kilobytes(hotGzipBytes)],
      ['code loaded when first needed', kilobytes(coldGzipBytes)],
      ...Object.entries(startMs).map(([name, starts]) => [`start of ${name}`, `${Math.round(median(starts))} ms`]),
    ],
  };
}
