/** What a failed check asks to remove, to add or to rewrite. A revision that mends the check may change that much. */
import type { CheckResult, Span } from '../checks/check.ts';
import type { CheckType } from '../checks/checks.ts';
import { isRecord } from '../is-record.ts';
import { sentenceAround, sentenceAt, sentenceEnds } from './sentence-places.ts';

export interface Demand {
  /** The share of the text that is asked to go, 0 to 1. */
  readonly removes: number;
  /** How many times as long the text may have to become; 1 where nothing is asked to be added. */
  readonly grows: number;
  /** Where words may go or change: the sentences that hold what is refuted. */
  readonly spans: readonly Span[];
  /** Why the mended text may be written in other words. */
  readonly rewrites: 'translation' | 'data' | 'record' | 'choice' | 'pattern' | null;
  /** The words that are asked to go. */
  readonly unwanted: readonly string[];
  /** Where those words stand. A number, link or name beside them stays. */
  readonly unwantedPlaces: readonly Span[];
  /** Places that are refuted, so that their sentences may come to say the contrary. */
  readonly refuted: readonly Span[];
  /** Whether the numbers themselves are refuted. */
  readonly freesNumbers: boolean;
}

const nothing: Demand = {
  removes: 0,
  grows: 1,
  spans: [],
  rewrites: null,
  unwanted: [],
  unwantedPlaces: [],
  refuted: [],
  freesNumbers: false,
};

type Read = (check: CheckResult, text: string) => Partial<Demand>;

/** A mend of form may add a heading, a marker or a closing phrase. */
const room: Read = () => ({ grows: 1.5 });
/** Units that make up the text: with fewer of them the text is shorter. */
const counted: Read = (check) => amount(check, 1);
/** Units that can be joined instead of removed, so only half of the excess has to go. */
const joined: Read = (check) => amount(check, 0.5);

const demands: { readonly [Type in CheckType]?: Read } = {
  words: counted,
  sentences: counted,
  characters: counted,
  paragraphs: joined,
  lines: joined,
  bullets: counted,
  sections: counted,
  two_responses: counted,
  letter_count: joined,
  keyword_count: joined,
  highlights: room,
  placeholders: room,
  keywords: room,
  title: room,
  postscript: room,
  starts_with: room,
  ends_with: room,
  paragraph_starts_with: room,
  repeats_prompt: () => ({ grows: 3 }),
  forbidden_words: ({ measured }, text) => ({
    spans: sentencesWith(textsOf(measured), text),
    unwanted: textsOf(measured),
    unwantedPlaces: placesOf(textsOf(measured), text),
  }),
  forbidden_characters: ({ expected }) => ({ freesNumbers: /\d/.test(textsOf(field(expected, 'none')).join('')) }),
  // Numbers that were calculated from a wrong result change with it.
  arithmetic: ({ measured }, text) => ({
    ...refutedIn(textsOf(field(measured, 'wrong')), text),
    freesNumbers: true,
  }),
  sources: ({ measured }, text) => refutedIn(textsOf(field(measured, 'unsupported')), text),
  regex: ({ expected, span }, text) => {
    if (field(expected, 'should_match') === false)
      return {
        spans: span ? [sentenceAt(text, span)] : [],
        unwanted: span ? [text.slice(...span)] : [],
        unwantedPlaces: span ? placesOf([text.slice(...span)], text) : [],
        // A pattern for numbers may match others than the first.
        freesNumbers: span === null || /\p{N}/u.test(text.slice(...span)),
      };
    return isWholePattern(field(expected, 'pattern'), field(expected, 'full_match'))
      ? { rewrites: 'pattern' }
      : { grows: 1.5 };
  },
  language: () => ({ rewrites: 'translation' }),
  json: () => ({ rewrites: 'data' }),
  json_schema: () => ({ rewrites: 'record' }),
  choice: () => ({ rewrites: 'choice' }),
};

const demandsOf: Readonly<Partial<Record<string, Read>>> = demands;

/** What the failed checks ask together. */
export function demandOf(failed: readonly CheckResult[], text: string): Demand {
  return failed
    .map((check) => ({ ...nothing, ...demandsOf[check.type]?.(check, text) }))
    .reduce(
      (sum, each) => ({
        removes: Math.max(sum.removes, each.removes),
        grows: Math.max(sum.grows, each.grows),
        spans: [...sum.spans, ...each.spans],
        rewrites: sum.rewrites ?? each.rewrites,
        unwanted: [...sum.unwanted, ...each.unwanted],
        unwantedPlaces: [...sum.unwantedPlaces, ...each.unwantedPlaces],
        refuted: [...sum.refuted, ...each.refuted],
        freesNumbers: sum.freesNumbers || each.freesNumbers,
      }),
      nothing,
    );
}

/** From how much was measured and how much is wanted; `weight` is how much of it has to go as text. */
function amount({ measured, expected }: CheckResult, weight: number): Partial<Demand> {
  const is = numberOf(measured) ?? numberOf(field(measured, 'most'));
  if (is === undefined) return {};
  const exactly = numberOf(field(expected, 'exactly')) ?? numberOf(field(expected, 'responses'));
  const most = numberOf(field(expected, 'max')) ?? exactly;
  const least = numberOf(field(expected, 'min')) ?? exactly;
  if (most !== undefined && is > most) return { removes: weight * (1 - most / is) };
  // From zero, as in a text without sections, everything may have to be added.
  if (least !== undefined && is < least) return { grows: Math.min(6, Math.max(1.5, (1.5 * least) / Math.max(1, is))) };
  return {};
}

/** Whether the pattern covers the whole text and has no part of any length, so that it prescribes the words. */
function isWholePattern(pattern: unknown, full: unknown): boolean {
  if (typeof pattern !== 'string') return false;
  const isWhole = full === true || (pattern.startsWith('^') && pattern.endsWith('$'));
  return isWhole && !/(?:\.|\]|\\[sSwWD])(?:[*+]|\{\d{1,9},\})/.test(pattern);
}

function refutedIn(parts: readonly string[], text: string): Pick<Demand, 'spans' | 'refuted'> {
  const spans = sentencesWith(parts, text);
  return { spans, refuted: spans };
}

/** Each part is searched in the whole text, so only this many are. */
const mostParts = 500;

/** The sentences in which one of the parts stands, whatever its case. */
function sentencesWith(parts: readonly string[], text: string): Span[] {
  const ends = sentenceEnds(text);
  const spans = new Map<number, Span>();
  for (const place of placesOf(parts, text)) {
    const span = sentenceAround(ends, place, text.length);
    spans.set(span[0], span);
  }
  return [...spans.values()];
}

/** Where one of the parts stands, whatever its case. */
function placesOf(parts: readonly string[], text: string): Span[] {
  const lower = text.toLowerCase();
  // Some letters become longer in lower case. Then offsets do not match.
  if (lower.length !== text.length) return [];
  const places: Span[] = [];
  for (const part of parts.slice(0, mostParts)) {
    const wanted = part.toLowerCase();
    if (wanted === '') continue;
    for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + wanted.length))
      places.push([at, at + wanted.length]);
  }
  return places;
}

function field(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
