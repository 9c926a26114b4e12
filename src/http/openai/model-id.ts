/** The ids by which OpenAI's clients name a tier and a strategy: `reflect-balanced`, `reflect-balanced:checks`. */
import { AppError } from '../../errors.ts';
import { type TierName, tierNames } from '../../reflection/request.ts';
import { type StrategyName, strategyNames } from '../../reflection/strategies.ts';

export interface NamedModel {
  readonly tier: TierName;
  /** Undefined where the id names none: the default then. */
  readonly strategy: StrategyName | undefined;
}

const form = /^reflect-([a-z]+)(?::([a-z]+))?$/;

/** Undefined where there is no such model. */
export function readModelId(id: string): NamedModel | undefined {
  const [, tierName, strategyName] = form.exec(id) ?? [];
  const tier = tierNames.find((name) => name === tierName);
  const strategy = strategyNames.find((name) => name === strategyName);
  if (tier === undefined || (strategyName !== undefined && strategy === undefined)) return undefined;
  return { tier, strategy };
}

export function modelId(tier: TierName, strategy?: StrategyName): string {
  return strategy === undefined ? `reflect-${tier}` : `reflect-${tier}:${strategy}`;
}

export function noSuchModel(id: string): AppError {
  const message = `there is no model ${JSON.stringify(id.slice(0, 80))}; GET /v1/models lists them`;
  return new AppError('not_found', `model: ${message}`, { fields: [{ field: 'model', message }] });
}
