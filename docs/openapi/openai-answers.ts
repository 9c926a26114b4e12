/** What the OpenAI surface answers, as zod schemas for the OpenAPI document; a test holds real answers against them. */
import * as z from 'zod/mini';
import { errorKinds } from '../../src/errors.ts';
import { exhaustible } from '../../src/reflection/budget.ts';
import { passRoles } from '../../src/reflection/model.ts';
import { decisions } from '../../src/reflection/record.ts';

const count = z.int().check(z.nonnegative());

const summary = z.strictObject({
  id: z.string(),
  status: z.enum(['queued', 'running', 'completed', 'failed', 'cancelled']),
  decision: z.nullable(z.enum(decisions)),
  changed: z.boolean(),
  passed: z.nullable(z.boolean()),
  degraded: z.nullable(z.strictObject({ pass: z.enum(passRoles), code: z.enum(Object.keys(errorKinds)) })),
  exhausted: z.nullable(z.enum(exhaustible)),
  cache: z.strictObject({ status: z.enum(['miss', 'hit', 'bypass', 'joined']), age_s: z.nullable(z.number()) }),
  checks: z.array(
    z.strictObject({
      id: z.string(),
      type: z.string(),
      status: z.enum(['pass', 'fail', 'skipped']),
      message: z.string(),
    }),
  ),
  draft: z.optional(z.string()),
  diff: z.optional(z.string()),
  trace: z.optional(z.array(z.looseObject({ pass: z.string(), text: z.string() }))),
});

export const chatCompletionAnswer = z.strictObject({
  id: z.string(),
  object: z.literal('chat.completion'),
  created: count,
  model: z.string(),
  choices: z.array(
    z.looseObject({
      index: z.literal(0),
      message: z.looseObject({ role: z.literal('assistant'), content: z.nullable(z.string()), refusal: z.null() }),
      logprobs: z.null(),
      finish_reason: z.string(),
    }),
  ),
  usage: z.looseObject({ prompt_tokens: count, completion_tokens: count, total_tokens: count }),
  x_reflection: summary,
});

export const responseAnswer = z.looseObject({
  id: z.string(),
  object: z.literal('response'),
  created_at: count,
  status: z.enum(['queued', 'in_progress', 'completed', 'incomplete', 'failed', 'cancelled']),
  model: z.string(),
  error: z.nullable(z.strictObject({ code: z.string(), message: z.string() })),
  incomplete_details: z.nullable(z.strictObject({ reason: z.string() })),
  output: z.array(z.looseObject({ id: z.string(), type: z.enum(['message', 'reasoning', 'function_call']) })),
  usage: z.nullable(z.looseObject({ input_tokens: count, output_tokens: count, total_tokens: count })),
  metadata: z.record(z.string(), z.string()),
  x_reflection: summary,
});

export const deletedResponse = z.strictObject({
  id: z.string(),
  object: z.literal('response'),
  deleted: z.literal(true),
});
