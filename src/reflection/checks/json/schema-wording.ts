/** What the validator says of counts, in words that agree with the number. Its own message for `maxProperties` says "at least". */
import { briefly, longest, withoutMiddle } from '../bounded-text.ts';
import { counted, type Unit } from '../verdict.ts';

const property: Unit = { one: 'property', many: 'properties' };
const matching: Unit = { one: 'item matching schema', many: 'items matching schema' };

/** By keyword: whose count it is, what is wrong with it, and what is counted. */
const countMessages: Readonly<Record<string, readonly [subject: string, Unit]>> = {
  minProperties: ['Instance has fewer than', property],
  maxProperties: ['Instance has more than', property],
  minContains: ['Array has fewer than', matching],
  maxContains: ['Array has more than', matching],
};

/** What the validator says before it repeats the whole list. */
const listStart = 'Instance does not match any of ';

/** The message about a value that is in no list, with as many of the list's items as fit. */
function listedShortly(message: string): string {
  const list: unknown = JSON.parse(message.slice(listStart.length, -1));
  if (!Array.isArray(list)) return message;
  return `${listStart}${briefly(list.map((item) => withoutMiddle(JSON.stringify(item), longest.message / 4)))}.`;
}

/** The validator's message for this keyword, its limit taken out of it and told again, a list cut short; as it was for every other. */
export function reworded(keyword: string, message: string): string {
  if (keyword === 'enum' && message.startsWith(listStart)) return listedShortly(message);
  const [subject, unit] = (Object.hasOwn(countMessages, keyword) && countMessages[keyword]) || [];
  const [, bound, contained] = /at (?:least|most) (\d+)|than minContains \((\d+)\)/.exec(message) ?? [];
  const limit = bound ?? contained;
  return unit && limit !== undefined ? `${subject} ${counted(Number(limit), unit)}.` : message;
}
