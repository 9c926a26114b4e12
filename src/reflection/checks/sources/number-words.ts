/** Numbers that are written as words, in the languages that answers are checked in. */
import { koreanCounters } from '../korean-counters.ts';
import { type Numerals, spoken } from './numerals.ts';

export type SpokenLanguage = keyof typeof spoken;
export const spokenLanguages: readonly SpokenLanguage[] = ['en', 'de', 'fr', 'es'];

const tables: Readonly<Record<SpokenLanguage, ReadonlyMap<string, number>>> = {
  en: tableOf(spoken.en),
  de: tableOf(spoken.de),
  fr: tableOf(spoken.fr),
  es: tableOf(spoken.es),
};

function tableOf({ small, tens, others }: Numerals): ReadonlyMap<string, number> {
  const units = small.split(' ').map((word, value) => [word, value] as const);
  const decades = tens.split(' ').map((word, index) => [word, (index + 2) * 10] as const);
  // "einundzwanzig", "zweihundert".
  const joined = units.slice(1, 10).flatMap(([word, value]) => {
    const stem = word === 'eins' ? 'ein' : word;
    const ties = decades.map(([decade, ten]) => [`${stem}und${decade}`, ten + value] as const);
    return [...ties, [`${stem}hundert`, value * 100] as const, [`${stem}tausend`, value * 1000] as const];
  });
  return new Map([...units, ...decades, ...joined, ...Object.entries(others)]);
}

const word = /\p{L}[\p{L}\p{M}]*(?:-\p{L}[\p{L}\p{M}]*)*/gu;
const connectors = new Set(['and', 'et', 'y', 'und']);

export interface NumberWords {
  readonly start: number;
  readonly end: number;
  readonly value: number;
}

/** Every number in words, "two hundred and fifty" as one. */
export function numberWords(text: string, language: SpokenLanguage): NumberWords[] {
  const table = tables[language];
  const found: NumberWords[] = [];
  let open: { start: number; end: number; total: number; current: number } | undefined;
  const close = (): void => {
    if (open) found.push({ start: open.start, end: open.end, value: open.total + open.current });
    open = undefined;
  };
  for (const match of text.matchAll(word)) {
    const end = match.index + match[0].length;
    const values = valuesOf(match[0].toLowerCase(), table);
    const follows = open !== undefined && /^[^\S\n]$/.test(text.slice(open.end, match.index));
    if (open && follows && connectors.has(match[0].toLowerCase()) && open.current % 10 === 0) {
      open.end = end;
      continue;
    }
    if (!values) {
      close();
      continue;
    }
    const [value = 0] = values;
    if (!open || !follows || (value < 100 && open.current % 100 !== 0 && !isAddedTo(open.current, value, language))) {
      close();
      open = { start: match.index, end, total: 0, current: 0 };
    }
    for (const each of values) add(open, each);
    open.end = end;
  }
  close();
  return found;
}

/** "twenty one", and the French "soixante et onze". */
function isAddedTo(tens: number, value: number, language: SpokenLanguage): boolean {
  return tens % 10 === 0 && (value < 10 || (language === 'fr' && tens % 100 === 60 && value === 11));
}

function add(sum: { total: number; current: number }, value: number): void {
  if (value >= 1_000) {
    sum.total += Math.max(sum.current, 1) * value;
    sum.current = 0;
  } else if (value === 100) sum.current = Math.max(sum.current, 1) * 100;
  else sum.current += value;
}

function valuesOf(written: string, table: ReadonlyMap<string, number>): readonly number[] | undefined {
  const whole = table.get(written);
  if (whole !== undefined) return [whole];
  const parts = written.split('-').map((part) => table.get(part));
  const values = parts.filter((part) => part !== undefined);
  return parts.length > 1 && values.length === parts.length ? values : undefined;
}

const koreanNumerals: Readonly<Record<string, number>> = {
  ...koreanCounters,
  열두: 12,
  스무: 20,
  서른: 30,
  하나: 1,
  둘: 2,
  셋: 3,
  넷: 4,
  절반: 0.5,
  정오: 12,
};
const koreanWord = new RegExp(
  `(?<![\\p{Script=Hangul}])(?:${Object.keys(koreanNumerals)
    .sort((a, b) => b.length - a.length)
    .join(
      '|',
    )})(?=\\s?(?:명|분|개|시|달|살|마리|권|병|잔|번|대|장|곳|배|차례|건|송이|그루|채|켤레|팀|사람|[.,]|$|\\s|은|는|이|가|을|를|의|로|으로|째))`,
  'gu',
);

const ideographic: Readonly<Record<string, number>> = {
  〇: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};
const ideographicScales: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1e3 };

/** Numbers in Korean words and in ideographs: "세 명", "三十名". */
export function eastAsianNumberWords(text: string): NumberWords[] {
  const korean = Array.from(text.matchAll(koreanWord), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
    value: koreanNumerals[match[0]] ?? 0,
  }));
  const others = Array.from(text.matchAll(/[〇一二两三四五六七八九十百千]{1,12}/gu), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
    value: ideographicValue(match[0]),
  }));
  return [...korean, ...others];
}

function ideographicValue(written: string): number {
  let total = 0;
  let current = 0;
  for (const sign of written) {
    const scale = ideographicScales[sign];
    if (scale === undefined) current = current * 10 + (ideographic[sign] ?? 0);
    else {
      total += Math.max(current, 1) * scale;
      current = 0;
    }
  }
  return total + current;
}
