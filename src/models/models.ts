/** One object for everything about models: rosters for the engine, connections for runs, health for the operator. */
import type { Roster } from '../reflection/model.ts';
import type { TierName } from '../reflection/request.ts';
import { type After, afterTimeout } from '../time-limit.ts';
import { type AttemptLimits, attemptLimits, type Clock } from './attempt.ts';
import { Breakers, breakerSettings } from './breaker.ts';
import {
  type Catalog,
  type CatalogModel,
  isRetired,
  modelsInUse,
  retiredInUse,
  rosterOf,
  seatedAgain,
} from './catalog.ts';
import { Paces } from './paces.ts';
import type { Platform, UnhealthyModel } from './platform.ts';
import type { Provider } from './provider.ts';
import { type Connection, createModel, type ModelWarning } from './resilient.ts';
import { throttledModel } from './throttled.ts';

export interface ModelsOptions {
  readonly provider: Provider;
  readonly catalog: Catalog;
  /** Shared by all calls of the isolate. */
  readonly breakers?: Breakers;
  /** Epoch milliseconds. */
  readonly clock?: Clock['now'];
  readonly after?: After;
  readonly random?: () => number;
  readonly limits?: AttemptLimits;
  /** Structured warnings: model ids, codes and our own sentences; no prompts, no keys. */
  readonly log?: (warning: ModelWarning) => void;
  /** Shared with other isolates; null when the provider has no limit of its own. */
  readonly platform?: Platform | null;
}

/** `ok`; `resting`: failed too often and is not asked for a while; `trying`: about to be asked again; `gone`: no longer exists upstream; `retired`: by the catalog's date. */
export type ModelStatus = 'ok' | 'resting' | 'trying' | 'gone' | 'retired';

export interface ModelHealth {
  readonly model: string;
  readonly status: ModelStatus;
  readonly retires_on: string | null;
}

export interface Models {
  roster(tier: TierName): ReturnType<typeof rosterOf>;
  /**
   * The engine's port for one execution of a run, with the roster of its start. `signal` aborts when the run is cancelled, and at its end.
   * `account` is the account whose calls a limited platform counts. While `watched` returns false, deltas may be fewer and larger; where `waited`
   * says that a caller waits for the end and nothing else, an answer may come in one piece, of which nothing is left when it is cut off.
   * Time limits are set by `after`, which may share a timer.
   */
  connect(
    roster: Roster,
    signal: AbortSignal,
    account: string,
    watched?: () => boolean,
    waited?: boolean,
    after?: After,
  ): Connection;
  /** The status of every model of some tier, for the whole service, or for this isolate when that is not available. */
  health(): Promise<readonly ModelHealth[]>;
  /** Every model of some tier. */
  list(): readonly CatalogModel[];
}

/** Warns once about retired models in a tier. */
export function createModels(options: ModelsOptions): Models {
  const { provider, catalog, platform = null, clock: now = Date.now, after = afterTimeout } = options;
  const { random = Math.random, limits = attemptLimits, log: warn = () => undefined } = options;
  const breakers = options.breakers ?? new Breakers(breakerSettings, (change) => platform?.report(change));
  const tools = { provider, breakers, clock: { now, after }, random, limits, warn };
  const paces = new Paces();
  for (const { id, retiresOn } of retiredInUse(catalog, now()))
    warn({
      event: 'model.retired',
      model: id,
      message: `The model was retired on ${retiresOn}; put another in its place.`,
    });

  return {
    roster: (tier) => rosterOf(catalog, tier, now()),
    connect: (roster, signal, account, watched, waited = false, ownAfter = after) => {
      const model = createModel(seatedAgain(catalog, roster), signal, {
        ...tools,
        clock: { now, after: ownAfter },
        ...(watched && { watched }),
        ...(waited && { paces }),
      });
      return platform ? throttledModel(model, account, signal, { platform, now }) : model;
    },
    async health() {
      const unhealthy = platform && (await platform.unhealthyModels());
      return modelsInUse(catalog).map((model) => ({
        model: model.id,
        status: isRetired(model, now()) ? 'retired' : statusOf(model.id, breakers, unhealthy, now()),
        retires_on: model.retiresOn,
      }));
    },
    list: () => modelsInUse(catalog),
  };
}

/** An open breaker of this isolate decides. Otherwise the state of the whole service counts, if it is available. */
function statusOf(
  id: string,
  breakers: Breakers,
  unhealthy: readonly UnhealthyModel[] | null,
  now: number,
): ModelStatus {
  const state = breakers.state(id);
  if (state.status === 'open' && now < state.until) return state.gone ? 'gone' : 'resting';
  if (unhealthy) return unhealthy.find(({ model }) => model === id)?.status ?? 'ok';
  return state.status === 'closed' ? 'ok' : 'trying';
}
