import { describe, expect, test } from 'vitest';
import {
  answersWhole,
  type Catalog,
  retiredInUse,
  rosterOf,
  seats,
  singleModelCatalog,
} from '../../src/models/catalog.ts';
import { parseCatalogOverrides, withOverrides } from '../../src/models/catalog-overrides.ts';
import { workersAiCatalog } from '../../src/models/workers-ai-catalog.ts';
import { tierNames } from '../../src/reflection/request.ts';
import { modelOf } from './calls.ts';

const today = Date.parse('2026-11-23');
const judging = ['critic', 'judge'] as const;

function override(models: string | undefined, tiers?: string): Catalog {
  return withOverrides(workersAiCatalog, parseCatalogOverrides(models, tiers));
}

describe('the Workers AI catalog', () => {
  test('seats only models that it knows and that are still served', () => {
    for (const tier of tierNames) {
      const roster = rosterOf(workersAiCatalog, tier, today);
      for (const seat of seats) expect(roster[seat].map(({ id }) => id)).toEqual(workersAiCatalog.tiers[tier][seat]);
    }
    expect(retiredInUse(workersAiCatalog, today)).toEqual([]);
  });

  test('lets no small model judge in a tier that has judges', () => {
    const judges = tierNames
      .filter((tier) => tier !== 'fast')
      .flatMap((tier) => judging.flatMap((seat) => rosterOf(workersAiCatalog, tier, today)[seat]));
    expect(judges.map((model) => model.class)).not.toContain('small');
  });

  test('has only small judges in the fast tier, whom the engine asks when the caller insists, and somebody to escalate to', () => {
    const { critic, judge, escalation } = rosterOf(workersAiCatalog, 'fast', today);
    expect([...critic, ...judge].every((model) => model.class === 'small')).toBe(true);
    expect(escalation.map((model) => model.class)).toEqual(['large']);
  });

  test.each(['quality', 'max'] as const)(
    'puts another model than the author’s first among its critics and judges in the %s tier',
    (tier) => {
      const { author, critic, judge } = rosterOf(workersAiCatalog, tier, today);
      expect(critic[0]?.id).not.toBe(author[0]?.id);
      expect(judge[0]?.id).not.toBe(author[0]?.id);
    },
  );

  test('has a model to fall back to for every draft', () => {
    for (const tier of tierNames) expect(rosterOf(workersAiCatalog, tier, today).author.length).toBeGreaterThan(1);
  });
});

describe('a roster', () => {
  const catalog = override('{"@cf/meta/llama-3.1-8b-instruct-fp8": {"retires_on": "2027-01-01"}}');
  const authors = (now: string): string[] => rosterOf(catalog, 'fast', Date.parse(now)).author.map(({ id }) => id);

  test('passes over a model from the day of its retirement on', () => {
    expect(authors('2026-12-31T23:59:59Z')).toHaveLength(2);
    expect(authors('2027-01-01T00:00:00Z')).toEqual(['@cf/meta/llama-3.1-8b-instruct-fp8-fast']);
    expect(retiredInUse(catalog, Date.parse('2027-01-01')).map(({ id }) => id)).toEqual([
      '@cf/meta/llama-3.1-8b-instruct-fp8',
    ]);
  });

  test('of a single model has it everywhere, and nobody to escalate to', () => {
    const catalog = singleModelCatalog(modelOf('local'));
    for (const tier of tierNames) {
      const { escalation, ...others } = rosterOf(catalog, tier, today);
      expect(escalation).toEqual([]);
      for (const chain of Object.values(others)) expect(chain.map(({ id }) => id)).toEqual(['local']);
    }
  });
});

test('an answer comes in one piece where the model cannot stream, or cannot stream what follows a schema', () => {
  const model = (streaming: boolean, jsonSchema: 'no' | 'whole' | 'streamed') =>
    modelOf('m', { abilities: { streaming, jsonSchema, prefill: false } });
  expect([answersWhole(model(true, 'no'), {}), answersWhole(model(true, 'no'), { jsonSchema: {} })]).toEqual([
    false,
    false,
  ]);
  expect([answersWhole(model(true, 'whole'), {}), answersWhole(model(true, 'whole'), { jsonSchema: {} })]).toEqual([
    false,
    true,
  ]);
  expect([answersWhole(model(true, 'streamed'), { jsonSchema: {} }), answersWhole(model(false, 'no'), {})]).toEqual([
    false,
    true,
  ]);
});

describe('an operator', () => {
  test('who sets nothing changes nothing', () => {
    expect(override(undefined, ' ')).toEqual(workersAiCatalog);
  });

  test('may change one fact of a model and one seat of a tier', () => {
    const catalog = override(
      '{"@cf/meta/llama-3.3-70b-instruct-fp8-fast": {"context_tokens": 100000}}',
      '{"fast": {"escalation": []}}',
    );
    const balanced = rosterOf(catalog, 'balanced', today);
    expect(balanced.critic[0]).toMatchObject({ contextTokens: 100_000, class: 'large', price: { input: 0.293 } });
    expect(rosterOf(catalog, 'fast', today).escalation).toEqual([]);
    expect(rosterOf(catalog, 'fast', today).author).toHaveLength(2);
  });

  test('may add a model and seat it', () => {
    const facts = {
      class: 'large',
      context_tokens: 64_000,
      price: { input: 1, output: 2 },
      json_schema: 'streamed',
    };
    const catalog = override(JSON.stringify({ 'qwen-3': facts }), '{"max": {"critic": ["qwen-3"]}}');
    expect(rosterOf(catalog, 'max', today).critic).toEqual([
      {
        id: 'qwen-3',
        class: 'large',
        contextTokens: 64_000,
        price: { input: 1, output: 2 },
        abilities: { streaming: true, jsonSchema: 'streamed', prefill: false },
        retiresOn: null,
      },
    ]);
  });

  test.each([
    ['{"m": ', undefined, 'MODELS is not valid JSON'],
    [undefined, '[', 'TIERS is not valid JSON'],
    ['[]', undefined, 'MODELS'],
    ['{"m": {"class": "huge"}}', undefined, 'm.class'],
    ['{"m": {"context": 1}}', undefined, 'm.context'],
    ['{"m": {"class": "large", "price": {"input": 1, "output": 1}}}', undefined, 'm.context_tokens'],
    ['{"m": {"class": "large", "context_tokens": 1}}', undefined, 'm.price'],
    ['{"m": {"price": {"input": -1, "output": 1}}}', undefined, 'm.price.input'],
    ['{"m": {"retires_on": "soon"}}', undefined, 'm.retires_on'],
    [undefined, '{"best": {}}', 'best'],
    [undefined, '{"fast": {"writer": []}}', 'fast.writer'],
    [undefined, '{"fast": {"author": "m"}}', 'fast.author'],
    [undefined, '{"fast": {"author": []}}', 'fast.author'],
    [undefined, '{"fast": {"author": ["unknown"]}}', 'fast.author: unknown'],
    [undefined, '{"fast": {"author": ["constructor"]}}', 'fast.author: constructor'],
    [
      undefined,
      '{"max": {"critic": ["@cf/meta/llama-4-scout-17b-16e-instruct", "@cf/meta/llama-3.2-3b-instruct"]}}',
      'max.critic',
    ],
  ])('who writes %s and %s is told that %s is wrong', (models, tiers, field) => {
    expect(() => override(models, tiers)).toThrow(field);
  });
});
