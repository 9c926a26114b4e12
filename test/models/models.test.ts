import { expect, test } from 'vitest';
import { sleep } from '../../src/models/attempt.ts';
import { Breakers, breakerSettings } from '../../src/models/breaker.ts';
import { parseCatalogOverrides, withOverrides } from '../../src/models/catalog-overrides.ts';
import { createModels } from '../../src/models/models.ts';
import type { ModelWarning } from '../../src/models/resilient.ts';
import { workersAiCatalog } from '../../src/models/workers-ai-catalog.ts';
import { callOf, hear, textOf } from './calls.ts';
import { scriptedPlatform } from './scripted-platform.ts';
import { type Act, answer, scriptedProvider } from './scripted-provider.ts';
import { createVirtualClock } from './virtual-clock.ts';

const eight = '@cf/meta/llama-3.1-8b-instruct-fp8';
const eightFast = '@cf/meta/llama-3.1-8b-instruct-fp8-fast';
const dead = '@cf/meta/llama-3.1-8b-instruct';

function create(acts: Readonly<Record<string, readonly Act[]>>, tiers?: string) {
  const clock = createVirtualClock(Date.parse('2026-11-23'));
  const provider = scriptedProvider(clock, acts);
  const breakers = new Breakers();
  const warnings: ModelWarning[] = [];
  const models = createModels({
    provider,
    catalog: withOverrides(workersAiCatalog, parseCatalogOverrides(undefined, tiers)),
    breakers,
    clock: clock.now,
    after: clock.after,
    random: () => 0,
    log: (warning) => warnings.push(warning),
  });
  const status = async (id: string) => (await models.health()).find(({ model }) => model === id)?.status;
  return { models, clock, breakers, warnings, status };
}

const signal = new AbortController().signal;

test('a tier is asked by seat', async () => {
  const { models, clock } = create({ [eight]: [answer], '@cf/meta/llama-4-scout-17b-16e-instruct': [answer] });
  const drafts = await clock.run(hear(models.connect(models.roster('fast'), signal, 'acct_a').ask(callOf())));
  expect(drafts.chunks[0]).toMatchObject({ model: eight });
  expect(textOf(drafts.chunks)).toBe('It is 42.');
  const critiques = await clock.run(
    hear(models.connect(models.roster('max'), signal, 'acct_a').ask(callOf({ seat: 'critic', role: 'critique' }))),
  );
  expect(critiques.chunks[0]).toMatchObject({ model: '@cf/meta/llama-4-scout-17b-16e-instruct' });
});

test('what one run learns of a model, the next one knows', async () => {
  const { models, clock, status } = create({ [eight]: [{ type: 'fail', code: 5007 }], [eightFast]: [answer] });
  await clock.run(hear(models.connect(models.roster('fast'), signal, 'acct_a').ask(callOf())));
  const second = await clock.run(hear(models.connect(models.roster('balanced'), signal, 'acct_a').ask(callOf())));
  expect(second.chunks[0]).toMatchObject({ model: eightFast });
  expect([await status(eight), await status(eightFast)]).toEqual(['gone', 'ok']);
});

test('a run that goes on asks the models it was started with, whatever the tier holds by now', async () => {
  const { models, clock } = create({ [eightFast]: [answer] }, JSON.stringify({ fast: { author: [eight] } }));
  const author = [{ id: eightFast, class: 'small', contextTokens: 32_000, price: { input: 9, output: 9 } } as const];
  const stored = { author, critic: [], reviser: [], judge: [], escalation: [] };
  const drafts = await clock.run(hear(models.connect(stored, signal, 'acct_a').ask(callOf())));
  expect(drafts.chunks[0]).toMatchObject({ model: eightFast });
  expect(textOf(drafts.chunks)).toBe('It is 42.');
});

test('a run that goes on may ask a model that the catalog has dropped', async () => {
  const { models, clock } = create({ dropped: [answer] });
  const author = [{ id: 'dropped', class: 'small', contextTokens: 32_000, price: { input: 9, output: 9 } } as const];
  const stored = { author, critic: [], reviser: [], judge: [], escalation: [] };
  const drafts = await clock.run(hear(models.connect(stored, signal, 'acct_a').ask(callOf())));
  expect(drafts.chunks[0]).toMatchObject({ model: 'dropped' });
});

