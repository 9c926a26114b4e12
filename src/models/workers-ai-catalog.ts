/**
 * Workers AI's Llama models and the tiers made of them.
 * Prices and limits: https://developers.cloudflare.com/workers-ai/platform/pricing/ (28 August 2026) and the models' own pages.
 */

import type { TierName } from '../reflection/request.ts';
import type { Abilities, Catalog, CatalogModel, TierSeats } from './catalog.ts';

const textOnly: Abilities = { streaming: true, jsonSchema: 'no', prefill: false };
const jsonMode: Abilities = { streaming: true, jsonSchema: 'whole', prefill: false };
const served = { retiresOn: null } as const;

/** Retired models stay listed, so that a tier that still names one gives a clear warning instead of an upstream failure. */
const retired = {
  contextTokens: 8_000,
  price: { input: 0, output: 0 },
  abilities: textOnly,
  retiresOn: '2026-05-30',
} as const;

const models: readonly CatalogModel[] = [
  {
    id: '@cf/meta/llama-3.2-1b-instruct',
    class: 'small',
    contextTokens: 60_000,
    price: { input: 0.027, output: 0.201 },
    abilities: textOnly,
    ...served,
  },
  {
    id: '@cf/meta/llama-3.2-3b-instruct',
    class: 'small',
    contextTokens: 80_000,
    price: { input: 0.051, output: 0.335 },
    abilities: textOnly,
    ...served,
  },
  {
    id: '@cf/meta/llama-3.1-8b-instruct-fp8',
    class: 'small',
    contextTokens: 32_000,
    price: { input: 0.152, output: 0.287 },
    abilities: textOnly,
    ...served,
  },
  {
    // Its context is not published. That of its sibling is a safe assumption.
    id: '@cf/meta/llama-3.1-8b-instruct-fp8-fast',
    class: 'small',
    contextTokens: 32_000,
    price: { input: 0.045, output: 0.384 },
    abilities: textOnly,
    ...served,
  },
  {
    // The text part of it is the 8B model.
    id: '@cf/meta/llama-3.2-11b-vision-instruct',
    class: 'small',
    contextTokens: 128_000,
    price: { input: 0.049, output: 0.676 },
    abilities: textOnly,
    ...served,
  },
  {
    id: '@cf/meta/llama-3.3-70b-instruct-fp8-fast',
    class: 'large',
    contextTokens: 24_000,
    price: { input: 0.293, output: 2.253 },
    abilities: jsonMode,
    ...served,
  },
  {
    id: '@cf/meta/llama-4-scout-17b-16e-instruct',
    class: 'large',
    contextTokens: 131_000,
    price: { input: 0.27, output: 0.85 },
    abilities: jsonMode,
    ...served,
  },
  { id: '@cf/meta/llama-3-8b-instruct', class: 'small', ...retired },
  { id: '@cf/meta/llama-3.1-8b-instruct', class: 'small', ...retired },
  { id: '@cf/meta/llama-3.1-8b-instruct-awq', class: 'small', ...retired },
  { id: '@cf/meta/llama-3.1-70b-instruct', class: 'large', ...retired },
];

const small = ['@cf/meta/llama-3.1-8b-instruct-fp8', '@cf/meta/llama-3.1-8b-instruct-fp8-fast'];
const llama70b = '@cf/meta/llama-3.3-70b-instruct-fp8-fast';
const scout = '@cf/meta/llama-4-scout-17b-16e-instruct';

const tiers = {
  // A small model that judges itself does more harm than good, so the engine uses these judges only on request.
  fast: { author: small, critic: small, reviser: small, judge: small, escalation: [llama70b] },
  balanced: {
    author: small,
    critic: [llama70b, scout],
    reviser: [llama70b, scout],
    judge: [llama70b, scout],
    escalation: [llama70b],
  },
  // A model of another family than the author's, which does not share its weaknesses.
  quality: {
    author: [llama70b, scout],
    critic: [scout, llama70b],
    reviser: [llama70b],
    judge: [scout, llama70b],
    escalation: [],
  },
  max: {
    author: [llama70b, scout],
    critic: [scout, llama70b],
    reviser: [llama70b],
    judge: [scout, llama70b],
    escalation: [],
  },
} as const satisfies Record<TierName, TierSeats>;

export const workersAiCatalog: Catalog = { models: new Map(models.map((model) => [model.id, model])), tiers };
