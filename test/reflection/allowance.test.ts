import { describe, expect, test } from 'vitest';
import { type Allowance, allowanceOf } from '../../src/reflection/allowance.ts';
import { askedOf } from '../../src/reflection/context.ts';
import type { Roster } from '../../src/reflection/model.ts';
import { parseReflectionBody, type ReflectionBody } from '../../src/reflection/request.ts';
import { largeRoster } from '../support/reflections.ts';

function allowance(body: Partial<ReflectionBody>, roster: Roster = largeRoster): Allowance {
  const request = parseReflectionBody({ input: 'What is two and two?', ...body });
  return allowanceOf(request, askedOf(request, 'nonce'), roster);
}

describe('what is set aside for a reflection', () => {
  test('covers two calls where nothing follows a draft and its continuation', () => {
    const direct = allowance({ strategy: 'direct', max_output_tokens: 100, budget: { max_output_tokens: 200 } });
    expect(direct).toMatchObject({ calls: 2, outputTokens: 200 });
    expect(direct.tokens).toBeGreaterThan(2 * 200);
    expect(direct.tokens).toBeLessThan(1_000);
  });

  test('grows with the calls, the conversation, the sources and the output', () => {
    const plain = allowance({});
    expect(plain.tokens).toBeGreaterThan(allowance({ budget: { max_calls: 2 } }).tokens);
    expect(allowance({ input: 'word '.repeat(1_000) }).tokens).toBeGreaterThanOrEqual(plain.tokens + 8 * 990);
    expect(allowance({ sources: [{ id: 'a', text: 'word '.repeat(1_000) }] }).tokens).toBeGreaterThan(
      plain.tokens + 8 * 990,
    );
    expect(allowance({ max_output_tokens: 4_000 }).outputTokens).toBe(12_000);
  });

  test('grows with the names of messages, which some servers write into the prompt', () => {
    const named = (name?: string) => {
      const request = parseReflectionBody({
        messages: [{ role: 'user', content: 'What is two and two?', name }],
        strategy: 'direct',
      });
      return allowanceOf(request, askedOf(request, 'nonce'), largeRoster);
    };
    expect(named('xQ7_zK9-'.repeat(8)).tokens).toBeGreaterThan(named().tokens + 2 * 30);
  });

  test('is no more calls and money than the caller allows', () => {
    expect(allowance({ budget: { max_calls: 3, max_cost_usd: 0.000_1 } })).toMatchObject({ calls: 3, usd: 0.000_1 });
  });

  test('is money at the price of the dearest model of the tier', () => {
    const [author] = largeRoster.author;
    if (!author) throw new Error('The roster has an author.');
    const dear = { ...author, price: { input: author.price.input * 10, output: author.price.output * 10 } };
    expect(allowance({}, { ...largeRoster, judge: [dear] }).usd).toBeCloseTo(10 * allowance({}).usd);
    const free = { ...author, price: { input: 0, output: 0 } };
    const freeRoster = { author: [free], critic: [free], reviser: [free], judge: [free], escalation: [] };
    expect(allowance({}, freeRoster).usd).toBe(0);
  });
});
