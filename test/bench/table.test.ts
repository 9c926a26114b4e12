import { expect, test } from 'vitest';
import { tablesOf } from '../../bench/report.ts';
import type { Results } from '../../bench/results.ts';
import { figure, markdownOf, type Table, withTables } from '../../bench/table.ts';

const table: Table = { name: 'a', title: 'A', note: 'Said once.', columns: ['x', 'y'], rows: [['1', 'a|b']] };

test('a table is Markdown, with bars in its cells escaped', () => {
  expect(markdownOf(table)).toBe('**A**\n\nSaid once.\n\n| x | y |\n| --- | --- |\n| 1 | a\\|b |');
});

test('a document takes its tables between their marks, again and again', () => {
  const document = 'Before\n<!-- bench:a -->\nold\n<!-- /bench:a -->\nafter\n';
  const once = withTables(document, [table]);
  expect(once).toBe(`Before\n<!-- bench:a -->\n${markdownOf(table)}\n<!-- /bench:a -->\nafter\n`);
  expect(withTables(once, [table])).toBe(once);
});

test('a table without a place is told', () => {
  expect(() => withTables('Nothing here', [table])).toThrow('no place for the table a');
});

test('figures keep what means something', () => {
  expect([0.8444, 12.34, 140.6, null, Number.NaN].map(figure)).toEqual(['0.84', '12.3', '141', '–', '–']);
});

const environment: Results['environment'] = {
  startedAt: '2026-11-24T00:00:00.000Z',
  commit: 'abc',
  node: 'v24',
  workerd: '1',
  processor: 'P',
  cores: 2,
  loadBefore: 0.1,
  loadAfter: 0.2,
  seed: 1,
  seconds: 60,
};

test('latency is told over direct and beside Portkey, both of the same rounds', () => {
  const arms = { direct: [1, 2, 3], 'Portkey 1.15.2': [3, 4, 5], 'edge-reflection': [2, 3, 4] };
  const [, latency] = tablesOf({ environment, latency: [{ delayMs: 0, arms, stages: {} }] });
  expect(latency?.rows.map((row) => row.filter((_, column) => [1, 3, 5].includes(column)))).toEqual([
    ['direct', '(2.00)', ''],
    ['Portkey 1.15.2', '2.00 (2.00 to 2.00)', '1.00'],
    ['edge-reflection', '1.00 (1.00 to 1.00)', '0.50'],
  ]);
});

test('the frontier is the highest rate within a bound at which nothing failed', () => {
  const step = (rate: number, p99: number, failed = 0) => ({ target: 't', rate, asked: rate, failed, p50: 1, p99 });
  const steps = [step(50, 4), step(100, 9), step(200, 40), step(400, 8, 1)];
  const [, frontier] = tablesOf({ environment, frontier: { boundsMs: [10, 50, 2], steps } });
  expect(frontier?.rows).toEqual([['t', '100', '200', '–']]);
});

test('only what was measured becomes a table', () => {
  expect(tablesOf({ environment }).map(({ name }) => name)).toEqual(['environment']);
});
