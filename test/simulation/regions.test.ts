/** A hit waits for no far object, wherever it is asked for. */
import { describe, expect, test } from 'vitest';
import { hitsFrom, regions, regionTable } from './regions.ts';

describe.each(regions)('from $region, $accountMs ms from its account,', (region) => {
  test('a hit waits for KV alone while the isolate knows the key', async () => {
    const { kvMs, nextMs, heldMs } = await hitsFrom(region);
    expect([nextMs, heldMs]).toEqual([kvMs, kvMs]);
  });

  test('a hit of a key not asked after for five seconds waits for the account once, while KV is asked', async () => {
    const { kvMs, accountMs, firstMs, laterMs } = await hitsFrom(region);
    expect([firstMs, laterMs]).toEqual([Math.max(kvMs, accountMs), Math.max(kvMs, accountMs)]);
  });
});

test('the table tells of every region', async () => {
  const rows = [];
  for (const region of regions) rows.push(await hitsFrom(region));
  const table = regionTable(rows);
  expect(table.split('\n')).toHaveLength(2 + regions.length);
  expect(table).toContain('| Sydney | 5 ms | 250 ms | 250 ms | 5 ms | 5 ms | 250 ms |');
});
