/**
 * An engine small enough to be seen through, with everything a run must be able to bear: passes one after the other and at the same time,
 * a pass that may fail, two checks of one name, a decision on time. Its passes are the real engine's.
 */
import type { Context, ReflectionTools } from '../../src/reflection/context.ts';
import { createContext } from '../../src/reflection/context.ts';
import type { EngineEvent, StepEvent } from '../../src/reflection/events.ts';
import { merge } from '../../src/reflection/merge.ts';
import type { PassRole } from '../../src/reflection/model.ts';
import { type PassResult, runPass } from '../../src/reflection/pass.ts';
import type { ReflectionRequest } from '../../src/reflection/request.ts';

const check = {
  id: 'twice',
  type: 'words',
  origin: 'declared',
  status: 'pass',
  message: '',
  measured: 5,
  expected: 9,
  span: null,
} as const;

export async function* smallReflect(
  request: ReflectionRequest,
  tools: ReflectionTools,
): AsyncGenerator<EngineEvent, void, void> {
  const context = createContext(request, tools);
  yield { type: 'run.started', strategy: request.strategy, tier: request.tier, small_judge: false };

  const drafted = yield* pass(context, 'draft', 'draft');
  if (drafted.kind === 'failed') throw drafted.error;
  const draft = drafted.text;
  yield { type: 'check.completed', subject: 'draft', check };
  yield { type: 'check.completed', subject: 'draft', check: { ...check, measured: 6 } };
  yield { type: 'gate.decided', gate: { action: 'vote', score: 0.4, signals: [], reasons: [] } };

  const votes = yield* merge([2, 3].map((number) => pass(context, `vote-${number}`, 'vote')));
  yield { type: 'vote.completed', answers: [{ answer: draft, votes: votes.length }], winner: null };

  const critique = yield* pass(context, 'critique-r1', 'critique');
  const revision = yield* pass(context, 'revision-r1', 'revision');
  const late = tools.now() >= context.budget.limits.deadlineAt;
  if (revision.kind === 'done' && !late) {
    const reasons = [critique.kind];
    yield { type: 'revision.accepted', round: 1, subject: 'revision-r1', base: 'draft', reasons };
  }
  const accepted = revision.kind === 'done' && !late;
  yield {
    type: 'run.completed',
    outcome: {
      output: accepted ? revision.text : draft,
      draft,
      finish_reason: 'stop',
      decision: accepted ? 'accepted_revision' : 'budget',
      exhausted: accepted ? null : context.budget.exhausted,
      degraded: critique.kind === 'failed' ? { pass: 'critique', code: critique.error.code } : null,
      subject: 'draft',
    },
  };
}

function pass(context: Context, id: string, role: PassRole): AsyncGenerator<StepEvent, PassResult, void> {
  return runPass(context, {
    pass: id,
    role,
    seat: 'author',
    round: 0,
    messages: context.messages,
    maxOutputTokens: 600,
    temperature: 0,
  });
}
