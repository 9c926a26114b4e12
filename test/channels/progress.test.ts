/** What people are told while a run goes on, from the events of the real engine. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advance, noProgress, type Progress } from '../../src/channels/progress.ts';
import { AppError } from '../../src/errors.ts';
import { runErrorOf } from '../../src/reflection/ending.ts';
import type { EngineEvent, ReflectionEvent } from '../../src/reflection/events.ts';
import { Recorder } from '../../src/reflection/recorder.ts';
import { holds } from '../support/properties.ts';
import { request, run, tools } from '../support/reflections.ts';
import { type Scenario, scenarios } from '../support/scenarios.ts';
import { scriptedModel } from '../support/scripted-model.ts';

const named = Object.entries<Scenario>(scenarios);

/** The whole log of a run; one that the engine could not finish ends as failed, as a run does it. */
async function logOf({ body, script, tools: part }: Scenario): Promise<readonly ReflectionEvent[]> {
  const told = await run(request({ include: ['draft', 'diff'], ...body }), tools(scriptedModel(script), part));
  if (told.error === undefined) return told.log;
  if (!(told.error instanceof AppError)) throw told.error;
  const recorder = new Recorder('refl_test', () => 0);
  recorder.replay(told.log);
  return [...told.log, recorder.end({ type: 'failed', error: runErrorOf(told.error) })];
}

/** The log up to and with the first event that `isLast`, and stopped by somebody then. */
async function stoppedAt(scenario: Scenario, isLast: (event: ReflectionEvent) => boolean) {
  const log = await logOf(scenario);
  const begun = log.slice(0, log.findIndex(isLast) + 1);
  const recorder = new Recorder('refl_test', () => 0);
  recorder.replay(begun);
  return { begun, stopped: [...begun, recorder.end({ type: 'cancelled' })] };
}

/** One line a step. */
function shown({ steps }: Progress): string[] {
  return steps.map(({ title, status, detail }) => `${title} ${status}${detail === null ? '' : `: ${detail}`}`);
}

/** Every list of steps that was shown, one after another, without repetitions. */
function history(log: readonly ReflectionEvent[]): string[][] {
  let progress = noProgress;
  const seen: string[][] = [];
  for (const event of log) {
    progress = advance(progress, [event]);
    const lines = shown(progress);
    if (lines.join() !== seen.at(-1)?.join()) seen.push(lines);
  }
  return seen;
}

/** A log of one's own making. */
function ownLog(events: readonly EngineEvent[]): readonly ReflectionEvent[] {
  const recorder = new Recorder('refl_own', () => 0);
  return [recorder.queued([], {}), ...events.map((event) => recorder.stamp(event))];
}

const begun = { type: 'run.started', strategy: 'selective', tier: 'balanced', small_judge: false } as const;
const drafting = { type: 'pass.started', pass: 'draft', role: 'draft', round: 0, attempt: 1, model: 'm' } as const;
const delta = (offset: number, text: string) =>
  ({ type: 'pass.delta', pass: 'draft', attempt: 1, offset, text }) as const;

describe('at the end, these steps are shown of a run that', () => {
  test.each<readonly [keyof typeof scenarios, readonly string[]]>([
    ['returned', ['Draft done']],
    ['checked', ['Draft done', 'Check done: 1 of 1 check passed']],
    ['direct', ['Draft done']],
    ['reasoned', ['Draft done']],
    ['tagged', ['Draft done']],
    ['extracted', ['Draft done']],
    ['continued', ['Draft done']],
    ['repaired', ['Draft done', 'Check done: 1 of 1 check passed', 'Revise done: taken in place of the draft']],
    ['unrepaired', ['Draft done', 'Check done: 0 of 1 check passed', 'Revise done: the draft was kept']],
    ['revised', ['Draft done', 'Second look done: 1 problem confirmed', 'Revise done: taken in place of the draft']],
    ['refused', ['Draft done', 'Second look done: 1 problem confirmed', 'Revise done: the draft was kept']],
    ['passed', ['Draft done', 'Second look done: no problem found']],
    ['unreadable', ['Draft done', 'Second look done']],
    ['degraded', ['Draft done', 'Second look failed: the model did not answer']],
    ['always', ['Draft done', 'Second look done: no problem found', 'Revise done: taken in place of the draft']],
    ['voted', ['Draft done', 'Second look done: 3 of 5 answers agree']],
    ['escalated', ['Draft done', 'Revise done: taken in place of the draft']],
    ['exhausted', ['Draft done']],
    ['failed', ['Draft failed: the model did not answer']],
  ])('%s', async (name, steps) => {
    const log = await logOf(scenarios[name]);
    const progress = advance(noProgress, log);
    expect(shown(progress)).toEqual(steps);
    const last = log.at(-1);
    expect(progress).toMatchObject({ isOver: true, title: name === 'failed' ? 'Failed' : 'Done' });
    expect(progress.text).toBe(last && 'reflection' in last ? last.reflection.output : undefined);
  });
});

test('a vote that is split goes on to a critique within the same step', async () => {
  const told = history(await logOf(scenarios.split)).flat();
  expect(told).toContain('Second look running: asking for independent answers');
  expect(told).toContain('Second look done: the independent answers do not agree');
});

