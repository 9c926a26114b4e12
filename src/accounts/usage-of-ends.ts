/** What settled leases come to, summed as an account's own usage is: by UTC day, model and decision. Pure. */
import type { DayUsage, SettledLease, StoredUsage } from './account-store.ts';
import type { DayCounts } from './accounts.ts';
import { dayOf, usageOf } from './lease.ts';

export function usageOfEnds(ends: Iterable<SettledLease>): StoredUsage {
  const rows = new Map<string, DayUsage>();
  const days = new Map<string, DayCounts>();
  for (const { lease, end } of ends) {
    const day = dayOf(lease.admittedAt);
    days.set(day, { day, runs: (days.get(day)?.runs ?? 0) + 1, cache_hits: 0 });
    for (const sum of usageOf(end)) {
      const name = JSON.stringify([day, sum.model, sum.decision ?? '']);
      rows.set(name, added(rows.get(name), { day, ...sum }));
    }
  }
  const inOrder = [...rows].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
  return { rows: inOrder, days: [...days.values()].sort((one, other) => (one.day < other.day ? -1 : 1)) };
}

function added(before: DayUsage | undefined, more: DayUsage): DayUsage {
  if (!before) return more;
  return {
    ...before,
    input_tokens: before.input_tokens + more.input_tokens,
    output_tokens: before.output_tokens + more.output_tokens,
    nanodollars: before.nanodollars + more.nanodollars,
    calls: before.calls + more.calls,
  };
}
