/** The schema of the answered record, `Reflection`. Tests and the documentation use it. */
import * as z from 'zod/mini';
import { type ErrorCode, errorKinds } from '../errors.ts';
import { exhaustible } from '../reflection/budget.ts';
import type { JsonValue } from '../reflection/checks/check.ts';
import { isRecord } from '../reflection/is-record.ts';
import { passRoles } from '../reflection/model.ts';
import type { Reflection, StoredRequest } from '../reflection/record.ts';
import { criticVerdicts, decisions, issueKinds, severities } from '../reflection/record.ts';
import { tierNames } from '../reflection/request.ts';
import { gateActions, strategyNames } from '../reflection/strategies.ts';

const errorCodes = Object.keys(errorKinds).filter((code): code is ErrorCode => code in errorKinds);

const passRole = z.enum(passRoles);
const errorCode = z.enum(errorCodes);
const count = z.int().check(z.nonnegative());
const amount = z.number().check(z.nonnegative());
const span = z.tuple([count, count]);
const jsonValue: z.ZodMiniType<JsonValue> = z.json();

const checkResult = z.strictObject({
  id: z.string(),
  type: z.string(),
  origin: z.enum(['declared', 'sources', 'inferred']),
  inferred: z.exactOptional(z.strictObject({ span, confidence: z.number().check(z.gte(0), z.lte(1)) })),
  status: z.enum(['pass', 'fail', 'skipped']),
  message: z.string(),
  measured: jsonValue,
  expected: jsonValue,
  span: z.nullable(span),
});

const issue = z.strictObject({
  id: z.string(),
  kind: z.enum(issueKinds),
  severity: z.enum(severities),
  quote: z.string(),
  span: z.nullable(span),
  problem: z.string(),
  question: z.string(),
  confirmed: z.enum(['verified', 'unverified', 'refuted']),
});

const repairs = z.array(
  z.strictObject({ check: z.string(), transform: z.string(), removed_characters: count, added_characters: count }),
);

const round = z.strictObject({
  draft_checks: z.array(checkResult),
  repairs,
  critique: z.nullable(
    z.strictObject({
      verdict: z.enum(criticVerdicts),
      issues: z.array(issue),
      independent_answer: z.nullable(z.string()),
    }),
  ),
  revision: z.nullable(z.strictObject({ accepted: z.boolean(), reasons: z.array(z.string()) })),
});

const gate = z.strictObject({
  action: z.enum(gateActions),
  score: z.number().check(z.gte(0), z.lte(1)),
  signals: z.array(z.strictObject({ name: z.string(), value: z.number(), weight: z.number() })),
  reasons: z.array(z.string()),
});

const toolCall = z.strictObject({
  id: z.string(),
  type: z.literal('function'),
  function: z.strictObject({ name: z.string(), arguments: z.string() }),
});

const passUsage = z.strictObject({
  id: z.string(),
  role: passRole,
  round: count,
  attempt: count,
  model: z.string(),
  input_tokens: count,
  output_tokens: count,
  cost_usd: amount,
  neurons: z.nullable(amount),
  estimated: z.boolean(),
  charged: z.boolean(),
  ttft_ms: z.nullable(amount),
  latency_ms: amount,
  finish_reason: z.enum(['stop', 'length', 'tool_calls', 'unknown', 'error', 'interrupted']),
  truncated: z.boolean(),
});

const usage = z.strictObject({
  input_tokens: count,
  output_tokens: count,
  total_tokens: count,
  cost_usd: amount,
  neurons: z.nullable(amount),
  passes: z.array(passUsage),
});

export const reflectionRecord: z.ZodMiniType<Reflection> = z.strictObject({
  id: z.string(),
  object: z.literal('reflection'),
  created_at: count,
  status: z.enum(['queued', 'running', 'completed', 'failed', 'cancelled']),
  output: z.string(),
  finish_reason: z.nullable(z.enum(['stop', 'length', 'tool_calls'])),
  tool_calls: z.exactOptional(z.array(toolCall)),
  decision: z.nullable(z.enum(decisions)),
  exhausted: z.nullable(z.enum(exhaustible)),
  changed: z.boolean(),
  degraded: z.nullable(z.strictObject({ pass: passRole, code: errorCode })),
  small_judge: z.boolean(),
  gate: z.nullable(gate),
  passed: z.nullable(z.boolean()),
  checks: z.array(checkResult),
  rounds: z.array(round),
  draft: z.exactOptional(z.string()),
  diff: z.exactOptional(z.string()),
  trace: z.exactOptional(z.array(z.strictObject({ pass: z.string(), attempt: count, text: z.string(), repairs }))),
  usage,
  cache: z.strictObject({ status: z.enum(['miss', 'hit', 'bypass', 'joined']), age_s: z.nullable(amount) }),
  timing: z.strictObject({ total_ms: amount, overhead_ms: amount, ttft_ms: z.nullable(amount) }),
  error: z.nullable(
    z.strictObject({
      code: errorCode,
      message: z.string(),
      fields: z.optional(z.array(z.strictObject({ field: z.string(), message: z.string() }))),
      retry_after_s: z.optional(z.number()),
    }),
  ),
  metadata: z.record(z.string(), z.string()),
  tier: z.exactOptional(z.enum(tierNames)),
  strategy: z.exactOptional(z.enum(strategyNames)),
  request: z.exactOptional(z.custom<StoredRequest>(isRecord)),
});
