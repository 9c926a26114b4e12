import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { admit } from '../../src/reflection/admission.ts';
import type { Roster } from '../../src/reflection/model.ts';
import type { ReflectionBody, ReflectionRequest } from '../../src/reflection/request.ts';
import { strategyNames } from '../../src/reflection/strategies.ts';
import { largeRoster, modelFacts, request, roster, run, smallRoster, tools } from '../support/reflections.ts';
import { scriptedModel } from '../support/scripted-model.ts';

function refusal(asked: ReflectionRequest, models: Roster): AppError | null {
  try {
    admit(asked, models);
    return null;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

describe('who may judge', () => {
  test('always needs a critic who may', () => {
    const refused = refusal(request({ strategy: 'always', tier: 'fast' }), smallRoster);
    expect(refused?.code).toBe('tier_policy');
    expect(refused?.fields).toEqual([{ field: 'strategy', message: 'tier "fast" has no model that may judge' }]);
    expect(refused?.message).toContain('allow_small_judge');
    expect(refusal(request({ strategy: 'always' }), roster({ empty: ['critic'] }))?.code).toBe('tier_policy');
    expect(refusal(request({ strategy: 'always' }), largeRoster)).toBeNull();
    expect(refusal(request({ strategy: 'always', allow_small_judge: true }), smallRoster)).toBeNull();
  });

  test('one small fallback in the critic’s chain is one too many', () => {
    const mixed = { ...largeRoster, critic: [modelFacts('big'), modelFacts('little', 'small')] };
    expect(refusal(request({ strategy: 'always' }), mixed)?.code).toBe('tier_policy');
  });

  test('every other strategy does without', () => {
    for (const strategy of strategyNames.filter((name) => name !== 'always'))
      expect(refusal(request({ strategy }), smallRoster)).toBeNull();
  });
});

describe('what one draft costs', () => {
  const cheap = modelFacts('cheap', 'small', { price: { input: 0.1, output: 0.2 } });
  const dear = modelFacts('dear', 'large', { price: { input: 1, output: 2 } });
  const models = { ...largeRoster, author: [cheap, dear] };
  const needed = (refused: AppError | null) => Number(/at least ([\d.]+)/.exec(refused?.message ?? '')?.[1]);

  test('must be within the tokens of the budget, and what suffices is said', () => {
    for (const max_output_tokens of [1, 15]) {
      const refused = refusal(request({ budget: { max_output_tokens } }), models);
      expect(refused?.code).toBe('request_exceeds_limit');
      expect(refused?.fields.map(({ field }) => field)).toEqual(['budget.max_output_tokens']);
      expect(needed(refused)).toBe(16);
    }
    expect(refusal(request({ budget: { max_output_tokens: 16 } }), models)).toBeNull();
    expect(refusal(request({ max_output_tokens: 3, budget: { max_output_tokens: 3 } }), models)).toBeNull();
    expect(needed(refusal(request({ max_output_tokens: 3, budget: { max_output_tokens: 2 } }), models))).toBe(3);
  });

  const bodies: Partial<ReflectionBody>[] = [
    {},
    { instructions: 'Be brief. '.repeat(50), strategy: 'tags', checks: [{ type: 'words', max: 9 }] },
    { strategy: 'cot', sources: [{ id: 'a', text: 'It is blue. '.repeat(99) }], max_output_tokens: 2 },
  ];
  test.each(bodies)('must be within the money of the budget, for the dearest author: %o', async (body) => {
    const refused = refusal(request({ ...body, budget: { max_cost_usd: 1e-9 } }), models);
    expect(refused?.code).toBe('request_exceeds_limit');
    expect(refused?.fields.map(({ field }) => field)).toEqual(['budget.max_cost_usd']);
    const enough = needed(refused);
    expect(enough).toBeGreaterThan(0);

    // The engine is of the same mind, on both sides of what suffices.
    const asking = async (max_cost_usd: number) => {
      const asked = request({ ...body, budget: { max_cost_usd } });
      const model = scriptedModel({ draft: 'Yes.' });
      await run(asked, tools(model, { roster: models, nonce: crypto.randomUUID() }));
      return [refusal(asked, models) === null, model.asked.length > 0];
    };
    expect(await asking(enough)).toEqual([true, true]);
    expect(await asking(enough * 0.9)).toEqual([false, false]);
  });

  test('is no matter where models cost nothing', () => {
    const free = { ...largeRoster, author: [modelFacts('free', 'small', { price: { input: 0, output: 0 } })] };
    expect(refusal(request({ budget: { max_cost_usd: 1e-9 } }), free)).toBeNull();
  });
});

describe('what an author can read', () => {
  const tiny = {
    ...largeRoster,
    author: [modelFacts('tiny', 'small', { contextTokens: 50 }), modelFacts('small', 'small', { contextTokens: 100 })],
  };

  test('is measured by the author that reads most, over messages, instructions and sources', () => {
    expect(refusal(request({ input: 'word '.repeat(90) }), tiny)).toBeNull();
    expect(refusal(request({ input: 'word '.repeat(110) }), tiny)?.code).toBe('context_length_exceeded');
    const sources = [{ id: 'a', text: 'word '.repeat(60) }];
    expect(refusal(request({ input: 'word '.repeat(60), sources }), tiny)?.fields[0]?.field).toBe('input');
    const messages = [{ role: 'user' as const, content: 'word '.repeat(110) }];
    expect(refusal(request({ messages }), tiny)?.fields[0]?.field).toBe('messages');
    expect(refusal(request({ input: 'x', instructions: 'word '.repeat(110) }), tiny)?.code).toBe(
      'context_length_exceeded',
    );
  });

  test('is nothing where nobody writes', () => {
    expect(refusal(request(), roster({ empty: ['author'] }))?.code).toBe('context_length_exceeded');
  });
});
