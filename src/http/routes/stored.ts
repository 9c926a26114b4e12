/** `GET /v1/reflections`: the account's stored reflections, newest first. */

import type * as z from 'zod/mini';
import type { Accounts } from '../../accounts/accounts.ts';
import type { Runs } from '../../runs/runs.ts';
import { Hono } from '../hono.ts';
import type { HttpEnv } from '../http-env.ts';
import { assertScope, callerOf } from '../middleware/authenticate.ts';
import { listPage, pageOf, pageQuery } from '../page.ts';
import { readQuery } from '../query.ts';
import { reflectionRecord } from '../reflection-record.ts';

export const reflectionPage = pageOf(reflectionRecord);

interface StoredPorts {
  readonly accounts: Pick<Accounts, 'status' | 'stored'>;
  readonly runs: Pick<Runs, 'read'>;
}

/** Leaves out reflections on the account's list that have expired. */
export function storedRoutes({ accounts, runs }: StoredPorts): Hono<HttpEnv> {
  return new Hono<HttpEnv>().get('/v1/reflections', async (context) => {
    await assertScope(accounts, context, 'read');
    const { account } = callerOf(context);
    const { after, limit } = readQuery(context, pageQuery);
    const page = await accounts.stored(account, after, limit);
    const records = await Promise.all(page.runs.map((id) => runs.read(account, id)));
    const kept = records.filter((record) => record !== undefined);
    return context.json(listPage(kept, page.runs, page.hasMore) satisfies z.output<typeof reflectionPage>);
  });
}
