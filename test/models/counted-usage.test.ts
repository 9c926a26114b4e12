import { describe, expect, test } from 'vitest';
import { believedUsage } from '../../src/models/believed-usage.ts';
import { CountedUsage, usageFields } from '../../src/models/counted-usage.ts';
import { promptTokens } from '../../src/reflection/allowance.ts';
import { mostTokens } from '../../src/reflection/tokens.ts';
import { callOf } from './calls.ts';

function counted(...payloads: readonly object[]) {
  const usage = new CountedUsage();
  for (const payload of payloads) usage.take(usageFields.parse(payload));
  return usage.total();
}

describe('what a provider counted', () => {
  test('is its one count, with its neurons', () => {
    expect(counted({ prompt_tokens: 12, completion_tokens: 3, neurons: 0.5, total_tokens: 15 })).toEqual({
      inputTokens: 12,
      outputTokens: 3,
      neurons: 0.5,
    });
  });

  test('is the last of counts that never fall, also where they are told with each chunk', () => {
    const running = [1, 2, 2, 5].map((completion_tokens) => ({ prompt_tokens: 12, completion_tokens }));
    expect(counted(...running)).toMatchObject({ inputTokens: 12, outputTokens: 5 });
    expect(counted({ prompt_tokens: 0, completion_tokens: 0 }, running[3] ?? {})).toMatchObject({ outputTokens: 5 });
  });

  test('is the sum of counts that fall', () => {
    const chunks = [3, 1, 2].map((completion_tokens) => ({ prompt_tokens: 12, completion_tokens }));
    expect(counted(...chunks)).toMatchObject({ inputTokens: 12, outputTokens: 6 });
  });

  test.each([
    [{ prompt_tokens: 10.5, completion_tokens: 3 }],
    [{ prompt_tokens: -5_000, completion_tokens: -100 }],
    [{ prompt_tokens: 12, completion_tokens: '3' }],
    [{ prompt_tokens: 12, completion_tokens: Number.POSITIVE_INFINITY }],
    [{ prompt_tokens: 0, completion_tokens: 0 }],
    [{}],
  ])('is nothing where it is no whole number, or zero: %o', (payload) => {
    expect(counted(payload)).toBeNull();
  });
});

describe('a count', () => {
  const call = callOf({ maxOutputTokens: 100 });
  const text = 'Six times seven is forty-two, which is the answer to a great many questions.';
  const of = (inputTokens: number, outputTokens: number, told = text) =>
    believedUsage(call, told, { inputTokens, outputTokens, neurons: null });

  test('that can be true is taken as it is', () => {
    expect(of(12, 16)).toEqual({ usage: { inputTokens: 12, outputTokens: 16, neurons: null }, doubts: [] });
  });

  test('of more output than was granted is cut to the grant and marked', () => {
    expect(of(12, 101)).toEqual({
      usage: { inputTokens: 12, outputTokens: 100, neurons: null, estimated: true },
      doubts: ['output 101, at most 100 possible'],
    });
  });

  test('of more input than the text has bytes is cut and marked', () => {
    const { usage, doubts } = of(50_000, 16);
    expect(usage).toEqual({ inputTokens: 24 + 64 + 256, outputTokens: 16, neurons: null, estimated: true });
    expect(doubts).toHaveLength(1);
  });

  test('under half of what is likely gives way to our own, and is marked', () => {
    expect(of(12, 3).usage).toEqual({
      inputTokens: 12,
      outputTokens: mostTokens(text),
      neurons: null,
      estimated: true,
    });
    expect(of(1, 16).usage).toMatchObject({ inputTokens: promptTokens(call.messages), estimated: true });
    // No more than was granted, though.
    expect(of(12, 3, text.repeat(30)).usage.outputTokens).toBe(100);
  });
});
