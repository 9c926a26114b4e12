/** Which words, letters and marks the answer has and has not, and how often. */
import { isNegated, negated, timesOf } from './bounds.ts';
import { quotation, quotedIn, type Sentence, shownEnd } from './request-text.ts';
import { firstMatch, found, type Rule } from './rule.ts';
import { isAboutAnswer, isTold, mayConstrain } from './sentence-guards.ts';

const not = `(?:do(?:es)? not|do(?:es)?n['’]t|never|must not|mustn['’]t|should not|shouldn['’]t|can ?not|can['’]t|may not|not allowed to|without|avoid(?:ing)?|refrain from|exclud(?:e|ing)|leave out|omit|not)`;
const saying = `(?:includ(?:e|ing)|us(?:e|ing)|contain(?:ing)?|say(?:ing)?|mention(?:ing)?|hav(?:e|ing)|writ(?:e|ing)|repeat(?:ing)?|employ(?:ing)?)`;
const nouns = `(?:(?:following |negative |exact )?(?:key ?words?|words?|terms?|phrases?|expressions?|lines?|names?))`;

/** A list of quoted words: 'can' and 'ride'; "a", "b" or "c"; ['bad', 'good']. */
const quotedList = `\\[?${quotation}(?:(?:\\s*,\\s*(?:and |or )?|\\s+(?:and|or|nor)\\s+)${quotation})*\\]?`;
/**
 * A letter or a number, as a class that no engine has to fold: V8 takes milliseconds to compile `\p{L}` in a pattern that ignores case.
 */
const plainLetter = `[^\\s\\x00-/:-@[-\`{-\\xBF\\u2010-\\u206F\\u3000-\\u303F\\uE000]`;
const plainWord = `${plainLetter}(?:${plainLetter}|['’-])*`;
const plainList = `${plainWord}(?:(?:\\s*,\\s*(?:and |or )?|\\s+(?:and|or|nor)\\s+)${plainWord})*`;
const list = `(?<list>${quotedList}|${plainList})`;

const forbidden: readonly RegExp[] = [
  new RegExp(
    `\\b${not}(?: any of)?(?: to)?\\s+(?:${saying}\\s+)?(?:any of )?(?:the |any |these )?${nouns}(?:\\s+(?:such as|like))?\\s*[:,]?\\s*${list}`,
    'i',
  ),
  new RegExp(`\\b${not}\\s+(?:to )?${saying}\\s+(?:either )?(?<list>${quotedList})`, 'i'),
  new RegExp(
    `\\b(?:the |these )?${nouns}\\s*[:,]?\\s*${list}\\s+(?:should|must|can|may|are|is|shall)\\s?(?:not|n['’]t)\\b(?! be (?:the )?(?:first|last|only))`,
    'i',
  ),
];

const required: readonly RegExp[] = [
  new RegExp(
    `\\b(?:includ(?:e|es|ing)|us(?:e|es|ing)|contain(?:s|ing)?|mention(?:s|ing)?|incorporat(?:e|es|ing)|ha(?:s|ve)|put|add|say)\\s+(?:all of |both )?(?:the |these |of the )?(?:following |exact )?(?:key ?words?|words?|terms?|phrases?|line|items?)(?:\\s+of)?\\s*[:,]?\\s*${list}`,
    'i',
  ),
  new RegExp(`\\b(?:includ(?:e|es|ing)|mention(?:s|ing)?|incorporat(?:e|es|ing))\\s+(?<list>${quotedList})`, 'i'),
  new RegExp(
    `\\b${nouns}\\s+(?<list>${quotedList})\\s+(?:must|should|has to|have to|needs? to)\\s+(?:all |both )?(?:appear|be (?:included|used|mentioned|present))`,
    'i',
  ),
];

/** Words that end a list of plain words, and are none of it. */
const stopping = new Set(
  'in on at the a an to of for with from as by throughout anywhere somewhere within your response answer and or nor but use include make wrap must should is are be it them this that more than less least most once twice times only before after while when whatsoever at-least'.split(
    ' ',
  ),
);
/** These say how a list is to be used, and so are no words of it. */
const pronouns =
  /^(?:following|below|above|listed|given|such|any|other|same|correct|right|exact|best|own|provided|only|these|those|like|from|i|count|limit|choice|describing|related|that|which|itself)$/i;

function wordsOf(sentence: Sentence, match: RegExpExecArray): string[] | undefined {
  const listed = match.groups?.['list'] ?? '';
  if (/\uE000/.test(listed)) {
    const at = match.index + match[0].indexOf(listed);
    return quotedIn(sentence, listed, at).map((phrase) => phrase.replace(/[,.]$/, ''));
  }
  const words: string[] = [];
  for (const part of listed.split(/\s*,\s*(?:and |or )?|\s+(?:and|or|nor)\s+/i)) {
    const word = part.trim();
    if (word === '' || stopping.has(word.toLowerCase())) break;
    words.push(word);
  }
  return words.length === 0 || words.some((word) => pronouns.test(word)) ? undefined : words;
}

/** Other things than words are asked for: a count of them, a rhyme, an example. */
const otherwise =
  /\b(?:such as|for example|(?<!-)like|e\.g|i\.e|etc|rhym\w*|synonyms?|starting with|ending with|beginning with|that (?:rhyme|start|begin|end))\b/i;

