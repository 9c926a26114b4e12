/** How long, and of how many parts: words, sentences, paragraphs, lines, characters, bullets, sections, highlights, placeholders. */
import { type Bounds, bareCountOf, type CountFound, compiledOnce, countsOf } from './bounds.ts';
import { type RequestText, type Sentence, threeAsterisks } from './request-text.ts';
import type { Finding, InferredSettings, Rule } from './rule.ts';
import { asksFor, isAboutAnswer, isCommanding, isTold, mayConstrain } from './sentence-guards.ts';

interface Unit {
  readonly pattern: string;
  readonly settings: (bounds: Bounds, sentence: Sentence, request: RequestText) => InferredSettings | undefined;
  /** Where a bare number is meant to be exact: "in three sentences". */
  readonly bare?: RegExp;
}

/** Some of the words are meant, not all of them: "at least 5 words should be in all caps". */
const styled = /^(?:(?!\band\b)[^,.;]){0,40}\b(?:highlight|itali[cs]|bold|emphasi[sz]e|capital|caps\b|upper[- ]?case)/i;

const units: readonly Unit[] = [
  {
    pattern: 'words?',
    settings: (bounds) => ({ type: 'words', ...bounds }),
  },
  {
    pattern: '(?:short |complete |full |long )?sentences?',
    bare: /\b(?:in|with|of|using|be|into)\s+$/i,
    settings: (bounds) => ({ type: 'sentences', ...bounds }),
  },
  {
    pattern: '(?:short )?paragraphs?|parts|sections|stanzas|verses|points',
    bare: /\b(?:in|with|of|using|have|has|into|contain|contains|be|a)\s+$/i,
    settings: paragraphs,
  },
  { pattern: 'lines?', settings: (bounds) => ({ type: 'lines', ...bounds }) },
  {
    pattern: 'characters?(?: \\(?including spaces\\)?)?',
    settings: (bounds, { text }) =>
      /\b(?:main|fictional|story|playable|named)\s+characters?|characters?\s+(?:named|who|called)/i.test(text)
        ? undefined
        : { type: 'characters', ...bounds },
  },
  {
    pattern: '(?:markdown )?bullet(?:ed)?(?:[- ]points?|s| items?| list items?)?',
    bare: /\b(?:in|with|of|using|include|includes|contain|contains|have|has|use|list|give|provide|write|be|form of)\s+$/i,
    settings: (bounds) => ({ type: 'bullets', ...bounds }),
  },
  { pattern: '(?:different )?placeholders?', settings: (bounds) => ({ type: 'placeholders', ...bounds }) },
];

/** Paragraphs are divided by blank lines, or by what the request names. */
function paragraphs(bounds: Bounds, sentence: Sentence, request: RequestText): InferredSettings | undefined {
  const around = withNext(sentence, request);
  const isDivided = threeAsterisks.test(around);
  const isNamed = !/\bparagraphs?\b/i.test(sentence.text) && !isDivided;
  if (isNamed || /\*{6}/.test(around)) return undefined;
  return { type: 'paragraphs', ...bounds, ...(isDivided && { separator: '***' }) };
}

function withNext(sentence: Sentence, { original, sentences }: RequestText): string {
  const at = sentences.indexOf(sentence);
  const next = sentences[at + 1];
  const before = sentences[at - 1];
  const from = before ? before.start : sentence.start;
  return original.slice(from, next ? next.start + next.text.length : undefined);
}

const namedBy = compiledOnce((unit) => new RegExp(unit, 'i'));
const numberStatedOf = compiledOnce(
  (unit) =>
    new RegExp(`\\bnumber of (?:${unit})\\b.{0,60}?\\b(?:should|must|has to|needs to) be (?<rest>.{1,50})$`, 'i'),
);

export const lengths: Rule = (sentence, request) => {
  const named = units.filter(({ pattern }) => namedBy(pattern).test(sentence.text));
  if (named.length === 0 || !mayConstrain(sentence) || isTold(sentence.text)) return [];
  return named.flatMap((unit) => ofUnit(unit, sentence, request));
};

