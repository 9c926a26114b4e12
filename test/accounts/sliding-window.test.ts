/** Amounts that count for a while, held against a list that is gone through each time. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { SlidingWindow } from '../../src/accounts/sliding-window.ts';
import { holds } from '../support/properties.ts';

const lengthMs = 100;

/** Steps in time, each with an amount that is added then; amounts of nothing among them. */
const steps = fc.array(fc.record({ later: fc.integer({ min: 0, max: 60 }), amount: fc.integer({ min: 0, max: 5 }) }), {
  maxLength: 300,
});

test('an amount counts from its moment on for exactly the length', () => {
  const window = new SlidingWindow(lengthMs);
  window.add(1_000, 3);
  expect(window.sum).toBe(3);
  window.advance(1_099);
  expect([window.sum, window.emptyAt]).toEqual([3, 1_100]);
  window.advance(1_100);
  expect([window.sum, window.emptyAt]).toEqual([0, undefined]);
});

test('the sum is that of all amounts in the window, whatever came before', () => {
  holds(
    fc.property(steps, (all) => {
      const window = new SlidingWindow(lengthMs);
      const added: { readonly at: number; readonly amount: number }[] = [];
      let now = 0;
      for (const { later, amount } of all) {
        now += later;
        window.advance(now);
        window.add(now, amount);
        added.push({ at: now, amount });
        const counting = added.filter(({ at }) => now < at + lengthMs);
        const sum = counting.reduce((total, each) => total + each.amount, 0);
        expect(window.sum).toBe(sum);
        const last = counting.findLast((each) => each.amount > 0);
        expect(window.emptyAt).toBe(last && last.at + lengthMs);
      }
    }),
  );
});

test('so much has left at the moment that is told, and not before', () => {
  holds(
    fc.property(steps, fc.integer({ min: 1, max: 40 }), (all, amount) => {
      let now = 0;
      const filled = (): SlidingWindow => {
        const window = new SlidingWindow(lengthMs);
        now = 0;
        for (const step of all) {
          now += step.later;
          window.advance(now);
          window.add(now, step.amount);
        }
        return window;
      };
      const { sum } = filled();
      const freedAt = filled().freedAt(amount);
      if (amount > sum) {
        expect(freedAt).toBeUndefined();
        return;
      }
      const leftAt = (moment: number): number => {
        const window = filled();
        window.advance(moment);
        return sum - window.sum;
      };
      expect(leftAt(freedAt ?? 0)).toBeGreaterThanOrEqual(amount);
      expect(leftAt((freedAt ?? 0) - 1)).toBeLessThan(amount);
    }),
  );
});
