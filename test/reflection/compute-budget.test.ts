import { describe, expect, test } from 'vitest';
import { patternOfRun } from '../../src/reflection/checks/pattern.ts';
import { ComputeBudget, ComputeSpent } from '../../src/reflection/compute-budget.ts';

describe('what a run may compute', () => {
  test('is paid before the work, and what does not suffice for large work is left for small', () => {
    const budget = new ComputeBudget(100);
    budget.spend(60);
    expect(() => budget.spend(60)).toThrow(ComputeSpent);
    budget.spend(40);
    expect(budget.left).toBe(0);
  });

  test('is spent by a pattern for what it does, not for what it might do', () => {
    const text = 'a'.repeat(10_000);
    const spent = (source: string) => {
      const budget = new ComputeBudget();
      const read = patternOfRun(source, '', budget);
      if (!read.ok) throw new Error(read.problem);
      const before = budget.left;
      read.pattern.find(text, budget);
      return before - budget.left;
    };
    expect(spent('[a-z]*x')).toBeGreaterThan(spent('\\d{3}-\\d{4}'));
    expect(spent('\\d{500}')).toBeLessThan(10 * text.length);
    expect(spent('(a?){50}x')).toBeGreaterThan(50 * text.length);
  });

  test('ends a pattern in the middle of a text', () => {
    const budget = new ComputeBudget(1_000_000);
    const read = patternOfRun('(.{0,900})z', '', budget);
    expect(() => read.ok && read.pattern.find('a'.repeat(100_000), budget)).toThrow(ComputeSpent);
    expect(budget.left).toBeLessThan(1_000);
  });

  test('pays once for a pattern that many checks use', () => {
    const budget = new ComputeBudget();
    const first = patternOfRun('\\pL{3}', 'i', budget);
    const after = budget.left;
    expect(patternOfRun('\\pL{3}', 'i', budget)).toBe(first);
    expect(budget.left).toBe(after);
    patternOfRun('\\pL{3}', '', budget);
    expect(budget.left).toBeLessThan(after);
  });
});
