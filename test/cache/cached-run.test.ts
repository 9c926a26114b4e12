/** A hit tells the kept run again, to somebody who pays nothing for it. */
import { describe, expect, test } from 'vitest';
import { hitOf } from '../../src/cache/cached-run.ts';
import type { CachedReflection } from '../../src/cache/reflection-cache.ts';
import { fold } from '../../src/reflection/fold.ts';
import { includeNames } from '../../src/reflection/request.ts';
import { collect, request, run, tools } from '../support/reflections.ts';
import { type Scenario, scenarios } from '../support/scenarios.ts';
import { scriptedModel, virtualClock } from '../support/scripted-model.ts';

const { failed: _, ...completing } = scenarios;

async function kept(name: keyof typeof completing): Promise<CachedReflection> {
  const scenario: Scenario = scenarios[name];
  const clock = virtualClock(1_790_000_000_000);
  const asked = request({ ...scenario.body, include: [...includeNames], metadata: { asker: 'first' } });
  const given = tools(scriptedModel(scenario.script), { ...scenario.tools, now: clock.now, startedAt: clock.now() });
  const { log } = await run(asked, given);
  return { events: log, storedAt: clock.now() };
}

const names = Object.keys(completing).filter((name): name is keyof typeof completing => name in completing);

describe.each(names)('the road %s', (name) => {
  test('a hit’s events fold to its record, and at no point have cost anything', async () => {
    const cached = await kept(name);
    const { events, record } = hitOf(cached, { metadata: { asker: 'second' } }, cached.storedAt + 61_900);
    expect(fold(events)).toEqual(record);
    for (let length = 1; length <= events.length; length++) {
      const soFar = fold(events.slice(0, length));
      expect(soFar.metadata).toEqual({ asker: 'second' });
      expect(soFar.usage).toMatchObject({
        input_tokens: 0,
        output_tokens: 0,
        total_tokens: 0,
        cost_usd: 0,
        neurons: null,
      });
      expect(soFar.usage.passes.every(({ charged }) => !charged)).toBe(true);
    }
  });

  test('everything but metadata, charges and the cache’s mark is the original’s', async () => {
    const cached = await kept(name);
    const original = fold(cached.events);
    const { events, record } = hitOf(cached, { metadata: {} }, cached.storedAt);
    expect(events.map(({ id, type, at, reflection_id }) => [id, type, at, reflection_id])).toEqual(
      cached.events.map(({ id, type, at, reflection_id }) => [id, type, at, reflection_id]),
    );
    const deltas = ({ events: told }: Pick<CachedReflection, 'events'>) =>
      told.filter((event) => event.type === 'pass.delta');
    expect(deltas({ events })).toEqual(deltas(cached));
    expect(record).toEqual({
      ...original,
      metadata: {},
      cache: { status: 'hit', age_s: 0 },
      usage: expect.objectContaining({
        passes: original.usage.passes.map((pass) => ({ ...pass, charged: false })),
      }),
    });
  });
});

test('a hit’s age is in whole seconds, and never less than none', async () => {
  const cached = await kept('returned');
  const ageAfter = (milliseconds: number) =>
    hitOf(cached, { metadata: {} }, cached.storedAt + milliseconds).record.cache.age_s;
  expect([-5_000, 0, 999, 1_000, 61_900].map(ageAfter)).toEqual([0, 0, 0, 1, 61]);
});

test('what is kept is not changed by a hit', async () => {
  const cached = await kept('revised');
  const before = structuredClone(cached);
  hitOf(cached, { metadata: { asker: 'second' } }, cached.storedAt);
  expect(cached).toEqual(before);
});

test('a run that never completed is no hit', async () => {
  const { log } = await collect(
    (async function* () {
      yield { type: 'run.started', strategy: 'direct', tier: 'balanced', small_judge: false } as const;
    })(),
  );
  expect(() => hitOf({ events: log, storedAt: 0 }, { metadata: {} }, 0)).toThrow('not a completed run');
});
