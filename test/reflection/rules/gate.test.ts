import { describe, expect, test } from 'vitest';
import { decideGate, type GateInput, thresholds, weights } from '../../../src/reflection/rules/gate.ts';
import { type GateAction, type StrategyName, strategies, strategyNames } from '../../../src/reflection/strategies.ts';
import type { Task } from '../../../src/reflection/task.ts';
import { processorMs } from '../../support/processor-time.ts';
import { check } from '../../support/reflections.ts';

const open: Task = { class: 'open', choices: [], complexity: 0 };
const closed: Task = { class: 'number', choices: [], complexity: 0.3 };
const all = { critique: true, escalate: true, vote: true };
const passes = [check('c1', 'pass')];
const proven = [check('c1', 'pass', { type: 'arithmetic' })];
const fails = [check('c1', 'pass'), check('c2', 'fail')];

function input(strategy: StrategyName, part: Partial<Omit<GateInput, 'strategy'>> = {}): GateInput {
  const draft = { text: 'A plain answer.', truncated: false };
  return { strategy: strategies[strategy], task: open, question: '', draft, checks: [], may: all, ...part };
}

describe('the action', () => {
  const doubtful = { draft: { text: 'A plain', truncated: true } };
  const table: readonly (readonly [string, GateInput, GateAction])[] = [
    ['a plain draft is returned', input('selective'), 'return'],
    ['a passed draft is returned', input('selective', { checks: passes }), 'return'],
    ['a failed check is repaired', input('selective', { checks: fails }), 'repair'],
    [
      'a failed check is repaired before anything else',
      input('selective', { ...doubtful, task: closed, checks: fails }),
      'repair',
    ],
    ['a doubtful draft is criticised', input('selective', doubtful), 'critique'],
    ['a doubtful draft with right calculations is not', input('selective', { ...doubtful, checks: proven }), 'return'],
    ['a doubtful draft of the right form is', input('selective', { ...doubtful, checks: passes }), 'critique'],
    ['a closed answer of the right form is voted on', input('selective', { task: closed, checks: passes }), 'vote'],
    ['a closed answer of right calculations is not', input('selective', { task: closed, checks: proven }), 'return'],
    ['an empty draft is criticised', input('selective', { draft: { text: ' ', truncated: false } }), 'critique'],
    ['a closed answer with some risk is voted on', input('selective', { task: closed }), 'vote'],
    ['an easy closed answer is returned', input('selective', { task: { ...closed, complexity: 0.1 } }), 'return'],
    [
      'a closed answer is returned where no vote can be paid',
      input('selective', { task: closed, may: { ...all, vote: false } }),
      'return',
    ],
    [
      'a doubtful closed answer without a vote is criticised',
      input('selective', { ...doubtful, task: closed, may: { ...all, vote: false } }),
      'critique',
    ],
    [
      'a tier without a critic escalates',
      input('selective', { ...doubtful, may: { ...all, critique: false } }),
      'escalate',
    ],
    [
      'a tier without either returns',
      input('selective', { ...doubtful, may: { critique: false, escalate: false, vote: false } }),
      'return',
    ],
    ['checks repairs what failed', input('checks', { checks: fails }), 'repair'],
    ['checks does nothing else', input('checks', doubtful), 'return'],
    ['vote votes on a closed answer, however easy', input('vote', { task: { ...closed, complexity: 0 } }), 'vote'],
    ['vote votes whatever the checks say', input('vote', { task: closed, checks: fails }), 'vote'],
    ['vote returns an open answer', input('vote', doubtful), 'return'],
    ['vote returns where no vote can be paid', input('vote', { task: closed, may: { ...all, vote: false } }), 'return'],
    ['always criticises a plain draft', input('always'), 'critique'],
    ['always criticises a failed one too', input('always', { checks: fails }), 'critique'],
    ['direct returns even a failed draft', input('direct', { ...doubtful, checks: fails }), 'return'],
    ['cot returns', input('cot', { ...doubtful, checks: fails }), 'return'],
    ['tags returns', input('tags', { ...doubtful, checks: fails }), 'return'],
  ];
  test.each(table)('%s', (_, asked, action) => {
    const gate = decideGate(asked);
    expect(gate.action).toBe(action);
    expect(gate.reasons.length).toBeGreaterThan(0);
    expect(gate.score >= 0 && gate.score <= 1).toBe(true);
  });

  test('says why in words', () => {
    expect(decideGate(input('selective', { checks: fails })).reasons).toEqual(['check c2 (words) failed: c2 fail']);
    expect(decideGate(input('selective', doubtful)).reasons).toEqual(['truncated 1']);
    expect(decideGate(input('vote')).reasons).toEqual(['no closed answer to vote on']);
    const noCalls = input('vote', { task: closed, may: { ...all, vote: false } });
    expect(decideGate(noCalls).reasons).toEqual(['the budget leaves too few calls for a vote']);
  });
});