export const keywords: Rule = (sentence) => {
  const { text } = sentence;
  if (!mayConstrain(sentence, ['elsewhere']) || isTold(text) || !isAboutAnswer(text)) return [];
  const banned = firstMatch(forbidden, text);
  if (banned) {
    const words = wordsOf(sentence, banned);
    const isPlain = words !== undefined && !/\b(?:other|more|any) than\b/i.test(text) && !/\bexcept\b/i.test(text);
    return isPlain ? found(banned, 0.95, { type: 'forbidden_words', words }) : [];
  }
  const wanted = firstMatch(required, text);
  const words = wanted && wordsOf(sentence, wanted);
  if (wanted && (timesOf(text.slice(wanted.index)) || otherwise.test(text.slice(wanted.index)))) return [];
  const isPlain = wanted && words && !isNegated(text.slice(0, wanted.index));
  return isPlain ? found(wanted, 0.94, { type: 'keywords', keywords: words }) : [];
};

const oneWord = new RegExp(`\\b(?:the\\s+)?(?:key ?word|word|term|phrase)\\s+(?<word>${quotation}|${plainWord})`, 'gi');
const oneLetter = new RegExp(`\\b(?:the\\s+)?letter\\s+(?<letter>${quotation}|${plainLetter})(?!${plainLetter})`, 'gi');

/** "The word X at least three times." Two words with two counts are told apart by their order. */
export const wordCounts: Rule = (sentence) => {
  const { text } = sentence;
  if (!mayConstrain(sentence, ['elsewhere']) || isTold(text)) return [];
  const named = [...text.matchAll(oneWord)];
  return named.flatMap((match, index) => {
    const next = named[index + 1];
    const part = text.slice(match.index, next?.index);
    const times = timesOf(part);
    const word = nameIn(sentence, match, 'word');
    if (!times || word === undefined || !/^[\p{L}\p{N}][\p{L}\p{N}' ’-]*$/u.test(word)) return [];
    if (stopping.has(word.toLowerCase()) && !/\uE000/.test(match[0])) return [];
    const bounds = isNegated(text.slice(0, match.index)) ? negated(times.bounds) : times.bounds;
    if (!bounds) return [];
    const check = { type: 'keyword_count', keyword: word, ...bounds } as const;
    return [{ check, from: match.index, to: match.index + times.to, confidence: 0.95 }];
  });
};

function nameIn(sentence: Sentence, match: RegExpExecArray, group: string): string | undefined {
  const name = match.groups?.[group];
  return name === undefined ? undefined : shownEnd(sentence, match, name);
}

export const letterCounts: Rule = (sentence) => {
  const { text } = sentence;
  if (!/\bletter\b/i.test(text) || !mayConstrain(sentence, ['elsewhere'])) return [];
  const [only, ...more] = [...text.matchAll(oneLetter)];
  if (!only || more.length > 0) return [];
  const letter = nameIn(sentence, only, 'letter');
  if (letter === undefined || [...letter].length !== 1) return [];
  const times = timesOf(text.slice(only.index)) ?? timesOf(text);
  const isBanned = isNegated(text.slice(0, only.index));
  const none = isBanned ? { max: 0 } : undefined;
  const counted = times && isBanned ? negated(times.bounds) : times?.bounds;
  const bounds = times ? counted : none;
  return bounds ? found(only, 0.94, { type: 'letter_count', letter, ...bounds }) : [];
};

const marks = {
  commas: ',',
  comma: ',',
  'exclamation marks': '!',
  'exclamation points': '!',
  'question marks': '?',
  semicolons: ';',
  hashtags: '#',
} as const;

const markNames = Object.keys(marks).join('|');
const bannedMark: readonly RegExp[] = [
  new RegExp(
    `\\b${not}(?:\\s+(?:to|any|single|one|the|a|${saying}|use of|usage of))*\\s+(?<mark>${markNames})\\b`,
    'i',
  ),
  new RegExp(`\\b(?:no|zero)\\s+(?<mark>${markNames})\\b`, 'i'),
  new RegExp(
    `\\b(?<mark>${markNames})\\s+(?:are|is)\\s+(?:not|strictly)\\s+(?:allowed|permitted|forbidden|prohibited)`,
    'i',
  ),
  new RegExp(
    `\\b(?:doesn['’]t|does not|that has no|free of)\\s+(?:use|contain|include|have)?\\s*(?:any\\s+)?(?<mark>${markNames})\\b`,
    'i',
  ),
];

export const forbiddenMarks: Rule = (sentence) => {
  const { text } = sentence;
  if (!mayConstrain(sentence, ['whole']) || isTold(text)) return [];
  if (
    /\b(?:more|other|fewer|less) than\b[^.]{0,20}\b(?:commas?|marks|points)\b|\btoo many\b|\bunnecessary\b|\b(?:in|between) (?:numbers|the list)\b/i.test(
      text,
    )
  )
    return [];
  const match = firstMatch(bannedMark, text);
  const name = Object.entries(marks).find(([known]) => known === match?.groups?.['mark']?.toLowerCase());
  return match && name ? found(match, 0.97, { type: 'forbidden_characters', characters: [name[1]] }) : [];
};

/** "6 or more exclamation marks." */
export const markCounts: Rule = (sentence) => {
  const { text } = sentence;
  if (!mayConstrain(sentence) || !isAboutAnswer(text)) return [];
  const named = /\b(exclamation (?:marks?|points?)|question marks?|hashtags?)\b/i.exec(text);
  const name = named?.[1]?.toLowerCase().replace(/s?$/, 's');
  const mark = Object.entries(marks).find(([known]) => known === name)?.[1];
  if (!named || mark === undefined) return [];
  const before = text.slice(0, named.index + named[0].length);
  const times = timesOf(before.replace(/(?:exclamation (?:marks?|points?)|question marks?|hashtags?)$/i, 'times'));
  return times
    ? [
        {
          check: { type: 'letter_count', letter: mark, ...times.bounds },
          from: times.from,
          to: named.index + named[0].length,
          confidence: 0.92,
        },
      ]
    : [];
};
