/** Reading the JSON object that a model was asked for, out of what it wrote around it: fences, a preamble, a trailing remark, another text's JSON. */
import type * as z from 'zod/mini';
import { balancedEnd, looksLikeData } from './checks/json/extraction.ts';
import { mendedJson, visitOutsideStrings } from './checks/json/mending.ts';

/** How many objects are tried. */
const mostObjects = 16;

/** An object that was read. */
export interface ObjectRead<Value> {
  readonly value: Value;
  /** Whether all of it was written, only its last bracket is missing, or it was cut within one of its parts. */
  readonly ending: Ending;
}

type Ending = 'whole' | 'unclosed' | 'cut';

/**
 * The last object in the text that follows the schema, its slips mended; one that was cut off is closed after its last complete part. Undefined where
 * none follows, where one that may be meant cannot be read, and where two that follow differ in what they decide or all are quoted from the text that
 * is `judged`: that must not speak for itself.
 */
export function readObject<Schema extends z.ZodMiniType>(
  text: string,
  schema: Schema,
  decisionOf: (value: z.output<Schema>) => unknown = () => undefined,
  judged = '',
): ObjectRead<z.output<Schema>> | undefined {
  const follows = (json: string) => schema.safeParse(JSON.parse(json)).success;
  const found: ObjectRead<z.output<Schema>>[] = [];
  let isQuoted = true;
  for (const { written, json, ending } of objects(text, follows)) {
    if (json === undefined) return undefined;
    const parsed = schema.safeParse(JSON.parse(json));
    if (!parsed.success) continue;
    found.push({ value: parsed.data, ending });
    isQuoted &&= judged.includes(written) && written !== text.trim();
  }
  if (isQuoted) return undefined;
  const decisions = new Set(found.map(({ value }) => decisionOf(value)));
  return decisions.size === 1 ? found.at(-1) : undefined;
}

interface Closed {
  /** Undefined where it cannot be read. */
  readonly json: string | undefined;
  readonly ending: Ending;
}

interface Written extends Closed {
  readonly written: string;
}

/** Every object that stands in no other one. */
function* objects(text: string, follows: (json: string) => boolean): Generator<Written> {
  let from = 0;
  for (let tried = 0; tried < mostObjects; tried += 1) {
    const start = text.indexOf('{', from);
    if (start < 0) return;
    const end = balancedEnd(text, start);
    const whole = text.slice(start, end);
    const closed: Closed =
      end === undefined ? unclosed(whole, follows) : { json: mended(whole, follows), ending: 'whole' };
    const { json } = closed;
    // Within an object that cannot be read stands no other: it may be quoted there.
    if (json !== undefined || looksLikeData(whole)) yield { written: whole, ...closed };
    from = json === undefined && !looksLikeData(whole) ? start + 1 : (end ?? text.length);
  }
}

function mended(text: string, follows: (json: string) => boolean): string | undefined {
  return mendedJson(text) ?? mendedJson(text, follows);
}

/** An object that no bracket closes: it was cut off, or a slip hides its end. */
function unclosed(text: string, follows: (json: string) => boolean): Closed {
  if (!looksLikeData(text)) return { json: undefined, ending: 'cut' };
  const complete = cutOff(text);
  if (complete.json !== undefined && follows(complete.json)) return complete;
  const endsInBracket = /[}\]]\s*(?:```)?\s*$/.test(text);
  return endsInBracket ? { json: mended(text, follows), ending: 'whole' } : { json: mendedJson(text), ending: 'cut' };
}

/** An object that was cut off, ended after the last part of it that is complete. */
function cutOff(cut: string): Closed {
  let end = 0;
  visitOutsideStrings(cut, 0, (character, at) => {
    if (character === ',') end = at;
    else if (character === '}' || character === ']') end = at + 1;
    return true;
  });
  const complete = cut.slice(0, end);
  const open: string[] = [];
  visitOutsideStrings(complete, 0, (character) => {
    if (character === '{') open.push('}');
    else if (character === '[') open.push(']');
    else if (character === '}' || character === ']') open.pop();
    return true;
  });
  const json = mendedJson(complete + open.reverse().join(''));
  return { json, ending: open.length > 1 ? 'cut' : 'unclosed' };
}
