/** Models and tiers as data, and the queries on that data. */
import type { ModelCall, ModelFacts, Roster, Seat } from '../reflection/model.ts';
import { type TierName, tierNames } from '../reflection/request.ts';

export interface Abilities {
  readonly streaming: boolean;
  /** Whether the model can be held to a JSON Schema, and then only in one piece (`whole`) or also in a stream. */
  readonly jsonSchema: 'no' | 'whole' | 'streamed';
  /** Whether the server continues an answer whose beginning is the last message, instead of starting a new answer. */
  readonly prefill: boolean;
}

export interface CatalogModel extends ModelFacts {
  readonly abilities: Abilities;
  /** The first day (ISO date, UTC) on which the provider no longer serves the model, when that is announced. */
  readonly retiresOn: string | null;
}

/** The ids of a tier's models by seat: first choice, then fallbacks. */
export type TierSeats = Readonly<Record<Seat, readonly string[]>>;

export interface Catalog {
  readonly models: ReadonlyMap<string, CatalogModel>;
  readonly tiers: Readonly<Record<TierName, TierSeats>>;
}

export const seats = ['author', 'critic', 'reviser', 'judge', 'escalation'] as const satisfies readonly Seat[];

/** The tier's models by seat, without those that are retired at `now` (epoch milliseconds). */
export function rosterOf(
  catalog: Catalog,
  tier: TierName,
  now: number,
): Roster & Readonly<Record<Seat, readonly CatalogModel[]>> {
  const ids = catalog.tiers[tier];
  const chain = (seat: Seat): CatalogModel[] =>
    ids[seat].flatMap((id) => catalog.models.get(id) ?? []).filter((model) => !isRetired(model, now));
  return {
    author: chain('author'),
    critic: chain('critic'),
    reviser: chain('reviser'),
    judge: chain('judge'),
    escalation: chain('escalation'),
  };
}

/**
 * The models of an earlier roster, such as that of a resumed run. Chains, prices and classes are the roster's; capabilities are those of
 * today's catalog. A model that the catalog no longer lists has no capabilities.
 */
export function seatedAgain(catalog: Catalog, roster: Roster): Readonly<Record<Seat, readonly CatalogModel[]>> {
  const chain = (seat: Seat): CatalogModel[] =>
    roster[seat].map((facts) => ({ ...(catalog.models.get(facts.id) ?? unknownModel), ...facts }));
  return {
    author: chain('author'),
    critic: chain('critic'),
    reviser: chain('reviser'),
    judge: chain('judge'),
    escalation: chain('escalation'),
  };
}

const unknownModel: Pick<CatalogModel, 'abilities' | 'retiresOn'> = {
  abilities: { streaming: true, jsonSchema: 'no', prefill: false },
  retiresOn: null,
};

export function isRetired(model: CatalogModel, now: number): boolean {
  return model.retiresOn !== null && now >= Date.parse(model.retiresOn);
}

/** Models of some tier that are retired at `now`. The operator should replace them. */
export function retiredInUse(catalog: Catalog, now: number): CatalogModel[] {
  return modelsInUse(catalog).filter((model) => isRetired(model, now));
}

/** Every model of some tier, once. */
export function modelsInUse(catalog: Catalog): CatalogModel[] {
  const ids = new Set(tierNames.flatMap((tier) => seats.flatMap((seat) => catalog.tiers[tier][seat])));
  return [...ids].flatMap((id) => catalog.models.get(id) ?? []);
}

/** Whether the model answers this call in one piece. Then no text arrives before the end, and there is no time to the first token. */
export function answersWhole({ abilities }: CatalogModel, call: Pick<ModelCall, 'jsonSchema' | 'jsonObject'>): boolean {
  const isJson = call.jsonSchema !== undefined || call.jsonObject === true;
  return !abilities.streaming || (isJson && abilities.jsonSchema === 'whole');
}

/** One model in every seat of every tier, as on a machine with a single local model. */
export function singleModelCatalog(
  facts: ModelFacts,
  abilities: Abilities = { streaming: true, jsonSchema: 'streamed', prefill: true },
): Catalog {
  const chain = [facts.id];
  const everySeat: TierSeats = { author: chain, critic: chain, reviser: chain, judge: chain, escalation: [] };
  return {
    models: new Map([[facts.id, { ...facts, abilities, retiresOn: null }]]),
    tiers: { fast: everySeat, balanced: everySeat, quality: everySeat, max: everySeat },
  };
}
