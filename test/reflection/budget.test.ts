import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Budget, type BudgetLimits, costOf, type Grant } from '../../src/reflection/budget.ts';
import { holds } from '../support/properties.ts';

const price = { input: 1, output: 2 };
const free = { input: 0, output: 0 };
const plenty: BudgetLimits = {
  calls: 8,
  tokens: 100_000,
  outputTokens: 4_000,
  cost: Number.POSITIVE_INFINITY,
  deadlineAt: 1_000,
};

function granted(grant: Grant | string): Grant {
  if (typeof grant === 'string') throw new Error(`refused by ${grant}`);
  return grant;
}

test('a cost is dollars for a million tokens', () => {
  expect(costOf({ inputTokens: 1_000_000, outputTokens: 500_000 }, { input: 0.3, output: 2 })).toBeCloseTo(1.3);
});

describe('a grant', () => {
  test('gives what is wanted where there is plenty', () => {
    expect(granted(new Budget(plenty).grant(1_000, 10, price, 0)).maxOutputTokens).toBe(1_000);
  });

  test('is cut to the tokens that are left', () => {
    const budget = new Budget({ ...plenty, outputTokens: 100 });
    expect(granted(budget.grant(70, 10, price, 0)).maxOutputTokens).toBe(70);
    expect(granted(budget.grant(70, 10, price, 0)).maxOutputTokens).toBe(30);
    expect(budget.grant(70, 10, price, 0)).toBe('tokens');
  });

  test('is cut to what the money buys, the question included', () => {
    const budget = new Budget({ ...plenty, cost: 0.0005 });
    expect(granted(budget.grant(1_000, 100, price, 0)).maxOutputTokens).toBe(200);
    expect(new Budget({ ...plenty, cost: 0.00005 }).grant(1_000, 100, price, 0)).toBe('money');
    expect(new Budget({ ...plenty, cost: 0.0001 }).grant(1_000, 100, { input: 1, output: 0 }, 0)).toMatchObject({
      maxOutputTokens: 1_000,
    });
    expect(new Budget({ ...plenty, cost: 0.00001 }).grant(1_000, 100, { input: 1, output: 0 }, 0)).toBe('money');
    expect(granted(new Budget({ ...plenty, cost: 0.00001 }).grant(1_000, 100, free, 0)).maxOutputTokens).toBe(1_000);
  });

  test('is refused below sixteen tokens, unless fewer are wanted', () => {
    expect(new Budget({ ...plenty, outputTokens: 15 }).grant(100, 1, price, 0)).toBe('tokens');
    expect(granted(new Budget({ ...plenty, outputTokens: 16 }).grant(100, 1, price, 0)).maxOutputTokens).toBe(16);
    expect(granted(new Budget({ ...plenty, outputTokens: 15 }).grant(5, 1, price, 0)).maxOutputTokens).toBe(5);
  });

  test('counts calls, and ends at the deadline itself', () => {
    const budget = new Budget({ ...plenty, calls: 2 });
    expect(budget.callsLeft).toBe(2);
    granted(budget.grant(10, 1, price, 0));
    granted(budget.grant(10, 1, price, 999));
    expect(budget.callsLeft).toBe(0);
    expect(budget.grant(10, 1, price, 0)).toBe('calls');
    expect(new Budget(plenty).grant(10, 1, price, 1_000)).toBe('deadline');
  });

  test('gives back at settling what was not used, and takes what was used beyond', () => {
    const budget = new Budget({ ...plenty, outputTokens: 100 });
    const first = granted(budget.grant(100, 10, price, 0));
    expect(budget.grant(100, 10, price, 0)).toBe('tokens');
    budget.settle(first, { input_tokens: 10, output_tokens: 20 }, 0);
    const second = granted(budget.grant(100, 10, price, 0));
    expect(second.maxOutputTokens).toBe(80);
    budget.settle(second, { input_tokens: 10, output_tokens: 90 }, 0);
    expect(budget.grant(100, 10, price, 0)).toBe('tokens');
  });
});

test('calls that keep to their grants never overspend, however many run at the same time', () => {
  const limits = fc.record({
    calls: fc.integer({ min: 1, max: 12 }),
    tokens: fc.integer({ min: 1, max: 6_000 }),
    outputTokens: fc.integer({ min: 1, max: 3_000 }),
    cost: fc.double({ min: 0.000_001, max: 0.01, noNaN: true }),
    deadlineAt: fc.constant(1_000),
  });
  const ask = fc.record({
    wanted: fc.integer({ min: 1, max: 2_000 }),
    inputTokens: fc.nat(2_000),
    price: fc.constantFrom(price, free, { input: 0, output: 30 }, { input: 5, output: 0 }),
    now: fc.nat(1_100),
    /** How much of its grant the call uses. */
    used: fc.double({ min: 0, max: 1, noNaN: true }),
    settles: fc.boolean(),
  });
  holds(
    fc.property(limits, fc.array(ask, { maxLength: 20 }), (limit, asks) => {
      const budget = new Budget(limit);
      let calls = 0;
      let tokens = 0;
      let read = 0;
      let cost = 0;
      for (const { wanted, inputTokens, price, now, used, settles } of asks) {
        const grant = budget.grant(wanted, inputTokens, price, now);
        if (typeof grant === 'string') continue;
        expect(now).toBeLessThan(limit.deadlineAt);
        expect(grant.maxOutputTokens).toBeGreaterThan(0);
        expect(grant.maxOutputTokens).toBeLessThanOrEqual(wanted);
        calls += 1;
        const outputTokens = settles ? Math.floor(grant.maxOutputTokens * used) : grant.maxOutputTokens;
        const spent = costOf({ inputTokens, outputTokens }, price);
        if (settles) budget.settle(grant, { input_tokens: inputTokens, output_tokens: outputTokens }, spent);
        tokens += outputTokens;
        read += inputTokens;
        cost += spent;
        expect(calls).toBeLessThanOrEqual(limit.calls);
        expect(tokens).toBeLessThanOrEqual(limit.outputTokens);
        expect(tokens + read).toBeLessThanOrEqual(limit.tokens);
        expect(cost).toBeLessThanOrEqual(limit.cost + 1e-9);
        expect(budget.callsLeft).toBe(limit.calls - calls);
      }
    }),
    { numRuns: 500 },
  );
});
