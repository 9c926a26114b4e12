/** All that is known of models and asked of them, in one object: rosters for the engine, connections for runs, health for the operator. */
import type { Model, Roster } from '../reflection/model.ts';
import type { TierName } from '../reflection/request.ts';
import { type AttemptLimits, attemptLimits, type Clock } from './attempt.ts';
import { Breakers } from './breaker.ts';
import {
  type Catalog,
  type CatalogModel,
  isRetired,
  modelsInUse,
  retiredInUse,
  rosterOf,
  seatedAgain,
} from './catalog.ts';
import type { Provider } from './provider.ts';
import { createModel, type ModelWarning } from './resilient.ts';
import { sleep as realSleep } from './sleep.ts';

export interface ModelsOptions {
  readonly provider: Provider;
  readonly catalog: Catalog;
  /** One for the isolate, so that calls learn from each other. */
  readonly breakers?: Breakers;
  /** Epoch milliseconds. */
  readonly clock?: Clock['now'];
  readonly sleep?: Clock['sleep'];
  readonly random?: () => number;
  readonly limits?: AttemptLimits;
  /** Structured warnings: model ids, codes and our own sentences; no prompts, no keys. */
  readonly log?: (warning: ModelWarning) => void;
}

/** `ok`; `resting`: failed too often and is left alone for a while; `trying`: about to be taken up again; `gone`: no longer exists upstream; `retired`: by the catalog's date. */
export type ModelStatus = 'ok' | 'resting' | 'trying' | 'gone' | 'retired';

export interface ModelHealth {
  readonly model: string;
  readonly status: ModelStatus;
  readonly retires_on: string | null;
}

export interface Models {
  roster(tier: TierName): ReturnType<typeof rosterOf>;
  /** The engine's port for one run and the roster that it was started with: `signal` aborts when somebody cancels the run. */
  connect(roster: Roster, signal: AbortSignal): Model;
  /** Every model that sits in some tier, and how it is from where this isolate stands. */
  health(): readonly ModelHealth[];
  /** Every model that sits in some tier. */
  list(): readonly CatalogModel[];
}

/** Warns once of models that sit in a tier and are retired. */
export function createModels(options: ModelsOptions): Models {
  const { provider, catalog, breakers = new Breakers(), clock: now = Date.now, sleep = realSleep } = options;
  const { random = Math.random, limits = attemptLimits, log: warn = () => undefined } = options;
  const tools = { provider, breakers, clock: { now, sleep }, random, limits, warn };
  for (const { id, retiresOn } of retiredInUse(catalog, now()))
    warn({
      event: 'model.retired',
      model: id,
      message: `The model was retired on ${retiresOn}; put another in its place.`,
    });

  return {
    roster: (tier) => rosterOf(catalog, tier, now()),
    connect: (roster, signal) => createModel(seatedAgain(catalog, roster), signal, tools),
    health: () =>
      modelsInUse(catalog).map((model) => ({
        model: model.id,
        status: statusOf(model, breakers, now()),
        retires_on: model.retiresOn,
      })),
    list: () => modelsInUse(catalog),
  };
}

function statusOf(model: CatalogModel, breakers: Breakers, now: number): ModelStatus {
  if (isRetired(model, now)) return 'retired';
  const state = breakers.state(model.id);
  if (state.status === 'closed') return 'ok';
  if (state.status === 'half-open' || now >= state.until) return 'trying';
  return state.gone ? 'gone' : 'resting';
}