test('steps appear as they apply, and say what is being done', async () => {
  expect(history(await logOf(scenarios.revised))).toEqual([
    ['Draft pending'],
    ['Draft running'],
    ['Draft done'],
    ['Draft done', 'Second look pending'],
    ['Draft done', 'Second look running'],
    ['Draft done', 'Second look done'],
    ['Draft done', 'Second look done: 1 problem found'],
    ['Draft done', 'Second look running: confirming what was found'],
    ['Draft done', 'Second look done: 1 problem found'],
    ['Draft done', 'Second look done: 1 problem confirmed'],
    ['Draft done', 'Second look done: 1 problem confirmed', 'Revise running: correcting what was found'],
    ['Draft done', 'Second look done: 1 problem confirmed', 'Revise done'],
    ['Draft done', 'Second look done: 1 problem confirmed', 'Revise running: comparing it with the draft'],
    ['Draft done', 'Second look done: 1 problem confirmed', 'Revise done'],
    ['Draft done', 'Second look done: 1 problem confirmed', 'Revise running: comparing it with the draft'],
    ['Draft done', 'Second look done: 1 problem confirmed', 'Revise done'],
    ['Draft done', 'Second look done: 1 problem confirmed', 'Revise done: taken in place of the draft'],
  ]);
});

test('an attempt that was lost starts the text over', () => {
  const log = ownLog([
    begun,
    drafting,
    delta(0, 'Lost words'),
    {
      type: 'pass.retried',
      pass: 'draft',
      attempt: 2,
      model: 'm',
      code: 'interrupted',
      message: '',
      usage: {
        id: 'draft',
        role: 'draft',
        round: 0,
        attempt: 1,
        model: 'm',
        input_tokens: 0,
        output_tokens: 0,
        cost_usd: 0,
        neurons: null,
        estimated: true,
        charged: false,
        ttft_ms: null,
        latency_ms: 0,
        finish_reason: 'interrupted',
        truncated: false,
      },
    },
    { ...delta(0, 'New'), attempt: 2 },
  ]);
  expect(advance(noProgress, log.slice(0, 4)).text).toBe('Lost words');
  expect(advance(noProgress, log.slice(0, 5)).text).toBe('');
  expect(advance(noProgress, log).text).toBe('New');
  expect(shown(advance(noProgress, log))).toEqual(['Draft running: trying again']);
});

describe('the text is what a reader may see of', () => {
  test.each([
    ['a plain draft', 'selective', 'Hello', 'Hello'],
    ['a draft that may begin a tag', 'selective', 'Hello <thin', 'Hello '],
    ['thinking in a plain draft', 'selective', '<think>Well', ''],
    ['reasoning', 'cot', 'One and one', ''],
    ['an answer behind reasoning', 'cot', 'One and one.\n### Answer\nTwo', 'Two'],
    ['thinking in tags', 'tags', '<thinking>1 + 1', ''],
    ['an answer in tags', 'tags', '<thinking>1 + 1</thinking><output>It is', 'It is'],
    ['an answer whose tag is being closed', 'tags', '<thinking>1</thinking><output>It is</out', 'It is'],
  ] as const)('%s', (_, strategy, said, text) => {
    expect(advance(noProgress, ownLog([{ ...begun, strategy }, drafting, delta(0, said)])).text).toBe(text);
  });

  test('a revision, once it took the place of the draft', async () => {
    const log = await logOf(scenarios.revised);
    const accepted = log.findIndex((event) => event.type === 'revision.accepted');
    expect(advance(noProgress, log.slice(0, accepted)).text).toContain('it is green');
    expect(advance(noProgress, log.slice(0, accepted + 1)).text).toContain('it is blue');
  });
});

test('a run that was stopped keeps what had come, and no step goes on', async () => {
  const { begun: going, stopped } = await stoppedAt(scenarios.returned, (event) => event.type === 'pass.delta');
  expect(advance(noProgress, going)).toMatchObject({ title: 'Writing a draft', text: 'A plain', isOver: false });
  const progress = advance(noProgress, stopped);
  expect(progress).toMatchObject({ title: 'Stopped', text: 'A plain', isOver: true });
  expect(shown(progress)).toEqual(['Draft failed: stopped']);
});

test('a run that was stopped before it began shows its draft as stopped', async () => {
  const { stopped } = await stoppedAt(scenarios.returned, (event) => event.type === 'run.queued');
  expect(shown(advance(noProgress, stopped))).toEqual(['Draft failed: stopped']);
});

test('a run that was stopped in its second look keeps the finished steps', async () => {
  const isConfirming = (event: ReflectionEvent) => event.type === 'pass.started' && event.role === 'confirm';
  const { stopped } = await stoppedAt(scenarios.revised, isConfirming);
  expect(shown(advance(noProgress, stopped))).toEqual(['Draft done', 'Second look failed: 1 problem found']);
});

test('events in lots of any size, some of them again, give the same progress', async () => {
  const logs = await Promise.all(named.map(([, scenario]) => logOf(scenario)));
  holds(
    fc.property(
      fc.constantFrom(...logs),
      fc.array(fc.record({ size: fc.integer({ min: 0, max: 9 }), again: fc.integer({ min: 0, max: 9 }) })),
      (log, lots) => {
        let progress = noProgress;
        let at = 0;
        for (const { size, again } of lots) {
          progress = advance(progress, log.slice(Math.max(0, at - again), at + size));
          at = Math.min(log.length, at + size);
          expect(progress).toEqual(advance(noProgress, log.slice(0, at)));
        }
        expect(advance(progress, log.slice(at))).toEqual(advance(noProgress, log));
        expect(advance(advance(noProgress, log), log)).toEqual(advance(noProgress, log));
      },
    ),
  );
});

test('at any moment at most one title, and nothing runs after the end', async () => {
  for (const [, scenario] of named) {
    const log = await logOf(scenario);
    let progress = noProgress;
    for (const event of log) {
      progress = advance(progress, [event]);
      expect(new Set(progress.steps.map(({ id }) => id)).size).toBe(progress.steps.length);
    }
    expect(progress.steps.every(({ status }) => status === 'done' || status === 'failed')).toBe(true);
  }
});
