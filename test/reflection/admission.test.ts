import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { assertAdmissible } from '../../src/reflection/admission.ts';
import type { Roster } from '../../src/reflection/model.ts';
import { type ReflectionRequest, strategyNames } from '../../src/reflection/request.ts';
import { largeRoster, modelFacts, request, roster, smallRoster } from '../support/reflections.ts';

function refusal(asked: ReflectionRequest, models: Roster): AppError | null {
  try {
    assertAdmissible(asked, models);
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

describe('what an author can read', () => {
  const tiny = {
    ...largeRoster,
    author: [modelFacts('tiny', 'small', { contextTokens: 50 }), modelFacts('small', 'small', { contextTokens: 100 })],
  };

  test('is measured by the author that reads most, over messages, instructions and sources', () => {
    expect(refusal(request({ input: 'x'.repeat(300) }), tiny)).toBeNull();
    expect(refusal(request({ input: 'x'.repeat(350) }), tiny)?.code).toBe('context_length_exceeded');
    const sources = [{ id: 'a', text: 'x'.repeat(200) }];
    expect(refusal(request({ input: 'x'.repeat(200), sources }), tiny)?.fields[0]?.field).toBe('input');
    const messages = [{ role: 'user' as const, content: 'x'.repeat(350) }];
    expect(refusal(request({ messages }), tiny)?.fields[0]?.field).toBe('messages');
    expect(refusal(request({ input: 'x', instructions: 'y'.repeat(350) }), tiny)?.code).toBe('context_length_exceeded');
  });

  test('is nothing where nobody writes', () => {
    expect(refusal(request(), roster({ empty: ['author'] }))?.code).toBe('context_length_exceeded');
  });
});
