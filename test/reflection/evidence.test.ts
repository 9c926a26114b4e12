/** Ways in which something worse could take the draft's place, each refused. */
import { describe, expect, test } from 'vitest';
import { Cancelled, type Model } from '../../src/reflection/model.ts';
import { acceptRevision } from '../../src/reflection/rules/accept-rules.ts';
import { check, request, run, smallRoster, tools } from '../support/reflections.ts';
import { scriptedModel } from '../support/scripted-model.ts';

const sea =
  'The sea covers most of the planet and holds most of its water. It feeds people on every coast. Storms shape its surface all year.';

describe('a repair is held to the text that it mends', () => {
  const repaired = (text: string, type = 'words', limit: { min?: number; max?: number } = { max: 8 }) =>
    acceptRevision({
      before: { text: sea, checks: [check('c1', 'fail', { type, measured: 25, expected: limit })] },
      after: { text, checks: [check('c1', 'pass', { type })] },
      issues: [],
      task: { class: 'open', choices: [], complexity: 0 },
      known: '',
      witnesses: [],
      needsEvidence: true,
    });

  test.each([
    'Sorry, no waves.',
    'I cannot help with that.',
    'I will mend the text now.',
    'Here you go: a rather different answer about mountains.',
  ])('and refused as %j', (text) => {
    expect(repaired(text).accepted).toBe(false);
  });

  test('and taken when it shortens, extends or recases it', () => {
    expect(repaired('The sea covers most of the planet.').accepted).toBe(true);
    expect(
      repaired(`${sea} Ships cross it with goods and people from every part of the world.`, 'words', { min: 30 })
        .accepted,
    ).toBe(true);
    expect(repaired(sea.toUpperCase(), 'uppercase').accepted).toBe(true);
  });

  test('and refused when it keeps one sentence where nothing asks for less', () => {
    const first = 'The sea covers most of the planet.';
    expect(repaired(first, 'words', { max: 20 }).reasons).toEqual([
      'the revision keeps 18 % of what nothing asks to go',
    ]);
    expect(repaired(first, 'uppercase').accepted).toBe(false);
  });

  test('but for checks whose mending writes other words', () => {
    expect(
      repaired('Das Meer bedeckt den größten Teil der Erde und ernährt viele Menschen.', 'language').accepted,
    ).toBe(true);
  });
});

test('a refusal by the next tier does not replace an answer', async () => {
  const model = scriptedModel({
    draft: 'I think it might be Paris, but I am not sure; possibly Lyon. Wait, actually, no: I believe Paris.',
    'draft-escalated': 'I’m sorry, I can’t help with that.',
  });
  const { outcome, events } = await run(request({ tier: 'fast' }), tools(model, { roster: smallRoster }));
  expect(events.some((event) => event.type === 'gate.decided' && event.gate.action === 'escalate')).toBe(true);
  expect(outcome).toMatchObject({ decision: 'kept_draft_rejected_revision', output: expect.stringContaining('Paris') });
});

test('a cap holds by the provider’s count, where its tokens are shorter than usual', async () => {
  const model = scriptedModel({
    draft: { text: '海'.repeat(200), finish: 'length', usage: { inputTokens: 10, outputTokens: 200, neurons: null } },
  });
  const { outcome } = await run(request({ strategy: 'direct', max_output_tokens: 200 }), tools(model));
  expect(model.asked.map((call) => call.pass)).toEqual(['draft']);
  expect(outcome?.finish_reason).toBe('length');
});

test('one critic who says the same twice is one witness', async () => {
  const blame = (quote: string) => ({
    quote,
    kind: 'arithmetic',
    severity: 'blocker',
    problem: `${quote} is wrong`,
    question: 'How many?',
  });
  const model = scriptedModel({
    draft: 'There are 42 eggs in the box. The answer is 42.',
    'vote-2': 'The answer is 41.',
    'vote-3': 'The answer is 43.',
    'vote-4': 'The answer is 44.',
    'vote-5': 'The answer is 45.',
    'critique-r1': JSON.stringify({
      verdict: 'revise',
      issues: [blame('There are 42 eggs'), blame('The answer is 42')],
    }),
    'confirm-r1-i1': '{"answer": "48", "statement": "wrong"}',
    'confirm-r1-i2': '{"answer": "48", "statement": "wrong"}',
    'revision-r1': 'There are 48 eggs in the box. The answer is 48.',
  });
  const asked = request({
    input: 'If there are 6 rows of 8 eggs, and each row must be full, how many eggs are there? Calculate 6 × 8.',
    budget: { max_calls: 20 },
  });
  const { outcome, log } = await run(asked, tools(model));
  expect(log.findLast((event) => event.type === 'revision.rejected')).toMatchObject({
    reasons: [expect.stringContaining('with 1 of 2 supports')],
  });
  expect(outcome?.output).toContain('42');
});

test('cancelling while votes are drawn tells what each of them spent', async () => {
  let waiting = 0;
  const released = Promise.withResolvers<void>();
  const model: Model = {
    async *ask(call) {
      yield { type: 'start', attempt: 1, model: 'test/author' };
      yield { type: 'delta', text: 'The answer is 4' };
      if (call.role !== 'vote') {
        yield { type: 'finish', reason: 'stop', usage: null };
        return;
      }
      waiting += 1;
      if (waiting === 2) released.resolve();
      await released.promise;
      // The second hears of the end a little later than the first.
      if (call.pass === 'vote-3') await new Promise((resolve) => setTimeout(resolve, 5));
      throw new Cancelled();
    },
  };
  const asked = request({ input: 'What is 2 + 2? How many is it?', strategy: 'vote' });
  const { error, events, record } = await run(asked, tools(model));
  expect(error).toBeInstanceOf(Cancelled);
  expect(
    events
      .filter((event) => event.type === 'pass.failed')
      .map((event) => event.pass)
      .toSorted(),
  ).toEqual(['vote-2', 'vote-3']);
  expect(record.usage.passes.map((pass) => pass.id).toSorted()).toEqual(['draft', 'vote-2', 'vote-3']);
});
