/** Budgets, deadlines and cancellation, wherever in a reflection they strike. */
import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { Cancelled } from '../../src/reflection/model.ts';
import {
  confirmed,
  critiqueText,
  editText,
  largeRoster,
  modelFacts,
  preferA,
  preferB,
  reflected,
  request,
  run,
  tools,
} from '../support/reflections.ts';
import { doubtful, type Scenario, scenarios } from '../support/scenarios.ts';
import { type Script, scriptedModel, virtualClock } from '../support/scripted-model.ts';

const two = critiqueText('revise', [{ quote: 'it is green' }, { quote: 'possibly green' }]);
const round: Script = {
  draft: doubtful,
  critique: two,
  confirm: confirmed,
  revision: editText(['it is green', 'it is blue'], ['possibly green', 'possibly blue']),
  judge: [preferB, preferA],
};

async function within(budget: Parameters<typeof request>[0], script: Script = round) {
  const model = scriptedModel(script);
  const told = await reflected(request(budget), tools(model));
  return { ...told, passes: model.asked.map((call) => call.pass) };
}

describe('calls', () => {
  test.each([
    [1, ['draft'], 'budget'],
    // A critique that no revision can follow is not asked for.
    [5, ['draft'], 'budget'],
    [6, ['draft', 'critique-r1', 'confirm-r1-i1', 'revision-r1', 'judge-r1-ba', 'judge-r1-ab'], 'accepted_revision'],
    [
      7,
      ['draft', 'critique-r1', 'confirm-r1-i1', 'confirm-r1-i2', 'revision-r1', 'judge-r1-ba', 'judge-r1-ab'],
      'accepted_revision',
    ],
  ] as const)('%d of them make these, and what is not proven better is not taken', async (calls, made, decision) => {
    const { passes, outcome } = await within({ budget: { max_calls: calls } });
    expect(passes).toEqual(made);
    expect(outcome).toMatchObject({ decision, degraded: null });
    if (decision === 'budget') expect(outcome.output).toBe(doubtful);
  });

  test('that end a later round leave what was accepted before', async () => {
    const script: Script = {
      draft: 'A plain answer.',
      critique: critiqueText('pass'),
      revision: 'Another text altogether.',
    };
    const { outcome, passes } = await within({ strategy: 'always', max_rounds: 3, budget: { max_calls: 3 } }, script);
    expect(passes).toHaveLength(3);
    expect(outcome).toMatchObject({ decision: 'accepted_revision', output: 'Another text altogether.' });
  });

  test('that end the asking again leave the draft', async () => {
    const { outcome } = await within({ budget: { max_calls: 2 } }, { ...round, critique: 'Nice.' });
    expect(outcome).toMatchObject({ decision: 'budget', output: doubtful });
  });

  test('that end a rewrite leave the draft', async () => {
    const { outcome } = await within({ budget: { max_calls: 5 } }, { ...round, revision: 'No.' });
    expect(outcome).toMatchObject({ decision: 'budget', output: doubtful });
  });
});

