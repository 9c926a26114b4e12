/** An operator's changes to the catalog: two JSON texts in the configuration, checked field by field. See docs/models.md. */
import * as z from 'zod/mini';
import { valueOfJson } from '../encoding.ts';
import { fieldProblems } from '../reflection/field-problems.ts';
import type { Seat } from '../reflection/model.ts';
import { type TierName, tierNames } from '../reflection/request.ts';
import { type Catalog, type CatalogModel, seats, type TierSeats } from './catalog.ts';

const price = z.strictObject({ input: z.number().check(z.gte(0)), output: z.number().check(z.gte(0)) });
const modelFields = z.strictObject({
  class: z.optional(z.enum(['small', 'large'])),
  context_tokens: z.optional(z.int().check(z.gte(1))),
  price: z.optional(price),
  streaming: z.optional(z.boolean()),
  json_schema: z.optional(z.enum(['no', 'whole', 'streamed'])),
  prefill: z.optional(z.boolean()),
  retires_on: z.optional(z.nullable(z.iso.date())),
});
const chain = z.optional(z.array(z.string().check(z.minLength(1))).check(z.maxLength(8)));
const tierFields = z.strictObject({ author: chain, critic: chain, reviser: chain, judge: chain, escalation: chain });

const modelsText = z.record(z.string().check(z.minLength(1)), modelFields);
const tiersText = z.partialRecord(z.enum(tierNames), tierFields);

export interface CatalogOverrides {
  readonly models: z.output<typeof modelsText>;
  readonly tiers: z.output<typeof tiersText>;
}

/** Reads the two texts; either may be missing or empty. Throws an Error that names the bad field, for the operator. */
export function parseCatalogOverrides(models: string | undefined, tiers: string | undefined): CatalogOverrides {
  return { models: parse('MODELS', modelsText, models), tiers: parse('TIERS', tiersText, tiers) };
}

function parse<Schema extends z.ZodMiniType>(name: string, schema: Schema, text: string | undefined): z.output<Schema> {
  const value = text?.trim() ? valueOfJson(text) : {};
  if (value === undefined) throw new Error(`${name} is not valid JSON.`);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = fieldProblems(result.error.issues).map(
    ({ field, message }) => `${field || 'the whole'}: ${message}`,
  );
  throw new Error(`${name} is not valid. ${problems.join('; ')}`);
}

/**
 * The catalog with the operator's changes laid over it: a model's fields one by one, a tier's seats one by one.
 * Throws an Error that names the field when a new model is not fully described, or when a seat names an unknown model or mixes classes.
 */
export function withOverrides(catalog: Catalog, { models, tiers }: CatalogOverrides): Catalog {
  const changed = Object.entries(models).map(
    ([id, fields]) => [id, mergeModel(id, catalog.models.get(id), fields)] as const,
  );
  const merged: Catalog = {
    models: new Map([...catalog.models, ...changed]),
    tiers: {
      fast: mergeTier(catalog.tiers.fast, tiers.fast),
      balanced: mergeTier(catalog.tiers.balanced, tiers.balanced),
      quality: mergeTier(catalog.tiers.quality, tiers.quality),
      max: mergeTier(catalog.tiers.max, tiers.max),
    },
  };
  for (const tier of tierNames) for (const seat of seats) checkSeat(merged, tier, seat);
  return merged;
}

function mergeModel(id: string, base: CatalogModel | undefined, fields: z.output<typeof modelFields>): CatalogModel {
  return {
    id,
    class: fields.class ?? base?.class ?? missing(id, 'class'),
    contextTokens: fields.context_tokens ?? base?.contextTokens ?? missing(id, 'context_tokens'),
    price: fields.price ?? base?.price ?? missing(id, 'price'),
    abilities: {
      streaming: fields.streaming ?? base?.abilities.streaming ?? true,
      jsonSchema: fields.json_schema ?? base?.abilities.jsonSchema ?? 'no',
      prefill: fields.prefill ?? base?.abilities.prefill ?? false,
    },
    retiresOn: fields.retires_on === undefined ? (base?.retiresOn ?? null) : fields.retires_on,
  };
}

function missing(id: string, field: string): never {
  throw new Error(`MODELS is not valid. ${id}.${field}: needed, because the model is not in the catalog`);
}

function mergeTier(base: TierSeats, fields: z.output<typeof tierFields> | undefined): TierSeats {
  return {
    author: fields?.author ?? base.author,
    critic: fields?.critic ?? base.critic,
    reviser: fields?.reviser ?? base.reviser,
    judge: fields?.judge ?? base.judge,
    escalation: fields?.escalation ?? base.escalation,
  };
}

/** The seats whose models judge. Their fallbacks must be of the same class, because a small model may judge only on request. */
const judging: readonly Seat[] = ['critic', 'judge'];

function checkSeat(catalog: Catalog, tier: TierName, seat: Seat): void {
  const where = `TIERS is not valid. ${tier}.${seat}`;
  const ids = catalog.tiers[tier][seat];
  if (seat === 'author' && ids.length === 0) throw new Error(`${where}: somebody must write the draft`);
  const chain = ids.map((id) => {
    const model = catalog.models.get(id);
    if (!model) throw new Error(`${where}: ${id} is not in the catalog; describe it in MODELS`);
    return model;
  });
  if (judging.includes(seat) && new Set(chain.map((model) => model.class)).size > 1)
    throw new Error(`${where}: mixes small and large models`);
}
