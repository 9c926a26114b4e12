/** `/v1/reflections/{id}`: one run's record and events, and how to stop or remove it. */
import { Hono } from 'hono';
import * as z from 'zod/mini';
import { AppError } from '../../errors.ts';
import type { Runs } from '../../runs/runs.ts';
import { eventStream } from '../event-stream.ts';
import type { HttpEnv } from '../http-env.ts';

const sequenceNumber = z.string().check(z.regex(/^\d{1,15}$/));

/** Where to go on in the events of a run. `Last-Event-ID` wins: a reconnecting browser repeats the first address, and only the header is new. */
const eventsQuery = z.object({
  starting_after: z.optional(sequenceNumber),
  'Last-Event-ID': z.optional(sequenceNumber),
});

export const deletedReflection = z.strictObject({
  id: z.string(),
  object: z.literal('reflection.deleted'),
  deleted: z.literal(true),
});

export function runRoutes({ runs }: { readonly runs: Runs }): Hono<HttpEnv> {
  return new Hono<HttpEnv>()
    .get('/v1/reflections/:id', async (context) => {
      const id = context.req.param('id');
      return context.json((await runs.read(id)) ?? notFound(id));
    })
    .delete('/v1/reflections/:id', async (context) => {
      const id = context.req.param('id');
      if (!(await runs.delete(id))) notFound(id);
      return context.json({ id, object: 'reflection.deleted', deleted: true } satisfies z.output<
        typeof deletedReflection
      >);
    })
    .get('/v1/reflections/:id/events', async (context) => {
      const id = context.req.param('id');
      const after = startingAfter(context.req.query('starting_after'), context.req.header('last-event-id'));
      return eventStream((await runs.follow(id, after)) ?? notFound(id));
    })
    .post('/v1/reflections/:id/cancel', async (context) => {
      const id = context.req.param('id');
      return context.json((await runs.cancel(id)) ?? notFound(id));
    });
}

function startingAfter(query: string | undefined, header: string | undefined): number {
  const result = eventsQuery.safeParse({ starting_after: query, 'Last-Event-ID': header });
  if (result.success) return Number(result.data['Last-Event-ID'] ?? result.data.starting_after ?? 0);
  const message = 'expected the number of an event: 0 or more, digits only';
  const fields = result.error.issues.map(({ path }) => ({ field: path.join('.'), message }));
  throw new AppError('invalid_request', fields.map(({ field }) => `${field}: ${message}`).join('; '), { fields });
}

export function notFound(id: string): never {
  throw new AppError('not_found', `There is no reflection ${JSON.stringify(id.slice(0, 80))}.`);
}
