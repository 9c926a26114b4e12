/** What a test of the engine needs around the thing that it tests: requests, rosters, tools, and a run told from its first event to its last. */
import type { CheckResult } from '../../src/reflection/checks/check.ts';
import type { ReflectionTools } from '../../src/reflection/context.ts';
import type { EngineEvent, Outcome, ReflectionEvent } from '../../src/reflection/events.ts';
import type { Model, ModelClass, ModelFacts, Roster, Seat } from '../../src/reflection/model.ts';
import type { Issue, Reflection } from '../../src/reflection/record.ts';
import { Recorder } from '../../src/reflection/recorder.ts';
import { reflect } from '../../src/reflection/reflect.ts';
import { parseReflectionBody, type ReflectionBody, type ReflectionRequest } from '../../src/reflection/request.ts';

export const nonce = 'n0nce7f3a';

/** A valid request; `input` is "Say something." unless told otherwise. */
export function request(body: Partial<ReflectionBody> = {}): ReflectionRequest {
  const asked = body.messages === undefined ? { input: 'Say something.' } : {};
  return parseReflectionBody({ ...asked, ...body });
}

export function modelFacts(id: string, size: ModelClass = 'large', part: Partial<ModelFacts> = {}): ModelFacts {
  return { id, class: size, contextTokens: 128_000, price: { input: 1, output: 2 }, ...part };
}

/** One model a seat, `test/author` to `test/escalation`; seats named in `small` hold the 8B class, those in `empty` nobody. */
export function roster({ small = [], empty = [] }: { small?: readonly Seat[]; empty?: readonly Seat[] } = {}): Roster {
  const chain = (seat: Seat) =>
    empty.includes(seat) ? [] : [modelFacts(`test/${seat}`, small.includes(seat) ? 'small' : 'large')];
  return {
    author: chain('author'),
    critic: chain('critic'),
    reviser: chain('reviser'),
    judge: chain('judge'),
    escalation: chain('escalation'),
  };
}

/** Large models in every seat but the next tier's, where nobody sits. */
export const largeRoster = roster({ empty: ['escalation'] });

/** Small models wherever this tier's own sit, and a large one in the next tier. */
export const smallRoster = roster({ small: ['author', 'critic', 'reviser', 'judge'] });

export function tools(model: Model, part: Partial<Omit<ReflectionTools, 'model'>> = {}): ReflectionTools {
  return { model, roster: largeRoster, nonce, now: () => 0, startedAt: 0, reserve: () => null, ...part };
}

/** A run told to its end: the engine's events, the log as readers get it, the record, or what was thrown. */
export interface Told {
  readonly events: readonly EngineEvent[];
  readonly log: readonly ReflectionEvent[];
  readonly record: Reflection;
  readonly outcome: Outcome | undefined;
  readonly error: unknown;
}

export async function run(asked: ReflectionRequest, given: ReflectionTools): Promise<Told> {
  return collect(reflect(asked, given), asked, given.now);
}

export async function collect(
  steps: AsyncIterable<EngineEvent>,
  asked: Pick<ReflectionRequest, 'include' | 'metadata'> = { include: [], metadata: {} },
  now: () => number = () => 0,
): Promise<Told> {
  const recorder = new Recorder('refl_test', now);
  const events: EngineEvent[] = [];
  const log = [recorder.queued(asked.include, asked.metadata)];
  let error: unknown;
  try {
    for await (const step of steps) {
      events.push(step);
      log.push(recorder.stamp(step));
    }
  } catch (thrown) {
    error = thrown;
  }
  const last = events.at(-1);
  const outcome = last?.type === 'run.completed' ? last.outcome : undefined;
  return { events, log, record: recorder.record, outcome, error };
}

/** Runs a request that must end well, and gives what it came to. */
export async function reflected(
  asked: ReflectionRequest,
  given: ReflectionTools,
): Promise<Told & { outcome: Outcome }> {
  const told = await run(asked, given);
  if (told.error !== undefined) throw told.error;
  const { outcome } = told;
  if (!outcome) throw new Error('The run ended without an outcome.');
  return { ...told, outcome };
}

/** A generator's events and its result. */
export async function drain<Event, Result>(
  steps: AsyncGenerator<Event, Result, void>,
): Promise<{ readonly events: readonly Event[]; readonly result: Result }> {
  const events: Event[] = [];
  for (;;) {
    const step = await steps.next();
    if (step.done) return { events, result: step.value };
    events.push(step.value);
  }
}

export function check(id: string, status: CheckResult['status'], part: Partial<CheckResult> = {}): CheckResult {
  const plain = {
    type: 'words',
    origin: 'declared',
    message: `${id} ${status}`,
    measured: null,
    expected: null,
    span: null,
  } as const;
  return { id, status, ...plain, ...part };
}

export function issue(part: Partial<Issue> = {}): Issue {
  return {
    id: 'i1',
    kind: 'incorrect_fact',
    severity: 'major',
    quote: '',
    span: null,
    problem: 'It is wrong.',
    question: 'Is it right?',
    confirmed: 'verified',
    ...part,
  };
}

/** What a critic says, as JSON. */
export function critiqueText(
  verdict: string,
  issues: readonly Partial<Record<'quote' | 'kind' | 'severity' | 'problem' | 'question', string>>[] = [],
  independent?: string | number,
): string {
  const usual = { kind: 'incorrect_fact', severity: 'major', problem: 'It is wrong.', question: 'Is it right?' };
  const said = { verdict, issues: issues.map((each) => ({ ...usual, ...each })) };
  return JSON.stringify(independent === undefined ? said : { independent_answer: independent, ...said });
}

/** What a reviser says: one block for each pair. */
export function editText(...pairs: readonly (readonly [search: string, replace: string])[]): string {
  return pairs.map(([search, replace]) => `<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE`).join('\n');
}

export const confirmed = '{"answer": "no", "statement": "wrong"}';
export const refuted = '{"answer": "yes", "statement": "right"}';
export const preferB = '{"better": "B"}';
export const preferA = '{"better": "A"}';
