/** `GET /v1/usage`: what an account used, by UTC day, model and decision, and in all. */
import { Hono } from 'hono';
import * as z from 'zod/mini';
import type { Accounts, UsageReport } from '../../accounts/accounts.ts';
import { decisions } from '../../reflection/events.ts';
import { invalidFields } from '../../reflection/request.ts';
import type { HttpContext, HttpEnv } from '../http-env.ts';
import { callerOf, requireScope } from '../middleware/authenticate.ts';
import { readQuery } from '../query.ts';

const dayMs = 86_400_000;
const usualDays = 30;
const mostDays = 366;

const isoDate = z.iso.date();
const day = z
  .string()
  .check(
    z.refine(
      (text) => text >= '2000' && isoDate.safeParse(text).success,
      'expected a UTC day from the year 2000 on, such as 2026-11-23',
    ),
  );

const usageQuery = z.object({ from: z.optional(day), to: z.optional(day) });

const count = z.int().check(z.nonnegative());
const amount = z.number().check(z.nonnegative());
const used = { input_tokens: count, output_tokens: count, cost_usd: amount, calls: count };

export const usageAnswer = z.strictObject({
  object: z.literal('usage'),
  from: z.string(),
  to: z.string(),
  data: z.array(
    z.strictObject({ day: z.string(), model: z.string(), decision: z.nullable(z.enum(decisions)), ...used }),
  ),
  days: z.array(z.strictObject({ day: z.string(), runs: count, cache_hits: count })),
  totals: z.strictObject({ ...used, total_tokens: count, runs: count, cache_hits: count }),
});

interface UsagePorts {
  readonly accounts: Pick<Accounts, 'status' | 'usage'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export function usageRoutes({ accounts, now }: UsagePorts): Hono<HttpEnv> {
  return new Hono<HttpEnv>().get('/v1/usage', requireScope(accounts, 'read'), async (context) => {
    const { from, to } = readDays(context, now());
    const report = await accounts.usage(callerOf(context).account, from, to);
    return context.json({
      object: 'usage',
      from,
      to,
      data: [...report.rows],
      days: [...report.days],
      totals: totalsOf(report),
    } satisfies z.output<typeof usageAnswer>);
  });
}

/** Both days inclusive. Left out, `to` is today and `from` makes it 30 days. */
function readDays(context: HttpContext, now: number): { readonly from: string; readonly to: string } {
  const given = readQuery(context, usageQuery);
  const to = given.to ?? dayOf(now);
  const from = given.from ?? dayOf(Date.parse(to) - (usualDays - 1) * dayMs);
  const days = (Date.parse(to) - Date.parse(from)) / dayMs + 1;
  if (days < 1) throw invalidFields([{ field: 'from', message: `expected a day that is not after ${to}` }]);
  if (days <= mostDays) return { from, to };
  throw invalidFields([
    { field: 'from', message: `expected at most ${mostDays} days, up to ${to}; these are ${days}` },
  ]);
}

function dayOf(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString().slice(0, 10);
}

function totalsOf({ rows, days }: UsageReport): z.output<typeof usageAnswer>['totals'] {
  const inputTokens = sum(rows, (row) => row.input_tokens);
  const outputTokens = sum(rows, (row) => row.output_tokens);
  return {
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    // Rows hold whole nanodollars: counted in those, the total is exact.
    cost_usd: sum(rows, (row) => Math.round(row.cost_usd * 1e9)) / 1e9,
    calls: sum(rows, (row) => row.calls),
    runs: sum(days, (each) => each.runs),
    cache_hits: sum(days, (each) => each.cache_hits),
  };
}

function sum<Item>(items: readonly Item[], amountOf: (item: Item) => number): number {
  return items.reduce((total, item) => total + amountOf(item), 0);
}