describe('votes', () => {
  const question = 'How many are left?';
  const script: Script = {
    draft: 'The answer is 42.',
    'vote-2': 'The answer is 41.',
    'vote-3': 'The answer is 40.',
    vote: 'The answer is 41.',
  };

  test('that agree end at three, others are drawn up to five', async () => {
    const agreed = await within(
      { input: question, strategy: 'vote' },
      { draft: 'The answer is 42.', vote: 'So it is 42' },
    );
    expect(agreed.passes).toEqual(['draft', 'vote-2', 'vote-3']);
    expect(agreed.outcome).toMatchObject({ decision: 'voted', output: 'The answer is 42.', subject: 'draft' });
    const extended = await within({ input: question, strategy: 'vote' }, script);
    expect(extended.passes).toEqual(['draft', 'vote-2', 'vote-3', 'vote-4', 'vote-5']);
    expect(extended.outcome).toMatchObject({ decision: 'voted', output: 'The answer is 41.', subject: 'vote-2' });
    expect(extended.events.find((event) => event.type === 'vote.completed')).toEqual({
      type: 'vote.completed',
      answers: [
        { answer: '41', votes: 3 },
        { answer: '40', votes: 1 },
        { answer: '42', votes: 1 },
      ],
      winner: '41',
    });
  });

  test('differ: warm, each with a seed of its own', async () => {
    const model = scriptedModel(script);
    await reflected(request({ input: question, strategy: 'vote', temperature: 0, seed: 7 }), tools(model));
    expect(model.asked.map((call) => [call.temperature, call.seed])).toEqual([
      [0, 7],
      [0.7, 9],
      [0.7, 10],
      [0.7, 11],
      [0.7, 12],
    ]);
  });

  test('that are split leave the draft, or go to the critic where the strategy has one', async () => {
    const split = { ...script, 'vote-4': 'None.', vote: 'The answer is 39.' };
    expect((await within({ input: question, strategy: 'vote' }, split)).outcome).toMatchObject({
      decision: 'kept_draft_unverified',
      output: 'The answer is 42.',
    });
    const selective = await within({ ...scenarios.split.body }, scenarios.split.script);
    expect(selective.passes.at(-1)).toBe('critique-r1');
    expect(selective.outcome).toMatchObject({
      decision: 'kept_draft_unverified',
      degraded: { pass: 'vote', code: 'upstream_busy' },
    });
  });

  test('of a failed sample are not counted, and no pass is made twice', async () => {
    const failing = { ...script, 'vote-2': new AppError('upstream_failed', 'Broken.'), 'vote-3': 'The answer is 41.' };
    const { passes, outcome } = await within({ input: question, strategy: 'vote' }, failing);
    expect(passes).toEqual(['draft', 'vote-2', 'vote-3', 'vote-4', 'vote-5']);
    expect(outcome).toMatchObject({
      decision: 'voted',
      output: 'The answer is 41.',
      degraded: { pass: 'vote', code: 'upstream_failed' },
    });
  });

  test('of a sample that was cut off are not counted', async () => {
    const cut = {
      ...script,
      vote: { text: 'The answer is 41.', finish: 'length' },
      'vote-2': { text: 'The answer is 41.', finish: 'length' },
      'vote-3': 'None.',
    } as const;
    expect((await within({ input: question, strategy: 'vote' }, cut)).outcome.output).toBe('The answer is 42.');
  });

  test('that the budget ends leave the draft, unless they agreed already', async () => {
    const poor = await within({ input: question, strategy: 'vote', budget: { max_calls: 3 } }, script);
    expect(poor.outcome).toMatchObject({ decision: 'budget', output: 'The answer is 42.' });
    const none = await within({ input: question, strategy: 'vote', budget: { max_calls: 2 } }, script);
    expect(none.passes).toEqual(['draft']);
    expect(none.outcome.decision).toBe('kept_draft_unverified');
  });

  test('for an answer that breaks a check leave the draft', async () => {
    const checks = [{ type: 'keywords' as const, keywords: ['answer'] }];
    const breaking = { draft: 'The answer is 42.', vote: 'So it is 41' };
    const { outcome } = await within({ input: question, strategy: 'vote', checks }, breaking);
    expect(outcome).toMatchObject({ decision: 'kept_draft_rejected_revision', output: 'The answer is 42.' });
  });

  test('on a tier where nobody may judge leave a split draft', async () => {
    const small = { ...largeRoster, critic: [modelFacts('little', 'small')] };
    const told = await reflected(
      request(scenarios.split.body),
      tools(scriptedModel(scenarios.split.script), { roster: small }),
    );
    expect(told.outcome).toMatchObject({ decision: 'kept_draft_unverified', degraded: { pass: 'vote' } });
  });
});

describe('tokens and money', () => {
  test('that do not cover a draft are the caller’s mistake', async () => {
    for (const [budget, by] of [
      [{ max_output_tokens: 5 }, 'tokens'],
      [{ max_cost_usd: 0.000_001 }, 'money'],
    ] as const) {
      const told = await run(request({ budget }), tools(scriptedModel({ draft: 'x' })));
      expect(told.error).toMatchObject({ code: 'request_exceeds_limit', message: expect.stringContaining(by) });
      expect(told.events.map((event) => event.type)).toEqual(['run.started']);
    }
  });

  test('cut the draft, and then leave nothing for a second look', async () => {
    const { passes, outcome } = await within({ budget: { max_output_tokens: 20 } });
    expect(passes).toEqual(['draft']);
    expect(outcome).toMatchObject({ decision: 'budget', output: doubtful });
    // Ten tokens of question and the draft itself fit; a critique's prompt alone does not.
    const poor = await within({ budget: { max_cost_usd: 0.000_08 } });
    expect(poor.outcome).toMatchObject({ decision: 'budget', output: doubtful });
  });
});

