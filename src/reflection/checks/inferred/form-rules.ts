/** In which form the answer is: letter case, JSON, quotation marks, a title, how it begins and ends, a postscript, two responses. */
import { type Bounds, countsOf, number, numberOf } from './bounds.ts';
import { quotation, type RequestText, type Sentence, shownEnd, threeAsterisks } from './request-text.ts';
import { firstMatch, found, type InferredSettings, type Rule } from './rule.ts';
import { answerNouns, isAboutAnswer, isCommanding, isTold, mayConstrain } from './sentence-guards.ts';

function rule(
  guarded: (sentence: Sentence) => boolean,
  patterns: readonly RegExp[],
  check: InferredSettings,
  confidence: number,
): Rule {
  return (sentence) => {
    if (!guarded(sentence)) return [];
    return found(firstMatch(patterns, sentence.text), confidence, check);
  };
}

const asked = (sentence: Sentence): boolean => mayConstrain(sentence, ['whole']) && !isTold(sentence.text);
/** Some words of it, and not all. */
const ofSomeWords =
  /\b(?:some|few|key|certain|several|important|stress|more|fewer|less|least|most|such|these|those|any|number of|\d+|use)\s+(?:\w+\s+)?words?\b|(?<!\b(?:all|every)(?: of the| the| your)? )\bwords?\s+(?:\w+\s+)?(?:in|with|should|be)\s|\b(?:in|for|of|as) the (?:title|heading|headline|name|acronym|subject)s?\b|\b(?:first letter|initials?|acronyms?)\b/i;

