import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  allows,
  type BreakerChange,
  type BreakerSettings,
  Breakers,
  begun,
  closed,
  failed,
} from '../../src/models/breaker.ts';

const settings: BreakerSettings = { threshold: 3, openMs: 1_000, goneMs: 60_000 };

describe('a breaker', () => {
  test('opens after so many failures in a row, and not before', () => {
    const once = failed(closed, 0, settings);
    const twice = failed(once, 0, settings);
    const opened = failed(twice, 10, settings);
    expect([once, twice, opened].map((state) => allows(state, 20))).toEqual([true, true, false]);
    expect(allows(opened, 1_010)).toBe(true);
  });

  test('lets one call try, and the others wait for it', () => {
    const breakers = new Breakers(settings);
    for (let times = 0; times < 3; times += 1) breakers.failed('m', 0);
    expect(breakers.allows('m', 1_000)).toBe(true);
    breakers.begun('m', 1_000);
    expect(breakers.allows('m', 1_001)).toBe(false);
    breakers.succeeded('m');
    expect(breakers.state('m')).toEqual(closed);
  });

  test('opens again when the call that tried failed', () => {
    const trying = begun({ status: 'open', until: 1_000, gone: false }, 1_000, settings);
    expect(failed(trying, 1_500, settings)).toEqual({ status: 'open', until: 2_500, gone: false });
  });

  test('lets another call try when the first never came back', () => {
    const trying = begun({ status: 'open', until: 1_000, gone: false }, 1_000, settings);
    expect(allows(trying, 1_999)).toBe(false);
    expect(allows(trying, 2_000)).toBe(true);
  });

  test('leaves a model that is gone alone for longer', () => {
    const breakers = new Breakers(settings);
    breakers.gone('m', 0);
    expect(breakers.allows('m', 59_999)).toBe(false);
    expect(breakers.allows('m', 60_000)).toBe(true);
  });

  test('tells when it opens and when it closes, and of nothing else', () => {
    const changes: BreakerChange[] = [];
    const breakers = new Breakers(settings, (change) => changes.push(change));
    breakers.failed('m', 0);
    breakers.succeeded('m');
    for (let times = 0; times < 3; times += 1) breakers.failed('m', 10);
    breakers.begun('m', 1_010);
    breakers.failed('m', 1_020);
    breakers.begun('m', 2_020);
    breakers.succeeded('m');
    breakers.succeeded('m');
    breakers.gone('n', 3_000);
    expect(changes).toEqual([
      { model: 'm', state: 'resting', forMs: 1_000 },
      { model: 'm', state: 'resting', forMs: 1_000 },
      { model: 'm', state: 'ok', forMs: 0 },
      { model: 'n', state: 'gone', forMs: 60_000 },
    ]);
  });

  test('never shuts a model out for good', async () => {
    const step = fc.tuple(fc.constantFrom('begun', 'failed', 'gone', 'succeeded'), fc.nat(5_000));
    await fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const breakers = new Breakers(settings);
        let now = 0;
        for (const [what, later] of steps) {
          now += later;
          if (what === 'begun') breakers.begun('m', now);
          else if (what === 'failed') breakers.failed('m', now);
          else if (what === 'gone') breakers.gone('m', now);
          else breakers.succeeded('m');
        }
        expect(breakers.allows('m', now + settings.goneMs)).toBe(true);
      }),
    );
  });

  test('is forgotten for the model touched longest ago when there are very many', () => {
    const breakers = new Breakers(settings);
    for (let number = 0; number < 300; number += 1) breakers.gone(`m${number}`, 0);
    expect([breakers.allows('m0', 1), breakers.allows('m299', 1)]).toEqual([true, false]);
  });
});