describe('the deadline', () => {
  async function late(
    script: Script,
    delays: Partial<Record<string, number>>,
    body: Parameters<typeof request>[0] = {},
  ) {
    const clock = virtualClock();
    const slow = Object.fromEntries(
      Object.entries(script).map(([name, reply]) => [
        name,
        typeof reply === 'string' ? { text: reply, delay: delays[name] ?? 0 } : reply,
      ]),
    );
    const model = scriptedModel(slow, { clock, chunkSize: 1_000 });
    const told = await run(request({ budget: { deadline_ms: 1_000 }, ...body }), tools(model, { now: clock.now }));
    return { ...told, passes: model.asked.map((call) => call.pass) };
  }
  const whole: Script = { ...round, judge: preferB };

  test('before the first word is a failure', async () => {
    const { error } = await late(whole, { draft: 1_000 });
    expect(error).toMatchObject({ code: 'deadline' });
  });

  test('within the draft gives what there is', async () => {
    const clock = virtualClock();
    const model = scriptedModel({ draft: { chunks: ['one ', 'two ', 'three '], delay: 400 } }, { clock });
    const told = await reflected(request({ budget: { deadline_ms: 1_000 } }), tools(model, { now: clock.now }));
    expect(told.outcome).toMatchObject({ output: 'one two', decision: 'budget', finish_reason: 'length' });
    expect(model.asked).toHaveLength(1);
  });

  test('within thinking shows nothing of it', async () => {
    for (const [strategy, text] of [
      ['tags', '<thinking>the secret '],
      ['cot', 'the secret '],
    ] as const) {
      const clock = virtualClock();
      const model = scriptedModel({ draft: { chunks: [text, 'goes on', 'and on'], delay: 400 } }, { clock });
      const told = await reflected(
        request({ strategy, budget: { deadline_ms: 1_000 } }),
        tools(model, { now: clock.now }),
      );
      expect(told.outcome).toMatchObject({ output: '', draft: '', decision: 'budget', finish_reason: 'length' });
    }
  });

  test('within the continuation ends the run there', async () => {
    const clock = virtualClock();
    const model = scriptedModel(
      { draft: { text: 'one', finish: 'length' }, continuation: { chunks: [' two', ' three'], delay: 600 } },
      { clock },
    );
    const told = await reflected(
      request({ strategy: 'direct', budget: { deadline_ms: 1_000 } }),
      tools(model, { now: clock.now }),
    );
    expect(told.outcome).toMatchObject({ output: 'one two', decision: 'budget', finish_reason: 'length' });
  });

  test.each(['critique', 'confirm', 'revision', 'judge'])('during or before the %s leaves the draft', async (role) => {
    const during = await late(whole, { [role]: 1_000 });
    expect(during.outcome).toMatchObject({ output: doubtful, decision: 'budget', degraded: null });
    const before = await late(whole, { [role]: 499 });
    expect(before.error).toBeUndefined();
    expect(before.outcome?.output).toBe(doubtful);
    expect(before.passes.length).toBeGreaterThanOrEqual(during.passes.length);
  });

  test('counts from the first start, on a resumed run too', async () => {
    const model = scriptedModel({ draft: 'x' });
    const told = await run(
      request({ budget: { deadline_ms: 1_000 } }),
      tools(model, { now: () => 5_000, startedAt: 4_000 }),
    );
    expect(told.error).toMatchObject({ code: 'deadline' });
    expect(model.asked).toEqual([]);
  });
});

describe.each(Object.entries<Scenario>(scenarios))(
  'cancelling a reflection that would be %s',
  (_, { body, script, tools: part }) => {
    test('at any word throws, and asks nothing more', async () => {
      for (let at = 0; at < 1_000; at += 1) {
        const model = scriptedModel(script, { cancelAt: at, chunkSize: 16 });
        const told = await run(request(body), tools(model, part));
        if (told.outcome || (told.error !== undefined && !(told.error instanceof Cancelled))) {
          return;
        }
        expect(told.error).toBeInstanceOf(Cancelled);
        expect(told.events.some((event) => event.type === 'run.completed')).toBe(false);
        const calls = model.asked.length;
        await new Promise((resolve) => setTimeout(resolve, 0));
        expect(model.asked).toHaveLength(calls);
        // Calls made at the same time may be in flight together; none follows the one that was cut.
        const firstCut = told.events.findIndex((event) => event.type === 'pass.failed' && event.code === 'cancelled');
        expect(firstCut).toBeGreaterThanOrEqual(0);
        expect(told.events.slice(firstCut + 1).every((event) => event.type !== 'edit.applied')).toBe(true);
        expect(model.ended()).toBe(calls);
      }
      throw new Error('The reflection never came to its end.');
    });
  },
);
