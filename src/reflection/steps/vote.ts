/** Voting: for closed answers several independent samples beat one critic. The draft is the first ballot. */
import { extractAnswer } from '../answer.ts';
import type { Context } from '../context.ts';
import type { StepEvent } from '../events.ts';
import { merge } from '../merge.ts';
import { runPass } from '../pass.ts';
import type { Degradation } from '../record.ts';
import { lostChecks } from '../rules/check-changes.ts';
import { shown } from '../visible.ts';
import type { ActionResult } from './action.ts';
import { authorPlan, authorPrompt } from './draft.ts';
import { type Examined, examine } from './examine.ts';

interface Ballot {
  readonly candidate: Examined;
  readonly answer: string | null;
}

/** Samples to begin with, and at most where they disagree. */
const samples = { first: 3, most: 5 } as const;

/** No answer has the majority. */
interface Split {
  readonly decision: 'split';
  /** What the blind samples answered. */
  readonly ballots: readonly string[];
  readonly degraded: Degradation | null;
}

/** Draws ballots and counts them. */
export async function* vote(context: Context, draft: Examined): AsyncGenerator<StepEvent, ActionResult | Split, void> {
  let ballots: readonly Ballot[] = [ballotOf(context, draft)];
  let exhausted = false;
  let degraded: Degradation | null = null;
  let drawn = 1;
  for (const upTo of [samples.first, samples.most]) {
    for (const sample of yield* draw(context, drawn + 1, upTo)) {
      if (sample === 'exhausted') exhausted = true;
      else if ('code' in sample) degraded = sample;
      else ballots = [...ballots, sample];
    }
    drawn = upTo;
    if (majority(ballots) !== null || exhausted) break;
  }
  const winner = majority(ballots);
  yield { type: 'vote.completed', answers: tally(ballots), winner };
  if (winner === null) {
    const blind = ballots.slice(1).flatMap(({ answer }) => answer ?? []);
    return exhausted ? { best: draft, decision: 'budget', degraded } : { decision: 'split', ballots: blind, degraded };
  }

  const best = ballots.find((ballot) => ballot.answer === winner && losesNothing(draft, ballot.candidate));
  if (!best) return { best: draft, decision: 'kept_draft_rejected_revision', degraded };
  return { best: best.candidate, decision: 'voted', degraded };
}

/** Draws ballots `from` to `upTo` at the same time; a sample that failed casts none. */
async function* draw(
  context: Context,
  from: number,
  upTo: number,
): AsyncGenerator<StepEvent, readonly (Ballot | 'exhausted' | Degradation)[], void> {
  const numbers = Array.from({ length: upTo - from + 1 }, (_, index) => from + index);
  return yield* merge(numbers.map((number) => sample(context, number)));
}

async function* sample(
  context: Context,
  number: number,
): AsyncGenerator<StepEvent, Ballot | 'exhausted' | Degradation, void> {
  const { seed } = context.request;
  const plan = authorPlan(context, {
    pass: `vote-${number}`,
    role: 'vote',
    seat: 'author',
    messages: authorPrompt(context),
    // Samples count as independent only if they can differ: the temperature is never 0, and each has its own seed.
    temperature: Math.max(0.7, context.request.temperature ?? 0),
    seed: seed === undefined ? undefined : seed + number,
  });
  const result = yield* runPass(context, plan);
  if (result.kind === 'exhausted') return 'exhausted';
  if (result.kind === 'failed') return { pass: 'vote', code: result.error.code };
  return ballotOf(
    context,
    yield* examine(context, `vote-${number}`, shown(context, result.text) ?? '', result.truncated),
  );
}

function ballotOf(context: Context, candidate: Examined): Ballot {
  // A text that was cut off may have lost its answer or part of it.
  return { candidate, answer: candidate.truncated ? null : extractAnswer(candidate.text, context.task) };
}

function losesNothing(draft: Examined, candidate: Examined): boolean {
  return lostChecks(draft.checks, candidate.checks).length === 0;
}

/** The answer that more than half of the ballots give, two at least; null where there is none. */
function majority(ballots: readonly Ballot[]): string | null {
  const [first] = tally(ballots);
  return first && first.votes >= 2 && first.votes * 2 > ballots.length ? first.answer : null;
}

function tally(ballots: readonly Ballot[]): { readonly answer: string; readonly votes: number }[] {
  const counts = new Map<string, number>();
  for (const { answer } of ballots) if (answer !== null) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  return [...counts]
    .map(([answer, votes]) => ({ answer, votes }))
    .sort((a, b) => b.votes - a.votes || (a.answer < b.answer ? -1 : 1));
}
