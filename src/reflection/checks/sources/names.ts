/** The names of persons, organisations and places that an answer states, and whether they stand in the sources. */
import type { Span } from '../check.ts';
import { isWrittenIn } from '../language/language.ts';
import { eastAsianNames } from './east-asian-names.ts';
import type { JudgedClaim, Support } from './found-claims.ts';
import type { Knowledge } from './knowledge.ts';
import { firstNames, honorifics, nameKey, notNames, partOfName, smallNouns } from './name-words.ts';

const capitalised =
  "(?:(?:Mr|Mrs|Ms|Dr|Prof|St|Sr|Sra|Srta|Mme|Mlle|Hr|Fr)\\.|(?:\\p{Lu}\\.){1,4}|\\p{Lu}[\\p{L}\\p{M}]*(?:['’-]\\p{L}[\\p{L}\\p{M}]*){0,3})";
const particle = '(?:of the|of|for|de la|de los|de|del|della|du|des|da|di|van der|van|von der|von|zu|la|le)';
const run = new RegExp(
  `(?<![\\p{L}\\p{N}@/_'’-])${capitalised}(?:[^\\S\\n](?:${particle}[^\\S\\n])?${capitalised}){0,6}`,
  'gu',
);

/** Every name that the text states, judged. */
export function nameClaims(text: string, known: Knowledge): JudgedClaim[] {
  const isLatin = /\p{Script=Latin}{3}/u.test(known.sources) && !isTitleCase(text);
  const isGerman = isWrittenIn(text, 'de');
  const latin = (isLatin ? runsOf(text) : []).flatMap(({ span, line }): JudgedClaim[] => {
    const support = nameSupport(text.slice(...span), placeOf(text, span, line), known, isGerman);
    return support ? [{ kind: 'names', span, support }] : [];
  });
  return [...latin, ...eastAsianNames(text, known)];
}

/** Every run of words in capitals, each with its line. */
function runsOf(text: string): { readonly span: Span; readonly line: Span }[] {
  const lineFrom = (start: number): Span => {
    const end = text.indexOf('\n', start);
    return [start, end < 0 ? text.length : end];
  };
  let line = lineFrom(0);
  return Array.from(text.matchAll(run), ({ 0: found, index }) => {
    while (index > line[1]) line = lineFrom(line[1] + 1);
    return { span: [index, index + found.length], line };
  });
}

/** Whether most words have capitals, as in titles, so that capitals do not mark names. */
function isTitleCase(text: string): boolean {
  const words = text.match(/\p{L}[\p{L}\p{M}]{2,}/gu) ?? [];
  const capitals = words.filter((word) => /^\p{Lu}/u.test(word)).length;
  return words.length > 6 && capitals > words.length * 0.65;
}

interface Place {
  /** It begins a sentence, an item or a cell, where any word has a capital. */
  readonly isStart: boolean;
  /** In a heading, or a label before a colon. */
  readonly isLabel: boolean;
  /** In a salutation or after a letter's end. */
  readonly isLetterFrame: boolean;
}

const salutation =
  /^\W{0,4}(?:dear|hi|hello|hey|good (?:morning|afternoon|evening)|sehr geehrte\p{L}{0,2}|liebe\p{L}{0,2}|hallo|guten (?:tag|morgen)|cher|chère|bonjour|madame|monsieur|estimad[oa]s?|querid[oa]s?|hola|buenos días|buenas tardes)(?!\p{L})/iu;
const signOff =
  /^\W{0,4}(?:(?:best|kind|warm|warmest) (?:regards|wishes)|regards|sincerely|yours \p{L}+|thanks|thank you|cheers|mit freundlichen grüßen|freundliche grüße|viele grüße|beste grüße|herzliche grüße|cordialement|bien cordialement|sincères salutations|saludos|un saludo|atentamente|cordialmente)[\s,.!]{0,4}$/iu;

