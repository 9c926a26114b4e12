/** What is compared: strategies, each with or without the checks that the data set knows, and the best of several plain drafts. */
import { type StrategyName, strategyNames } from '../src/reflection/strategies.ts';

export interface Arm {
  /** As it is written on the command line and in reports: `checks`, or `checks+declared`. */
  readonly name: string;
  readonly strategy: StrategyName;
  /** Whether the item's checks are sent along. Otherwise there are only those that are read from the request. */
  readonly declares: boolean;
  /** Above 1, so many answers are drawn, and the one that the checks refute least is taken. */
  readonly samples: number;
}

/** Every other arm is held against it. */
export const baseline = 'direct';

const names = `${strategyNames.join(', ')} and best-of-2 to best-of-9`;

/** Of a list with commas. Throws an Error that names what is no arm. */
export function readArms(text: string): Arm[] {
  const wanted = [...new Set(text.split(',').map((name) => name.trim()))].filter((name) => name !== '');
  if (wanted.length === 0) throw new Error(`Which strategies? One or more of ${names}.`);
  return wanted.map(readArm);
}

/** Whether the arm only spends tokens on more drafts. A pipeline that gains no more than such an arm at equal tokens is not worth its passes. */
export function isResampling(name: string): boolean {
  return name === 'vote' || bestOf.test(name);
}

const bestOf = /^best-of-([2-9])(\+declared)?$/;

function readArm(name: string): Arm {
  const [, samples, ofDeclared] = bestOf.exec(name) ?? [];
  if (samples !== undefined)
    return { name, strategy: 'direct', declares: ofDeclared !== undefined, samples: Number(samples) };
  const [, wanted, declared] = /^([a-z]+)(\+declared)?$/.exec(name) ?? [];
  const strategy = strategyNames.find((known) => known === wanted);
  if (strategy) return { name, strategy, declares: declared !== undefined, samples: 1 };
  throw new Error(`There is no strategy "${name}": expected ${names}, each also with "+declared".`);
}
