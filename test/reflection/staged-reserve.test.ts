/** What the account sets aside as a reflection goes on: its draft's cost before it starts, and that of each further pass as it is planned. */
import { describe, expect, test } from 'vitest';
import { admit } from '../../src/reflection/admission.ts';
import type { AccountLimit, Spending } from '../../src/reflection/budget.ts';
import { largeRoster, reflected, request, run, tools } from '../support/reflections.ts';
import { doubtful, type Scenario, scenarios } from '../support/scenarios.ts';
import { scriptedModel, virtualClock } from '../support/scripted-model.ts';

const every: readonly [string, Scenario][] = Object.entries(scenarios);

/** Runs a scenario whose account refuses the call numbered `refuses`, from 1, and all after it. */
async function within({ body, script, tools: part }: Scenario, refuses = Number.POSITIVE_INFINITY) {
  const asked: Spending[] = [];
  const model = scriptedModel(script, { clock: virtualClock() });
  const reserve = (total: Spending): AccountLimit | null => {
    asked.push(total);
    return asked.length < refuses ? null : 'tokens_per_minute';
  };
  const told = await run(request(body), tools(model, { ...part, reserve }));
  return { ...told, asked, calls: model.asked.map((call) => call.pass) };
}

describe.each(every)('a reflection that is %s', (_, scenario) => {
  test('has each call set aside before it is made, and all of it covers what was used', async () => {
    const { asked, calls, record } = await within(scenario);
    expect(asked).toHaveLength(calls.length);
    const most = asked.at(-1);
    const { input_tokens, output_tokens, cost_usd } = record.usage;
    expect(most?.tokens).toBeGreaterThanOrEqual(input_tokens + output_tokens);
    expect(most?.usd).toBeGreaterThanOrEqual(cost_usd);
  });

  test('asks for no more at its draft than was set aside at its admission', async () => {
    const { asked } = await within(scenario);
    const admitted = admit(request(scenario.body), scenario.tools?.roster ?? largeRoster);
    expect(asked[0]?.tokens).toBeLessThanOrEqual(admitted.tokens);
    expect(asked[0]?.usd).toBeLessThanOrEqual(admitted.usd);
  });

  test('gives its best answer where a call after the draft is refused, and says which limit it was', async () => {
    const { calls } = await within(scenario);
    for (let refused = 2; refused <= calls.length; refused += 1) {
      const told = await within(scenario, refused);
      expect(told.calls).toEqual(calls.slice(0, refused - 1));
      expect(told.error).toBeUndefined();
      expect(told.record).toMatchObject({ status: 'completed', exhausted: 'tokens_per_minute' });
    }
  });
});

test('a refused critique leaves the draft, decided by the budget', async () => {
  const { record } = await within(scenarios.revised, 2);
  expect(record).toMatchObject({
    output: doubtful,
    decision: 'budget',
    exhausted: 'tokens_per_minute',
    degraded: null,
  });
});

test('a draft that is refused has nothing to show', async () => {
  const { error } = await within(scenarios.returned, 1);
  expect(error).toMatchObject({ code: 'rate_limited', message: expect.stringContaining('tokens_per_minute') });
});

test('a default request sets aside some two thousand tokens for its draft', () => {
  const { tokens } = admit(request({ input: 'Why is the sky blue?' }), largeRoster);
  expect(tokens).toBeGreaterThan(1_024);
  expect(tokens).toBeLessThan(2_000);
});

test('what ran out is told for each part of the budget, and nothing where nothing did', async () => {
  const { body, script } = scenarios.revised;
  const ends = async (budget: NonNullable<Scenario['body']['budget']>) => {
    const { record } = await reflected(request({ ...body, budget }), tools(scriptedModel(script)));
    return [record.decision, record.exhausted];
  };
  expect(await ends({})).toEqual(['accepted_revision', null]);
  expect(await ends({ max_calls: 1 })).toEqual(['budget', 'calls']);
  expect(await ends({ max_output_tokens: 20 })).toEqual(['budget', 'tokens']);
  expect(await ends({ max_cost_usd: 0.000_08 })).toEqual(['budget', 'money']);
});
