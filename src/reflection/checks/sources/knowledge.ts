/** What the sources and the request give support to, read once a run. */
import type { Source } from '../check.ts';
import { folded } from '../literal.ts';
import { firstFrom } from '../sorted-places.ts';
import { monthsNamed } from './dates.ts';
import { figuresOf, withPlainDigits } from './figures.ts';
import type { Figure, Reading } from './found-claims.ts';
import { nameKey } from './name-words.ts';
import { spokenLanguages } from './number-words.ts';
import type { Unit } from './units.ts';

export interface Quantity {
  readonly value: number;
  readonly units: readonly Unit[];
}

type DateReading = Extract<Reading, { type: 'date' }>;

/** What figures stand in a text. */
export interface KnownFigures {
  /** Numbers by value, each with what they count there. */
  readonly numbers: ReadonlyMap<number, readonly (readonly Unit[])[]>;
  readonly dates: readonly DateReading[];
  readonly years: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly times: ReadonlySet<number>;
  readonly periods: readonly Extract<Reading, { type: 'period' }>[];
  /** The numbers of each sentence or row. */
  readonly rows: readonly (readonly Quantity[])[];
  /** All digits, without what may stand between them in a telephone number. */
  readonly digits: string;
}

export interface Knowledge {
  readonly figures: KnownFigures;
  /** Folded text of the sources, and of the request. */
  readonly sources: string;
  readonly request: string;
  /** Keys of all words, of the sources and the request. */
  readonly words: ReadonlySet<string>;
  /** Both texts without blanks and signs, to find names that are written together elsewhere. */
  readonly compact: string;
  /** Initials of names in a row: "who" for "World Health Organization". */
  readonly initials: ReadonlySet<string>;
}

const mostRows = 150;
const mostInRow = 12;

/** Where one sentence or row ends and the next begins. Not as a reader counts sentences: only figures that stand together matter. */
export function rowBreaks(text: string): number[] {
  return Array.from(text.matchAll(/\n|[.!?](?=\s+\p{Lu})|[。！？]|[다요]\.\s/gu), ({ index }) => index);
}

export function readKnowledge(sources: readonly Source[], question: string): Knowledge {
  const told = sources.map(({ text }) => text).join('\n');
  const everything = withPlainDigits([told, question, ...sources.map(({ id }) => id)].join('\n'));
  const words = wordKeys(everything);
  const initials = initialsOf(everything);
  for (const names of equivalents) {
    const isKnown = names.some((name) => name.split(' ').every((word) => words.has(word)));
    if (isKnown) for (const name of names) for (const word of name.split(' ')) words.add(word);
  }
  return {
    figures: knownFigures(everything),
    sources: folded(told),
    request: folded(question),
    words,
    compact: compacted(everything),
    initials,
  };
}

const equivalents = [
  ['united states', 'us', 'usa', 'america', 'american'],
  ['united kingdom', 'uk', 'britain', 'british'],
  ['european union', 'eu'],
  ['united nations', 'un'],
];

function wordKeys(text: string): Set<string> {
  const keys = new Set<string>();
  for (const [word] of text.matchAll(/(?:\p{L}\.){2,6}|[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’-][\p{L}\p{N}]+)*/gu)) {
    keys.add(nameKey(word));
    for (const part of word.split(/[-'’]/)) keys.add(nameKey(part));
  }
  return keys;
}

function initialsOf(text: string): Set<string> {
  const found = new Set<string>();
  for (const [run] of text.matchAll(
    /\p{Lu}[\p{L}-]+(?:\s(?:(?:of|for|the|and|de|du|der|für|und)\s){0,2}\p{Lu}[\p{L}-]+){1,5}/gu,
  ))
    found.add(run.replace(/\P{Lu}+/gu, '').toLowerCase());
  return found;
}

/** Letters and digits only. */
export function compacted(text: string): string {
  return nameKey(text).replace(/[^\p{L}\p{N}]+/gu, '');
}

function knownFigures(text: string): KnownFigures {
  const numbers = new Map<number, (readonly Unit[])[]>();
  const dates: DateReading[] = [];
  const years = new Set<number>();
  const times = new Set<number>();
  const periods: Extract<Reading, { type: 'period' }>[] = [];
  const rows: Quantity[][] = [];
  const breaks = rowBreaks(text);
  const addNumber = (value: number, units: readonly Unit[]): void => {
    const known = numbers.get(value);
    if (known) {
      if (known.length < 20) known.push(units);
    } else numbers.set(value, [units]);
    if (isYear(value)) years.add(value);
  };
  const addReading = (reading: Reading): void => {
    if (reading.type === 'figure') addNumber(reading.value, reading.units);
    if (reading.type === 'date') {
      dates.push(reading);
      if (reading.day > 0) addNumber(reading.day, ['day']);
      if (reading.year > 0) addNumber(reading.year, ['year']);
    }
    if (reading.type === 'time') {
      for (const minutes of reading.minutes) times.add(minutes % 1440);
      for (const minutes of reading.minutes)
        for (const hour of [Math.floor(minutes / 60), Math.floor(minutes / 60) % 12]) addNumber(hour, ['hour']);
    }
    if (reading.type === 'period') periods.push(reading);
  };
  for (const { readings, span, isWord } of figuresOf(text, spokenLanguages)) {
    for (const reading of readings) addReading(reading);
    const [quantity] = quantitiesOf(readings);
    if (quantity && !(isWord && quantity.value >= 1 && quantity.value < 2)) {
      const row = firstFrom(breaks, span[0]);
      if (row < mostRows) {
        rows[row] ??= [];
        const inRow = rows[row];
        if (inRow.length < mostInRow) inRow.push(quantity);
      }
    }
  }
  return {
    numbers,
    dates,
    years,
    months: monthsNamed(text),
    times,
    periods,
    rows: rows.filter((row) => row !== undefined),
    digits: text.replace(/(?<=\d)[\s()./+-]{1,3}(?=[\d(])/g, ''),
  };
}

/** Years and clock times count as numbers, too, when something is reckoned from them. */
export function quantitiesOf(readings: Figure['readings']): Quantity[] {
  return readings.flatMap((reading): Quantity[] => {
    if (reading.type === 'figure') return [{ value: reading.value, units: reading.units }];
    if (reading.type === 'date' && reading.year > 0) return [{ value: reading.year, units: ['year'] }];
    if (reading.type === 'time')
      return reading.minutes.slice(0, 1).map((minutes) => ({ value: minutes / 60, units: ['hour'] }));
    return [];
  });
}

export function isYear(value: number): boolean {
  return Number.isInteger(value) && value >= 1000 && value <= 2100;
}