test('health tells a model that rests from one about to be tried', async () => {
  const { breakers, clock, status } = create({});
  expect(await status(eight)).toBe('ok');
  for (let times = 0; times < breakerSettings.threshold; times += 1) breakers.failed(eight, clock.now());
  expect(await status(eight)).toBe('resting');
  breakers.failed(eight, clock.now() - breakerSettings.openMs);
  expect(await status(eight)).toBe('trying');
});

/** Two isolates of one service would each have models like these over one platform. */
function createShared(acts: Readonly<Record<string, readonly Act[]>>, script: Parameters<typeof scriptedPlatform>[1]) {
  const clock = createVirtualClock(Date.parse('2026-11-23'));
  const platform = scriptedPlatform(clock, script);
  const provider = scriptedProvider(clock, acts);
  const tiers = JSON.stringify({ fast: { author: [dead, eight] } });
  const catalog = withOverrides(workersAiCatalog, parseCatalogOverrides(undefined, tiers));
  const models = createModels({ provider, catalog, platform, clock: clock.now, after: clock.after, random: () => 0 });
  const status = async (id: string) => (await models.health()).find(({ model }) => model === id)?.status;
  return { models, clock, platform, status };
}

test('health is what the whole service knows', async () => {
  const { status } = createShared({}, { unhealthy: [{ model: eight, status: 'resting' }] });
  expect([await status(eight), await status(eightFast), await status(dead)]).toEqual(['resting', 'ok', 'retired']);
});

test('health is what this isolate knows where the service cannot be asked', async () => {
  const { models, clock, status } = createShared({ [eight]: [{ type: 'fail', code: 5007 }] }, { unhealthy: null });
  expect(await status(eight)).toBe('ok');
  await clock.run(hear(models.connect(models.roster('fast'), signal, 'acct_a').ask(callOf())));
  expect(await status(eight)).toBe('gone');
  await clock.advance(breakerSettings.goneMs);
  expect(await status(eight)).toBe('trying');
});

test('what this isolate leaves alone is not well, whatever the others say; what it left alone once is theirs to say', async () => {
  const { models, clock, platform, status } = createShared(
    { [eight]: [{ type: 'fail', code: 5007 }] },
    { unhealthy: [] },
  );
  await clock.run(hear(models.connect(models.roster('fast'), signal, 'acct_a').ask(callOf())));
  expect(platform.reports).toEqual([{ model: eight, state: 'gone', forMs: breakerSettings.goneMs }]);
  expect(await status(eight)).toBe('gone');
  await clock.advance(breakerSettings.goneMs);
  expect(await status(eight)).toBe('ok');
});

test('a run under a platform with a limit asks for its calls in its account’s name', async () => {
  const { models, clock, platform } = createShared({ [eight]: [answer] }, {});
  const drafts = await clock.run(hear(models.connect(models.roster('fast'), signal, 'acct_a').ask(callOf())));
  expect(textOf(drafts.chunks)).toBe('It is 42.');
  expect(platform.asked).toEqual([{ account: 'acct_a', calls: 1 }]);
});

test('a retired model is passed over, with a warning and in the health', async () => {
  const { models, warnings, status } = create({}, JSON.stringify({ fast: { author: [dead, eight] } }));
  expect(warnings).toEqual([{ event: 'model.retired', model: dead, message: expect.stringContaining('2026-05-30') }]);
  expect(models.roster('fast').author.map(({ id }) => id)).toEqual([eight]);
  expect(await status(dead)).toBe('retired');
});

test('the list has every model in use once', () => {
  const ids = create({})
    .models.list()
    .map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain(eight);
  expect(ids).not.toContain(dead);
});

test('the real sleep ends by time, and at once by its signal', async () => {
  const before = performance.now();
  await sleep(20, signal);
  expect(performance.now() - before).toBeGreaterThanOrEqual(15);
  const stop = new AbortController();
  const long = sleep(60_000, stop.signal);
  stop.abort();
  await long;
  await sleep(60_000, stop.signal);
});
