/** `GET /v1/exports/{kind}`: training data made of the account's stored reflections, as JSON Lines. */

import * as z from 'zod/mini';
import type { Accounts } from '../../accounts/accounts.ts';
import { AppError } from '../../errors.ts';
import type { Runs } from '../../runs/runs.ts';
import { SeenPrompts, seenPromptsPattern } from '../../training/seen-prompts.ts';
import { isTrainingKind, trainingRow } from '../../training/training-rows.ts';
import { Hono } from '../hono.ts';
import type { HttpEnv } from '../http-env.ts';
import { assertScope, callerOf } from '../middleware/authenticate.ts';
import { pageQuery } from '../page.ts';
import { readQuery } from '../query.ts';

/** Where a page begins: after the run that the page before looked at last, with the prompts that have given rows. */
interface Cursor {
  readonly run: string | null;
  readonly prompts: string;
}

/** Run ids have no dot. */
function cursorOf(text: string): Cursor {
  const [run = '', prompts = ''] = text.split('.', 2);
  return { run, prompts };
}

export const exportQuery = z.object({
  ...pageQuery.shape,
  /** A run's id, or what `x-next-after` gave. */
  after: z._default(
    z.pipe(
      z
        .string()
        .check(z.refine((text) => seenPromptsPattern.test(cursorOf(text).prompts), 'expected what x-next-after gave')),
      z.transform(cursorOf),
    ),
    { run: null, prompts: '' } satisfies Cursor,
  ),
});

interface ExportPorts {
  readonly accounts: Pick<Accounts, 'status' | 'stored'>;
  readonly runs: Pick<Runs, 'read'>;
}

/** `limit` counts the reflections that are looked at, so a page may hold fewer rows, or none, and still not be the last. */
export function exportRoutes({ accounts, runs }: ExportPorts): Hono<HttpEnv> {
  return new Hono<HttpEnv>().get('/v1/exports/:kind', async (context) => {
    await assertScope(accounts, context, 'export');
    const kind = context.req.param('kind');
    if (!isTrainingKind(kind)) {
      throw new AppError('not_found', 'There are exports of the kinds sft, dpo and reflection-tuning.');
    }
    const { account } = callerOf(context);
    const { after, limit } = readQuery(context, exportQuery);
    const page = await accounts.stored(account, after.run, limit);
    const records = await Promise.all(page.runs.map((id) => runs.read(account, id)));
    const seen = new SeenPrompts(after.prompts);
    let lines = '';
    for (const record of records) {
      const row = record && (await trainingRow(kind, record));
      if (row && seen.add(row.provenance.prompt_hash)) lines += `${JSON.stringify(row)}\n`;
    }
    const last = page.runs.at(-1);
    if (page.hasMore && last !== undefined) {
      const next = `${last}.${seen}`;
      context.header('x-next-after', next);
      // https://www.rfc-editor.org/rfc/rfc8288: relative to the address that was asked.
      context.header('link', `</v1/exports/${kind}?limit=${limit}&after=${next}>; rel="next"`);
    }
    return context.body(lines, 200, { 'content-type': 'application/x-ndjson' });
  });
}