function placeOf(text: string, [start, end]: Span, [lineStart, lineEnd]: Span): Place {
  const before = text.slice(Math.max(lineStart, start - 60), start);
  const after = text.slice(end, Math.min(lineEnd, end + 120));
  const isStart = /(?:^|[.!?…:;|–—][^\p{L}\p{N}]{0,6})(?:[\s*_#>"“„«(¿¡[\]•·-]|\d{1,3}[.)])*$/u.test(before);
  const whole = text.slice(lineStart, Math.min(lineEnd, lineStart + 120)).trim();
  const previous = text.slice(0, Math.max(0, lineStart - 1)).trimEnd();
  const previousEnd = previous.slice(-80);
  const previousLine = previousEnd.slice(previousEnd.lastIndexOf('\n') + 1);
  const isHeading =
    /^(?:#|\*\*[^*]{1,100}\*\*:?$|__)/.test(whole) ||
    (whole.length < 80 && whole.endsWith(':')) ||
    (whole.length < 60 && !/[.!?,;|]/.test(whole) && !/^[-*+•\d]/.test(whole));
  const isLabel =
    isHeading ||
    (/^[\s*_#>\d.)•·|-]*(?:[^\s:]{1,30}\s){0,6}$/u.test(before) &&
      /^(?:[^\S\n][^\s:]{1,30}){0,4}[*_]{0,2}[:|]/u.test(after));
  return {
    isStart,
    isLabel,
    isLetterFrame: salutation.test(whole) && whole.length < 60 ? true : signOff.test(previousLine),
  };
}

/** Undefined where the words are not a name or cannot be looked up. */
function nameSupport(written: string, place: Place, known: Knowledge, isGerman: boolean): Support | undefined {
  const found = written.matchAll(/(?:\p{L}\.){1,4}|[\p{L}\p{M}]+\.?(?:['’-][\p{L}\p{M}]+)*/gu);
  const keys = Array.from(found, ([word]) => word)
    .filter((word) => /^\p{Lu}/u.test(word))
    .map(nameKey);
  const isTitled = keys.some((key) => honorifics.has(key));
  const isPart = keys.some((key) => partOfName.has(key));
  const own = keys.filter(
    (key) => key.length > 1 && !notNames.has(key) && !honorifics.has(key) && !partOfName.has(key),
  );
  const unknown = own.filter((key) => !isKnownWord(key, known));
  const [firstOwn] = own;
  if (firstOwn === undefined) return undefined;
  if (unknown.length === 0) return 'supported';
  if (place.isLetterFrame || written === written.toUpperCase()) return 'unsure';
  const isPerson = firstOwn === keys[0] && firstNames.has(firstOwn) && keys.length >= 2;
  if (place.isLabel && !isPerson) return undefined;
  if (isPerson) return 'unsupported';
  if (isTitled && !place.isLabel) return 'unsupported';
  if (isGerman) return germanName(own, unknown, keys, place);
  if (own.length >= 2) {
    const isOnlyOpening = place.isStart && unknown.length === 1 && unknown[0] === own[0] && keys[0] === own[0];
    return isOnlyOpening ? 'unsure' : 'unsupported';
  }
  if (isPart) return 'unsupported';
  return place.isStart ? undefined : 'unsure';
}

/** Every German noun has a capital, but two of them seldom stand side by side where the first counts nothing. */
function germanName(
  own: readonly string[],
  unknown: readonly string[],
  keys: readonly string[],
  place: Place,
): Support | undefined {
  const nouns = /(?:ung|ungen|heit|keit|schaft|tion|tionen|chen|tag|woche|monat|jahr|zeit|uhr|preis|team|service)$/;
  if (
    own.length < 2 ||
    unknown.length < own.length ||
    keys.some((key) => smallNouns.has(key)) ||
    own.some((key) => nouns.test(key))
  )
    return undefined;
  return place.isStart ? 'unsure' : 'unsupported';
}

function isKnownWord(key: string, known: Knowledge): boolean {
  const isThere = (each: string) => known.words.has(each) || known.initials.has(each);
  if (isThere(key)) return true;
  if (key.includes('-') && key.split('-').every((part) => isThere(part) || notNames.has(part))) return true;
  // "Italian" for "Italy", "Berliner" for "Berlin", plurals and genitives.
  const endings = ['s', 'es', 'n', 'an', 'ian', 'ish', 'ese', 'er', 'ers', 'en', 'e', 'ing', 'ed'];
  for (const ending of endings) {
    if (key.endsWith(ending) && key.length - ending.length >= 3) {
      const stem = key.slice(0, -ending.length);
      if (isThere(stem) || isThere(`${stem}y`) || isThere(`${stem}a`) || isThere(`${stem}e`)) return true;
    }
    if (isThere(`${key}${ending}`)) return true;
  }
  return key.length >= 5 && known.compact.includes(key);
}
