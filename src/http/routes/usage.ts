/** `GET /v1/usage`: an account's usage by UTC day, model and decision, and its totals. */

import * as z from 'zod/mini';
import type { AccountId, Accounts, KeyId, UsageReport } from '../../accounts/accounts.ts';
import { accountOf, isAccountId, isKeyId } from '../../accounts/ids.ts';
import { AppError, invalidFields } from '../../errors.ts';
import { decisions } from '../../reflection/record.ts';
import { Hono } from '../hono.ts';
import type { HttpContext, HttpEnv } from '../http-env.ts';
import { isAdmin } from '../middleware/admin-only.ts';
import { assertScope, callerOf } from '../middleware/authenticate.ts';
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

const usageQuery = z.object({
  from: z.optional(day),
  to: z.optional(day),
  /** Restricts the usage to one key. */
  key: z.optional(
    z.custom<KeyId>((text) => typeof text === 'string' && isKeyId(text), 'expected the id of a key, key_…'),
  ),
  /** The account, for requests with the admin token. */
  account: z.optional(
    z.custom<AccountId>(
      (text) => typeof text === 'string' && isAccountId(text),
      'expected the id of an account, acct_…',
    ),
  ),
});

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

/** An account's usage, for its own keys. */
export function usageRoutes(ports: UsagePorts): Hono<HttpEnv> {
  return new Hono<HttpEnv>().get('/v1/usage', async (context) => {
    await assertScope(ports.accounts, context, 'read');
    const { account } = callerOf(context);
    const query = readQuery(context, usageQuery);
    if (query.account !== undefined && query.account !== account) throw noSuch('account');
    return answerUsage(context, ports, account, query);
  });
}

/** Any account's usage, for requests with the admin token. Others go on to the next route. */
export function adminUsageRoutes(ports: UsagePorts, adminToken: string | undefined): Hono<HttpEnv> {
  return new Hono<HttpEnv>().get('/v1/usage', async (context, next) => {
    if (!isAdmin(context, adminToken)) return next();
    const query = readQuery(context, usageQuery);
    const account = query.account ?? (query.key && accountOf(query.key));
    if (account === undefined) {
      throw invalidFields([{ field: 'account', message: 'required with the admin token: whose usage, acct_…' }]);
    }
    return answerUsage(context, ports, account, query);
  });
}

async function answerUsage(
  context: HttpContext,
  { accounts, now }: UsagePorts,
  account: AccountId,
  query: z.output<typeof usageQuery>,
): Promise<Response> {
  const { from, to } = daysOf(query, now());
  const { key } = query;
  if (key !== undefined && accountOf(key) !== account) throw noSuch('key');
  const report = await accounts.usage(account, from, to, key);
  return context.json({
    object: 'usage',
    from,
    to,
    data: [...report.rows],
    days: [...report.days],
    totals: totalsOf(report),
  } satisfies z.output<typeof usageAnswer>);
}

function noSuch(what: 'account' | 'key'): AppError {
  return new AppError('not_found', `There is no such ${what}.`);
}

/** Both days inclusive. Left out, `to` is today and `from` makes it 30 days. */
function daysOf(
  given: { readonly from?: string | undefined; readonly to?: string | undefined },
  now: number,
): { readonly from: string; readonly to: string } {
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
