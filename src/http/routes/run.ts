/** `/v1/reflections/{id}`: reads the record and the events of one run, and cancels or deletes it. */

import * as z from 'zod/mini';
import type { Accounts } from '../../accounts/accounts.ts';
import { AppError, invalidFields } from '../../errors.ts';
import type { Runs } from '../../runs/runs.ts';
import { eventStream } from '../event-stream.ts';
import { Hono } from '../hono.ts';
import type { HttpEnv } from '../http-env.ts';
import { readNoBody } from '../json-body.ts';
import { callerOf, requireScope } from '../middleware/authenticate.ts';

const sequenceNumber = z.string().check(z.regex(/^\d{1,15}$/));

/** After which event to continue. `Last-Event-ID` wins, because a reconnecting browser repeats the old URL with a new header. */
const eventsQuery = z.object({
  starting_after: z.optional(sequenceNumber),
  'Last-Event-ID': z.optional(sequenceNumber),
});

export const deletedReflection = z.strictObject({
  id: z.string(),
  object: z.literal('reflection.deleted'),
  deleted: z.literal(true),
});

interface RunPorts {
  readonly runs: Runs;
  readonly accounts: Pick<Accounts, 'status'>;
}

/** A run of another account is answered as if it did not exist. */
export function runRoutes({ runs, accounts }: RunPorts): Hono<HttpEnv> {
  const reads = requireScope(accounts, 'read');
  const changes = requireScope(accounts, 'reflect');
  return new Hono<HttpEnv>()
    .get('/v1/reflections/:id', reads, async (context) => {
      const id = context.req.param('id');
      return context.json((await runs.read(callerOf(context).account, id)) ?? notFound(id));
    })
    .delete('/v1/reflections/:id', changes, async (context) => {
      const id = context.req.param('id');
      if (!(await runs.delete(callerOf(context).account, id))) notFound(id);
      return context.json({ id, object: 'reflection.deleted', deleted: true } satisfies z.output<
        typeof deletedReflection
      >);
    })
    .get('/v1/reflections/:id/events', reads, async (context) => {
      const id = context.req.param('id');
      const place = startingPlace(context.req.queries('starting_after') ?? [], context.req.header('last-event-id'));
      const following = (await runs.follow(callerOf(context).account, id, place.after)) ?? notFound(id);
      if (following instanceof ReadableStream) return eventStream(context, following);
      throw invalidFields([{ field: place.field, message: `the run ended with event ${following.lastEventId}` }]);
    })
    .post('/v1/reflections/:id/cancel', changes, async (context) => {
      const id = context.req.param('id');
      await readNoBody(context.req.raw);
      return context.json((await runs.cancel(callerOf(context).account, id)) ?? notFound(id));
    });
}

/** The event after which to continue, and the parameter that named it. */
interface StartingPlace {
  readonly field: keyof z.output<typeof eventsQuery>;
  readonly after: number;
}

function startingPlace(queries: readonly string[], header: string | undefined): StartingPlace {
  if (queries.length > 1) {
    throw invalidFields([{ field: 'starting_after', message: `given ${queries.length} times; expected one number` }]);
  }
  const result = eventsQuery.safeParse({ starting_after: queries[0], 'Last-Event-ID': header });
  if (!result.success) {
    const message = 'expected the number of an event: 0 or more, digits only';
    throw invalidFields(result.error.issues.map(({ path }) => ({ field: path.join('.'), message })));
  }
  const { starting_after, 'Last-Event-ID': lastEventId } = result.data;
  return lastEventId === undefined
    ? { field: 'starting_after', after: Number(starting_after ?? 0) }
    : { field: 'Last-Event-ID', after: Number(lastEventId) };
}

export function notFound(id: string): never {
  throw new AppError('not_found', `There is no reflection ${JSON.stringify(id.slice(0, 80))}.`);
}
