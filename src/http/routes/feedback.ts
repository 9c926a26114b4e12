/** `/v1/reflections/{id}/feedback`: a rating of an answer, and the preferred answer. */

import * as z from 'zod/mini';
import type { Accounts } from '../../accounts/accounts.ts';
import { AppError } from '../../errors.ts';
import { parseFields, withoutNullFields } from '../../reflection/request.ts';
import type { Feedback, Runs } from '../../runs/runs.ts';
import { Hono } from '../hono.ts';
import type { HttpEnv } from '../http-env.ts';
import { readJson } from '../json-body.ts';
import { assertScope, callerOf } from '../middleware/authenticate.ts';
import { notFound } from './run.ts';

const rating = z.enum(['up', 'down']);

export const feedbackBody = z.strictObject({
  rating,
  comment: z.optional(z.string().check(z.maxLength(2_000))),
  preferred_output: z.optional(z.string().check(z.maxLength(64_000))),
});

export const feedbackAnswer = z.strictObject({
  object: z.literal('feedback'),
  reflection_id: z.string(),
  rating,
  comment: z.nullable(z.string()),
  preferred_output: z.nullable(z.string()),
  created_at: z.int(),
});

interface FeedbackPorts {
  readonly accounts: Pick<Accounts, 'status'>;
  readonly runs: Pick<Runs, 'rate' | 'feedback'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export function feedbackRoutes({ accounts, runs, now }: FeedbackPorts): Hono<HttpEnv> {
  return new Hono<HttpEnv>()
    .post('/v1/reflections/:id/feedback', async (context) => {
      await assertScope(accounts, context, 'reflect');
      const id = context.req.param('id');
      const body = withoutNullFields(await readJson(context.req.raw), feedbackBody.shape);
      const { rating, comment = null, preferred_output = null } = parseFields(feedbackBody, body);
      const feedback = { rating, comment, preferred_output, created_at: Math.floor(now() / 1_000) };
      if (!(await runs.rate(callerOf(context).account, id, feedback))) notFound(id);
      return context.json(answerOf(id, feedback));
    })
    .get('/v1/reflections/:id/feedback', async (context) => {
      await assertScope(accounts, context, 'read');
      const id = context.req.param('id');
      const feedback = await runs.feedback(callerOf(context).account, id);
      if (feedback === undefined) notFound(id);
      if (feedback === null) throw new AppError('not_found', 'Nobody has said what they think of this reflection.');
      return context.json(answerOf(id, feedback));
    });
}

function answerOf(id: string, feedback: Feedback): z.output<typeof feedbackAnswer> {
  return { object: 'feedback', reflection_id: id, ...feedback };
}
