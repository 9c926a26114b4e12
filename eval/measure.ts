/** Measures arms on items, several at a time: each item's record is kept as it comes, and what was kept before is not measured again. */

import type { Reflection } from '../src/reflection/record.ts';
import type { ReflectionBody } from '../src/reflection/request.ts';
import type { Arm } from './arms.ts';
import type { Item } from './benchmarks/benchmark.ts';
import { bestOf } from './best-of.ts';
import { appendRecord, type EvalRecord, keyOf, readRecords } from './records.ts';
import type { Subject } from './subjects/subject.ts';

export interface Plan {
  readonly benchmark: string;
  readonly items: readonly Item[];
  readonly arms: readonly Arm[];
  readonly seed: number;
  /** Whether what the model writes may be kept. */
  readonly keepsText: boolean;
  /** The cap of an answer, in tokens; left out, the service's own. */
  readonly maxOutputTokens?: number | undefined;
}

export interface MeasureTools {
  readonly subject: Subject;
  /** Where records are kept. */
  readonly path: string;
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** After this much, in USD, nothing more is begun. */
  readonly mostUsd: number;
  readonly onProgress: (done: number, all: number) => void;
  readonly say: (line: string) => void;
}

interface Task {
  readonly plan: Plan;
  readonly item: Item;
  readonly arm: Arm;
}

/** All records of the plans, those from before included. What failed in a way that may pass is said, and is tried again the next time. */
export async function measure(plans: readonly Plan[], tools: MeasureTools): Promise<EvalRecord[]> {
  const { path, concurrency, signal, mostUsd, onProgress, say } = tools;
  const before = await readRecords(path);
  const known = new Map(before.map((record) => [keyOf(record), record]));
  // An item's arms come one after the other: what the first was answered, the others need not ask again.
  const items = plans.flatMap((plan) => plan.items.map((item) => plan.arms.map((arm) => ({ plan, item, arm }))));
  const wanted = items.flat();
  const waiting = items.map((tasks) => tasks.filter((task) => !known.has(keyOfTask(task))));
  let done = wanted.length - waiting.flat().length;
  let spent = before.reduce((sum, { cost_usd }) => sum + cost_usd, 0);
  onProgress(done, wanted.length);

  const attempt = async (task: Task): Promise<void> => {
    try {
      const record = await measured(task, tools);
      await appendRecord(path, record);
      known.set(keyOf(record), record);
      spent += record.cost_usd;
    } catch (error) {
      if (signal.aborted) return;
      say(`${task.item.id}, ${task.arm.name}: ${error instanceof Error ? error.message : error}`);
    }
    done += 1;
    onProgress(done, wanted.length);
  };
  const work = async (): Promise<void> => {
    for (let tasks = waiting.shift(); tasks; tasks = waiting.shift()) {
      for (const task of tasks) {
        if (spent >= mostUsd || signal.aborted) return;
        await attempt(task);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  if (spent >= mostUsd && done < wanted.length) say(`Stopped at the budget, with ${wanted.length - done} left.`);
  return wanted.flatMap((task) => known.get(keyOfTask(task)) ?? []);
}

function keyOfTask({ plan: { benchmark, seed }, item, arm }: Task): string {
  return keyOf({ benchmark, item: item.id, arm: arm.name, seed });
}

async function measured({ plan, item, arm }: Task, { subject, signal }: MeasureTools): Promise<EvalRecord> {
  const body: ReflectionBody = {
    input: item.prompt,
    strategy: arm.strategy,
    seed: plan.seed,
    temperature: 0,
    include: ['draft'],
    ...(plan.maxOutputTokens !== undefined && { max_output_tokens: plan.maxOutputTokens }),
    allow_small_judge: true,
    budget: { deadline_ms: 600_000 },
    ...(arm.declares && { checks: item.checks }),
  };
  const answer = (asked: ReflectionBody) => subject.answer(asked, signal);
  const answered = arm.samples > 1 ? await bestOf(arm.samples, body, answer) : await answer(body);
  return recordOf(plan, item, arm, answered);
}

async function recordOf(plan: Plan, item: Item, arm: Arm, answered: Reflection): Promise<EvalRecord> {
  const { output, draft, status, decision, finish_reason, error, usage, timing, gate, rounds } = answered;
  const charged = usage.passes.filter((pass) => pass.charged);
  return {
    benchmark: plan.benchmark,
    item: item.id,
    arm: arm.name,
    seed: plan.seed,
    verdict: await item.score(output),
    draft_verdict: draft === undefined ? null : await item.score(draft),
    status,
    decision,
    finish_reason,
    error: error?.code ?? null,
    calls: charged.length,
    input_tokens: usage.input_tokens,
    output_tokens: usage.output_tokens,
    cost_usd: usage.cost_usd,
    ms: timing.total_ms,
    gate: gate && { action: gate.action, score: gate.score },
    mends: rounds.flatMap(({ repairs }) => repairs.map(({ transform }) => transform)),
    passes: charged.map(({ role }) => role),
    output: plan.keepsText ? output : null,
  };
}