export const lowercase: Rule = rule(
  (sentence) =>
    asked(sentence) &&
    !/\bin the (?:titles?|headings?|names?|subject)\b|\b(?:titles?|headings?|names?|first letter|labels?|keys?|some|variable)\b.{0,20}\blower/i.test(
      sentence.text,
    ),
  [
    /\b(?:all|only|entirely|completely|just|in|use|using|be|are)\s+(?:in\s+|of\s+)?(?:(?:all|only|entirely|completely)\s+)?(?:in\s+)?lower[- ]?cases?(?:\s+letters?)?\b/i,
    /\b(?:no|without(?: using)?(?:\sany)?|avoid(?: using)?(?:\sany)?|(?:do|should|must|can|does) ?n[o'’]t (?:use|contain|include|have)(?:\sany)?)\s+(?:capital|upper[- ]?case)(?: letters?|s\b|ization\b|izations\b)/i,
    /\bnot a single letter\b.{0,40}\bcapitali[sz]ed?\b/i,
  ],
  { type: 'lowercase' },
  0.96,
);

export const uppercase: Rule = rule(
  (sentence) => asked(sentence) && !ofSomeWords.test(sentence.text),
  [
    /\b(?:in|using|use|only|be|of)\s+(?:only\s+|all\s+|entirely\s+)*(?:capital letters|caps\b|upper[- ]?case(?: letters)?)(?:\s+only)?/i,
    /\ball[- ](?:caps|capital letters|upper[- ]?case)\b/i,
    /\b(?:response|answer|reply|text|everything|poem|story)\b.{0,20}\b(?:should|must) be (?:fully |entirely |all )?(?:capitali[sz]ed|upper[- ]?case)\b/i,
    /\ball (?:the )?(?:letters|words)\b.{0,40}\b(?:capitali[sz]ed|upper[- ]?case|capitals?)\b/i,
    /\bno lower[- ]?case letters\b/i,
  ],
  { type: 'uppercase' },
  0.95,
);

/** "Use words in all capital letters, but fewer than ten times." */
export const capitalWords: Rule = (sentence, { sentences }) => {
  const { text } = sentence;
  if (!mayConstrain(sentence)) return [];
  const isNamed =
    /\bwords?\b.{0,30}\b(?:all[- ])?(?:capital(?: letters|s|i[sz]ed)?|caps|upper[- ]?case)\b|\b(?:all[- ]caps|capitali[sz]ed|stress)\s+words?\b/i;
  const before = sentences[sentences.indexOf(sentence) - 1];
  if (!isNamed.test(text)) return [];
  const isOfLetters =
    /capital letters|all[- ](?:caps|capitals)|upper[- ]?case/i.test(text) ||
    (before !== undefined && /capital|caps/i.test(before.text));
  if (!isOfLetters) return [];
  const counts = [
    ...countsOf(text, 'times|(?:\\w+ )?words?(?: (?:in|with) (?:all )?(?:capital|caps)[a-z]*(?: letters)?)?'),
    ...trailing(text),
  ];
  const [only, ...more] = counts;
  if (more.length > 0) return [];
  const some = only ? null : /\b(?:some|a few|several) words?\b/i.exec(text);
  if (some && isCommanding(text)) return found(some, 0.92, { type: 'capital_words', min: 1 });
  if (!only) return [];
  return [{ check: { type: 'capital_words', ...only.bounds }, from: only.from, to: only.to, confidence: 0.92 }];
};

/** "… to less than four." */
function trailing(text: string): { readonly bounds: Bounds; readonly from: number; readonly to: number }[] {
  const match = new RegExp(`\\b(?:to|be)\\s+(less|fewer|more) than (${number})[.!]?$`, 'i').exec(text);
  const count = numberOf(match?.[2] ?? '');
  if (!match || count === undefined) return [];
  const bounds = match[1]?.toLowerCase() === 'more' ? { min: count + 1 } : { max: count - 1 };
  return [{ bounds, from: match.index, to: match.index + match[0].length }];
}

export const json: Rule = rule(
  (sentence) =>
    asked(sentence) &&
    !/\bjson (?:schema|file|parser|object named|web token|path|lines)\b|\b(?:parse|load|convert|read|explain|what is)\b.{0,30}\bjson\b/i.test(
      sentence.text,
    ),
  [
    /\b(?:entire|whole|full|complete|all)\b.{0,40}\b(?:in|as|with|inside|into|be)\s+(?:a\s+|an\s+)?(?:valid\s+|single\s+)?json\b/i,
    /\b(?:output|response|answer|reply|respond|return|wrap(?:ped)?|format(?:ted)?|give|provide|present|write|result)\b.{0,60}\b(?:in|as|with|using|only|strictly in)\s+(?:a\s+|an\s+)?(?:valid\s+|strict\s+|pure\s+)?json(?: format| object| block| only)?\b/i,
    /\b(?:return|output|give|provide|need|want)\b.{0,60}\b(?:as (?:an? )?(?:valid )?json(?: object| array)?\b|only (?:valid )?json\b)/i,
    /\bonly (?:contain|contains|output|return|respond with|a|valid)\s?(?:a\s+)?json\b/i,
    /\bjson (?:format )?only\b|\bin json format\b/i,
  ],
  { type: 'json', allow_fence: true },
  0.95,
);

const whole = `(?:(?:your|the|this|its|all of your)\\s+)?(?:(?:entire|whole|full|complete|very)\\s+)?(?:one-sentence\\s+)?(?:${answerNouns})`;

export const quoted: Rule = rule(
  asked,
  [
    new RegExp(
      `\\b(?:wrap|put|enclose|surround|place|be|is)\\b.{0,20}?(?:${whole})?.{0,30}?\\b(?:in|with|inside|within|by)\\s+(?:a pair of\\s+)?double[- ]quot(?:ation|ations|e|es)?(?:\\s+marks?)?`,
      'i',
    ),
    new RegExp(`\\bdouble[- ]quot(?:ation|ations|e|es)?(?:\\s+marks?)?\\s+around\\s+${whole}`, 'i'),
  ],
  { type: 'quoted' },
  0.95,
);

export const title: Rule = rule(
  (sentence) => mayConstrain(sentence, ['parted', 'elsewhere']),
  [
    /\b(?:title|name of the (?:story|poem|song|article|book)|title of)\b.{0,60}?(?:double (?:angular|angle) brackets|<<)/i,
    /\bdouble (?:angular|angle) brackets\b.{0,40}\btitle\b/i,
  ],
  { type: 'title' },
  0.96,
);

const theAnswer = `(?:(?:your|the|this|it|my)\\s+)?(?:(?:entire|whole|full|complete)\\s+)?(?:(?:${answerNouns})\\s+)?`;
const phraseNoun = `(?:(?:this|the|these|an?)\\s+)?(?:following\\s+)?(?:exact(?:ly)?\\s+)?(?:phrase|sentence|question|words?|line|statement|text)?`;
const ends = new RegExp(
  `\\b(?:end|finish|conclude|close)(?:ing|s)?\\s+${theAnswer}(?:up\\s+)?(?:with|by saying|by asking)\\s+(?:exactly\\s+)?${phraseNoun}\\s*:?\\s*(?<phrase>${quotation})`,
  'i',
);
const lastSentence = new RegExp(
  `\\b(?:very\\s+)?(?:last\\s+(?:sentence|line|words?|phrase)|end)\\s+(?:of|in)\\s+${theAnswer}(?:should|must|has to|needs to|be|is|read)\\s*(?:be|read|say)?\\s*(?:exactly\\s*)?(?:like\\s*)?(?:this\\s*)?${phraseNoun}\\s*:?\\s*(?<phrase>${quotation})`,
  'i',
);
const endsUnquoted = new RegExp(
  `\\b(?:end|finish|conclude)\\s+${theAnswer}with\\s*(?:(?:this|the|exactly|these)\\s+)*(?:following\\s+)?(?:exact\\s+)?(?:phrase|sentence|question|words?|line)?\\s*:\\s*|\\b(?:very )?(?:end|last (?:sentence|line|words?)) of ${theAnswer}(?:should|must|has to|needs to) (?:read|be|say)(?: exactly)?(?: like)?(?: this)?\\s*:\\s*`,
  'i',
);
const firstWords = new RegExp(
  `\\b(?:very )?first (?:words?|sentence|line) (?:of|in) ${theAnswer}(?:should|must|has to|have to|needs? to) (?:be|read)\\s*:?\\s*(?<phrase>${quotation})`,
  'i',
);
const starts = new RegExp(
  `(?:^|[,;:]\\s+|\\b(?:and|please|should|must|to|then)\\s+)(?:start|begin|open)\\s+${theAnswer}with\\s+${phraseNoun}\\s*:?\\s*(?<phrase>${quotation})`,
  'i',
);

function phraseOf(sentence: Sentence, match: RegExpExecArray): string {
  return shownEnd(sentence, match, match.groups?.['phrase'] ?? '');
}

const ofParts =
  /\b(?:paragraph|sentence|line|section|bullet|stanza|verse|word)s?\b.{0,25}\b(?:start|begin|end)|\b(?:each|every)\b/i;

export const endings: Rule = (sentence, request) => {
  if (!asked(sentence) || !isAboutAnswer(sentence.text)) return [];
  const match = firstMatch([ends, lastSentence], sentence.text);
  if (match && !ofParts.test(sentence.text.slice(0, match.index))) {
    return found(match, 0.96, { type: 'ends_with', phrase: phraseOf(sentence, match) });
  }
  const open = endsUnquoted.exec(sentence.text);
  if (!open) return [];
  const from = sentence.start + open.index + open[0].length;
  const phrase = (request.original.slice(from).split('\n')[0] ?? '').trim();
  // Where another sentence follows, it is not known where the phrase ends.
  return phrase.length > 0 && phrase.length < 200 && !/["“”]|[.!?]\s+\S/.test(phrase)
    ? found(open, 0.92, { type: 'ends_with', phrase })
    : [];
};

export const beginnings: Rule = (sentence) => {
  if (!asked(sentence) || !isAboutAnswer(sentence.text) || ofParts.test(sentence.text)) return [];
  const match = firstMatch([starts, firstWords], sentence.text);
  return match ? found(match, 0.94, { type: 'starts_with', phrase: phraseOf(sentence, match) }) : [];
};

export const postscript: Rule = (sentence, { original }) => {
  const { text } = sentence;
  const match = /\bpost ?script\b|\b(?:with|add|adding|include) an? P\.(?:P\.)?S\b/i.exec(text);
  if (!match || !mayConstrain(sentence, ['elsewhere']) || /\bno post ?script|without a post/i.test(text)) return [];
  const around = original.slice(sentence.start, sentence.start + text.length + 12);
  const marker = /\bP\.\s?P\.\s?S\.?/.test(around) ? 'P.P.S' : /\bP\.\s?S\.?/.test(around) ? 'P.S.' : undefined;
  return marker && isAboutAnswer(text) ? found(match, 0.96, { type: 'postscript', marker }) : [];
};

/** "Two different responses, separated by six asterisks." */
export const twoResponses: Rule = (sentence, request) => {
  const match = /(?<!\*)\*{6}(?!\*)|\b(?:6|six) asterisks?(?: symbols?)?/i.exec(sentence.text);
  if (!match || !mayConstrain(sentence, ['parted'])) return [];
  const at = request.sentences.indexOf(sentence);
  const around = request.sentences
    .slice(Math.max(0, at - 2), at + 2)
    .map(({ text }) => text)
    .join(' ');
  if (
    !/\b(?:two|2|both|a different|another)\b/i.test(around) ||
    /\b(?:three|four|five|3|4|5)\s+(?:\w+\s+)?(?:responses|answers|versions)/i.test(around)
  )
    return [];
  return found(match, 0.93, { type: 'two_responses' });
};

const ordinals: readonly string[] = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
];
const nth = new RegExp(
  `\\b(?:(?<ordinal>${ordinals.join('|')}|last|\\d{1,2}(?:st|nd|rd|th))\\s+paragraph|paragraph\\s+(?<number>\\d{1,2}))\\b.{0,30}?\\b(?:start|begin)s?\\s+with\\s+(?:the\\s+)?(?:exact\\s+)?(?:word|phrase)?\\s*(?<word>${quotation}|[^\\s,.;:!?"()]+)|\\b(?:start|begin)\\s+(?:the\\s+)?(?:(?<ordinal2>${ordinals.join('|')}|last)\\s+paragraph|paragraph\\s+(?<number2>\\d{1,2}))\\s+with\\s+(?:the\\s+)?(?:word|phrase)?\\s*(?<word2>${quotation}|[^\\s,.;:!?"()]+)`,
  'i',
);

export const paragraphStarts: Rule = (sentence, request) => {
  const match = mayConstrain(sentence, ['elsewhere']) ? nth.exec(sentence.text) : null;
  if (!match) return [];
  const { ordinal, ordinal2, number: digits, number2, word, word2 } = match.groups ?? {};
  const paragraph = placeOf(ordinal ?? ordinal2, digits ?? number2, request);
  const first = shownEnd(sentence, match, word ?? word2 ?? '');
  if (paragraph === undefined || first === '' || /^(?:the|a|an)$/i.test(first)) return [];
  const divided = threeAsterisks.test(request.original) && { separator: '***' };
  return found(match, 0.95, { type: 'paragraph_starts_with', paragraph, word: first, ...divided });
};

function placeOf(ordinal: string | undefined, digits: string | undefined, request: RequestText): number | undefined {
  if (digits !== undefined) return Number(digits);
  const name = ordinal?.toLowerCase() ?? '';
  if (/^\d/.test(name)) return Number.parseInt(name, 10);
  if (name !== 'last') return ordinals.indexOf(name) + 1 || undefined;
  const [only, ...more] = request.sentences.flatMap(({ text }) => countsOf(text, 'paragraphs?'));
  return more.length === 0 ? only?.bounds.exactly : undefined;
}