function ofUnit(unit: Unit, sentence: Sentence, request: RequestText): Finding[] {
  const { text } = sentence;
  const counts = countsOf(text, unit.pattern);
  const stated = counts.length > 0 ? counts : statedNumber(unit, text);
  const all = stated.length > 0 ? stated : bareCount(unit, text);
  if (all.length !== 1) return [];
  return all.flatMap(({ bounds, from, to }) => {
    if (styled.test(text.slice(to)) || styled.test(text.slice(from, to))) return [];
    const isSaid = isAboutAnswer(text) || asksFor.test(text) || isFragment(text, to - from);
    const check = isSaid ? unit.settings(bounds, sentence, request) : undefined;
    return check ? [{ check, from, to, confidence: isCommanding(text) ? 0.97 : 0.95 }] : [];
  });
}

const compared = /\b(?:less|fewer|more|least|most|under|over|up to|maximum|minimum|max|min|limit)\b.{0,30}$/i;

/** "In three sentences": the number alone, where people mean just so many. */
function bareCount({ pattern, bare }: Unit, text: string): CountFound[] {
  if (!bare) return [];
  const only = bareCountOf(text, `(?:different |separate |short )?(?:${pattern})(?![\\w-])`);
  const before = text.slice(0, only?.from);
  return only && bare.test(before) && !compared.test(before) ? [only] : [];
}

/** "The number of sentences should be in the range of 40 to 60." */
function statedNumber({ pattern }: Unit, text: string): CountFound[] {
  const found = numberStatedOf(pattern).exec(text);
  const rest = found?.groups?.['rest'];
  if (!found || rest === undefined) return [];
  const [only, ...more] = countsOf(`${rest.replace(/[.!]+$/, '')} units`, 'units');
  return only && more.length === 0 ? [{ bounds: only.bounds, from: found.index, to: text.length }] : [];
}

/** Little more than the constraint itself: "At most 100 words." */
function isFragment(text: string, length: number): boolean {
  return text.length - length < 30 && !/[?]$/.test(text) && !/\b(?:has|have|had|is|are|was|were)\b/i.test(text);
}

const marked = /\b(?:highlight|itali[cs]|bold|emphasi[sz]e)/i;

/** "Highlight at least three sections with markdown." */
export const highlights: Rule = (sentence, request) => {
  const { text } = sentence;
  if (!marked.test(text) || !mayConstrain(sentence) || !isAboutAnswer(text)) return [];
  if (!/markdown|\*/i.test(withNext(sentence, request))) return [];
  const counts = countsOf(
    text,
    '(?:\\w+ )?(?:text )?(?:sections?|parts?|phrases?|(?:key)?words?|portions?|passages?|sentences?|text)(?: text)?(?: sections?)?',
  );
  const [only, ...more] = counts;
  if (!only || more.length > 0) return [];
  return [{ check: { type: 'highlights', ...only.bounds }, from: only.from, to: only.to, confidence: 0.95 }];
};

/** "Four sections, each marked with SECTION X." */
export const sections: Rule = (sentence, request) => {
  if (!/\bsections?\b|\bparagraph x\b|\bday x\b/i.test(sentence.text)) return [];
  if (!mayConstrain(sentence, ['parted']) || marked.test(sentence.text) || isTold(sentence.text)) return [];
  const marker = markerIn(withNext(sentence, request));
  if (marker === undefined) return [];
  const { text } = sentence;
  const [counted] = countsOf(text, 'sections?|paragraphs?|days?');
  const only = counted ?? bareCountOf(text, '(?:sections?|paragraphs?)\\b');
  if (!only) return [];
  const { bounds, from, to } = only;
  return [{ check: { type: 'sections', marker, ...bounds }, from, to, confidence: counted ? 0.95 : 0.93 }];
};

/** What stands before the number: "SECTION X", "Section 1". */
function markerIn(text: string): string | undefined {
  return /\b(SECTION|Section|PARAGRAPH|Day|DAY|Chapter|CHAPTER|Part|PART)\s+(?:X|N|#|\d|\[X\])(?![\w])/.exec(text)?.[1];
}