test.each(['words', 'sentences', 'keywords', 'json', 'json_schema', 'regex', 'language', 'choice', 'bullets'])(
  'that %s passes says nothing about the truth',
  (type) => {
    const checks = [check('c1', 'pass', { type })];
    expect(decideGate(input('selective', { task: closed, checks }))).toEqual(
      decideGate(input('selective', { task: closed })),
    );
  },
);

test.each(['arithmetic', 'sources'])('that %s passes speaks for the draft', (type) => {
  const checks = [check('c1', 'pass', { type })];
  expect(decideGate(input('selective', { task: closed, checks })).action).toBe('return');
});

describe('the signals', () => {
  const signalsOf = (text: string, part: Partial<GateInput> = {}) =>
    Object.fromEntries(
      decideGate({ ...input('selective', { draft: { text, truncated: false } }), ...part }).signals.map((signal) => [
        signal.name,
        signal.value,
      ]),
    );

  test.each([
    ['refusal', 'I’m sorry, but I can’t help with that.'],
    ['refusal', 'I cannot do this.'],
    ['refusal', 'As an AI, I have no taste.'],
    ['self_contradiction', 'It is 5. Wait, no.'],
    ['self_contradiction', 'It is 5. Let me recalculate.'],
    ['self_contradiction', 'Actually, no: it is 6.'],
    ['empty', ' \n'],
  ])('%s is there in %j', (name, text) => {
    expect(signalsOf(text)).toEqual({ [name]: 1 });
  });

  test('hedging counts up to two hedges', () => {
    expect(signalsOf('I think it is 5.')).toEqual({ hedging: 0.5 });
    expect(signalsOf('I think it might be 5, possibly 6.')).toEqual({ hedging: 1 });
  });

  test('the task and the checks weigh in', () => {
    expect(signalsOf('x', { task: { class: 'code', choices: [], complexity: 0.456 }, checks: proven })).toEqual({
      code: 1,
      complexity: 0.46,
      check_passed: 1,
    });
    expect(signalsOf('x', { task: { class: 'grounded', choices: [], complexity: 0 }, checks: fails })).toEqual({
      grounded: 1,
      check_failed: 1,
    });
    expect(signalsOf('x', { checks: [check('c', 'skipped')] })).toEqual({});
  });

  test('add up to the score, rounded and kept between 0 and 1', () => {
    const gate = decideGate(
      input('selective', { task: { ...open, complexity: 0.5 }, draft: { text: 'I think so.', truncated: false } }),
    );
    expect(gate.score).toBeCloseTo(0.5 * weights.complexity + 0.5 * weights.hedging, 1);
    expect(decideGate(input('selective', { draft: { text: '', truncated: true } })).score).toBe(1);
    expect(decideGate(input('selective', { checks: proven })).score).toBe(0);
  });
});

test('a vote starts earlier than a critique, and every strategy may return', () => {
  expect(thresholds.vote).toBeLessThan(thresholds.critique);
  for (const name of strategyNames)
    expect(decideGate(input(name, { checks: passes })).action).toMatch(name === 'always' ? 'critique' : 'return');
});

test('half a megabyte of hostile text is judged in time', () => {
  for (const text of [' '.repeat(500_000), 'actually, '.repeat(50_000), 'i think '.repeat(60_000)]) {
    const started = processorMs();
    decideGate(input('selective', { draft: { text, truncated: false } }));
    expect(processorMs() - started).toBeLessThan(1_500);
  }
});
