/** How many of something there may be: the settings `min`, `max` and `exactly`, and the verdict on a count. */
import * as z from 'zod/mini';
import type { Span, Verdict } from './check.ts';
import { count, settings } from './fields.ts';
import { counted, failed, passed, skipped, thereAre, type Unit } from './verdict.ts';

export interface Bounds {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly exactly?: number | undefined;
}

/** Settings with bounds, of which at least one is given and which some count can meet; for a check with more settings, extend them. */
export const bounded = settings({ min: z.optional(count), max: z.optional(count), exactly: z.optional(count) }).check(
  z.refine(({ min, max, exactly }) => [min, max, exactly].some((bound) => bound !== undefined), {
    path: ['max'],
    message: 'give `min`, `max` or `exactly`',
  }),
  z.refine(({ min, max }) => min === undefined || max === undefined || min <= max, {
    path: ['min'],
    message: '`min` must not be above `max`',
  }),
  z.refine(({ min, max, exactly }) => exactly === undefined || (min === undefined && max === undefined), {
    path: ['exactly'],
    message: 'give either `exactly`, or `min` and `max`',
  }),
);

/** The bounds alone, as a verdict reports them. */
export function onlyBounds({ min, max, exactly }: Bounds): Record<string, number> {
  return {
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(exactly === undefined ? {} : { exactly }),
  };
}

/** How far a count is outside the bounds; 0 within them. */
export function distance(measured: number, { min = 0, max = Number.POSITIVE_INFINITY, exactly }: Bounds): number {
  if (exactly !== undefined) return Math.abs(measured - exactly);
  return Math.max(0, min - measured, measured - max);
}

/** The verdict on what was found; what is too much is pointed out from its first piece to its last. */
export function judgeCount(found: readonly Span[], bounds: Bounds, unit: Unit): Verdict {
  const first = found[bounds.exactly ?? bounds.max ?? found.length];
  const last = found.at(-1);
  const span: Span | null = first && last ? [first[0], last[1]] : null;
  return judgeTotal(found.length, bounds, unit, span);
}

/** The verdict on a count whose pieces have no places of their own. */
export function judgeTotal(total: number, bounds: Bounds, unit: Unit, span: Span | null): Verdict {
  const expected = onlyBounds(bounds);
  if (distance(total, bounds) === 0)
    return passed({
      message: `${thereAre(total, unit)}, as wanted.`,
      measured: total,
      expected,
    });
  return failed({
    message: `You wrote ${counted(total, unit)}; write ${wanted(bounds)}.`,
    measured: total,
    expected,
    span,
  });
}

/** The verdict on a count on which two readers may differ. It is `skipped` unless it is the same for the least and the most. */
export function judgeRange(least: number, most: number, bounds: Bounds, unit: Unit, span: Span | null): Verdict {
  if (least === most) return judgeTotal(least, bounds, unit, span);
  const expected = onlyBounds(bounds);
  const measured = { least, most };
  const { min = 0, max = Number.POSITIVE_INFINITY, exactly } = bounds;
  const [low, high] = [exactly ?? min, exactly ?? max];
  if (least >= low && most <= high)
    return passed({ message: `There are ${least} to ${counted(most, unit)}, as wanted.`, measured, expected });
  if (least <= high && most >= low)
    return skipped(`Readers would count ${least} to ${counted(most, unit)}, so it is not certain.`, expected);
  return failed({
    message: `You wrote ${least} to ${counted(most, unit)}; write ${wanted(bounds)}.`,
    measured,
    expected,
    span,
  });
}

/** "exactly 3", "3 to 5", "at most 5", "at least 3". */
function wanted({ min, max, exactly }: Bounds): string {
  if (exactly !== undefined) return `exactly ${exactly}`;
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  return max === undefined ? `at least ${min}` : `at most ${max}`;
}

/** The bounds as an instruction: "Write at most 120 words." */
export function countRequirement(bounds: Bounds, unit: Unit): string {
  return `Write ${quantity(bounds, unit)}.`;
}

/** The bounds on how often `what` stands in the answer: "Write "sea" at least 2 times." */
export function timesRequirement(bounds: Bounds, what: string): string {
  return `Write ${what} ${quantity(bounds, { one: 'time', many: 'times' })}.`;
}

function quantity(bounds: Bounds, { one, many }: Unit): string {
  const { min, max, exactly } = bounds;
  const isRange = min !== undefined && max !== undefined;
  return `${wanted(bounds)} ${!isRange && (exactly ?? max ?? min) === 1 ? one : many}`;
}
