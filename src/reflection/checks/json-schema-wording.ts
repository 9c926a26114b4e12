/** What the validator says of counts, in words that agree with the number. Its own message for `maxProperties` says "at least". */
import { counted, type Unit } from './verdict.ts';

const property: Unit = { one: 'property', many: 'properties' };
const matching: Unit = { one: 'item matching schema', many: 'items matching schema' };

/** By keyword: whose count it is, what is wrong with it, and what is counted. */
const countMessages: Readonly<Record<string, readonly [subject: string, Unit]>> = {
  minProperties: ['Instance has fewer than', property],
  maxProperties: ['Instance has more than', property],
  minContains: ['Array has fewer than', matching],
  maxContains: ['Array has more than', matching],
};

/** The validator's message for this keyword, its limit taken out of it and told again; as it was for every other. */
export function reworded(keyword: string, message: string): string {
  const [subject, unit] = (Object.hasOwn(countMessages, keyword) && countMessages[keyword]) || [];
  const [, bound, contained] = /at (?:least|most) (\d+)|than minContains \((\d+)\)/.exec(message) ?? [];
  const limit = bound ?? contained;
  return unit && limit !== undefined ? `${subject} ${counted(Number(limit), unit)}.` : message;
}
