/** What is compared: strategies, each with or without the checks that the data set knows. */
import { type StrategyName, strategyNames } from '../src/reflection/strategies.ts';

export interface Arm {
  /** As it is written on the command line and in reports: `checks`, or `checks+declared`. */
  readonly name: string;
  readonly strategy: StrategyName;
  /** Whether the item's checks are sent along. Otherwise there are only those that are read from the request. */
  readonly declares: boolean;
}

/** Every other arm is held against it. */
export const baseline = 'direct';

/** Of a list with commas. Throws an Error that names what is no arm. */
export function readArms(text: string): Arm[] {
  const names = [...new Set(text.split(',').map((name) => name.trim()))].filter((name) => name !== '');
  if (names.length === 0) throw new Error(`Which strategies? One or more of ${strategyNames.join(', ')}.`);
  return names.map(readArm);
}

function readArm(name: string): Arm {
  const [, wanted, declared] = /^([a-z]+)(\+declared)?$/.exec(name) ?? [];
  const strategy = strategyNames.find((known) => known === wanted);
  if (strategy) return { name, strategy, declares: declared !== undefined };
  throw new Error(`There is no strategy "${name}": expected ${strategyNames.join(', ')}, each also with "+declared".`);
}
