/** The models of the simulated service: two who write, one of them a fallback, and one who judges. */
import { type Catalog, type CatalogModel, rosterOf, type TierSeats } from '../../src/models/catalog.ts';
import type { tierNames } from '../../src/reflection/request.ts';

function model(
  id: string,
  price: CatalogModel['price'],
  jsonSchema: CatalogModel['abilities']['jsonSchema'],
): CatalogModel {
  const abilities = { streaming: true, jsonSchema, prefill: false };
  return { id, class: 'large', contextTokens: 8_192, price, abilities, retiresOn: null };
}

const models = [
  model('first', { input: 1, output: 2 }, 'no'),
  model('second', { input: 0.5, output: 3 }, 'no'),
  model('judge', { input: 1, output: 2 }, 'whole'),
];

const tier: TierSeats = {
  author: ['first', 'second'],
  critic: ['judge'],
  reviser: ['first'],
  judge: ['judge'],
  escalation: [],
};

export const catalog: Catalog = {
  models: new Map(models.map((each) => [each.id, each])),
  tiers: { fast: tier, balanced: tier, quality: tier, max: tier } satisfies Record<
    (typeof tierNames)[number],
    TierSeats
  >,
};

/** Nobody here ever retires. */
export const roster = rosterOf(catalog, 'balanced', 0);
