/** What the answer is chosen from, in which language it is, and whether the request is repeated before it. */
import { type LanguageCode, languageCodes, languages } from '../language/evidence.ts';
import { isNegated } from './bounds.ts';
import { quotation, quotedIn, type RequestText, type Sentence, shownEnd } from './request-text.ts';
import { firstMatch, found, type Rule } from './rule.ts';
import { isAboutAnswer, isCommanding, isTold, mayConstrain } from './sentence-guards.ts';

const closed =
  /\bone of(?: the| these)?(?: (?:following|exact|three|two|four))*(?: (?:phrases|options|answers|responses|choices|words|sentences|labels|categories)|(?=\s*:)|(?<=following))\b|\bone of(?=\s*:)|\bchoose (?:one )?(?:from|of)\b/i;
const either = /\b(?:answer|reply|respond)(?: only| just| simply)?(?: with)?(?: either)?(?: exactly)?\b/i;
const quotedChoices = new RegExp(`${quotation}(?:(?:\\s*,\\s*(?:or |and )?|\\s+or\\s+)${quotation})+`);

/** "Answer with one of: "yes", "no", "maybe"", in quotation marks or on a line each. */
export const choices: Rule = (sentence, request) => {
  const { text } = sentence;
  const isClosed = closed.test(text);
  const match = (isClosed ? closed : either).exec(text);
  if (!match || !mayConstrain(sentence, ['elsewhere']) || isTold(text)) return [];
  const after = text.slice(match.index + match[0].length);
  const quoted = quotedChoices.exec(after);
  const isEither = quoted !== null && quoted.index < 25 && /\s+or\s+/i.test(quoted[0]);
  if ((!isClosed && !isEither) || !isAboutAnswer(text)) return [];
  if (isNegated(text.slice(0, match.index)) || isNegated(after.slice(0, quoted?.index ?? 0))) return [];
  const listed = quoted
    ? quotedIn(sentence, quoted[0], text.length - after.length + quoted.index)
    : listedAfter(sentence, request);
  if (listed.length < 2 || new Set(listed.map((choice) => choice.toLowerCase())).size < listed.length) return [];
  return [{ check: { type: 'choice', choices: listed }, from: match.index, to: text.length, confidence: 0.93 }];
};

/** The short lines after a sentence that ends with a colon, until one that commands or is empty. */
function listedAfter({ text, start }: Sentence, { original }: RequestText): string[] {
  const inline = /:\s*(?<list>[^:"“”\n]{3,120}?)[.]?$/.exec(text)?.groups?.['list'];
  if (inline !== undefined)
    return inline
      .split(/\s*,\s*(?:or |and )?|\s+or\s+/)
      .map((choice) => choice.trim())
      .filter((choice) => choice !== '');
  if (!text.endsWith(':')) return [];
  const listed: string[] = [];
  for (const line of original
    .slice(start + text.length)
    .replace(/^[^\S\n]*\n/, '')
    .split('\n')) {
    const choice = line
      .replace(/^\s*(?:[-*•]|\d{1,2}[.)])\s+/, '')
      .replace(/^["“”]|["“”]$/g, '')
      .trim();
    if (choice === '' || choice.length > 80 || isCommanding(choice)) break;
    listed.push(choice);
  }
  return listed.length <= 10 ? listed : [];
}

const languageNames = new Map<string, LanguageCode>(
  languageCodes.map((code) => [languages[code].name.toLowerCase(), code]),
);
languageNames.set('farsi', 'fa').set('mandarin', 'zh');
const language = `(?<language>${[...languageNames.keys()].join('|')})`;
const anyLanguage = new RegExp(`\\b${language}\\b`, 'gi');
const spoken: readonly RegExp[] = [
  `\\b(?:in|using|use|of) (?:the )?${language}(?: language)?(?: only)?\\s*(?:,|and|;|\\.)?\\s*(?:and )?no other languages?\\b`,
  `\\b(?:entire(?:ly)?|completely|only|solely|fully|exclusively|just|all)(?: written)?(?: in| using| use| of)? (?:the (?=\\w+ language\\b))?${language}\\b(?! (?:accent|cuisine|food|music|history|movies?|films?|books?|words?))`,
  `\\bin (?:the )?${language}(?: language)? only\\b`,
  `\\b(?:outside of|other than|except) ${language},? no other languages?\\b`,
  `\\b${language}(?: language)?,? (?:and )?no other languages?\\b`,
  `\\b(?:respond|reply|answer|written|your (?:entire |whole )?(?:response|answer|reply|output) (?:in|should be in|must be in|has to be in)) (?:back )?(?:to me )?(?:in )?(?:the )?${language}(?: language)?(?=$|[,.;!]| and\\b| language\\b)`,
  `\\bin (?:the )?${language} language\\b`,
].map((pattern) => new RegExp(pattern, 'i'));

export const answerLanguage: Rule = (sentence) => {
  const { text } = sentence;
  if (
    !mayConstrain(sentence, ['whole']) ||
    isTold(text) ||
    /\btranslat|\b(?:movie|film|song|book|novel|poem|letter|word|phrase)s? (?:that (?:is|are|was) )?(?:written )?in\b/i.test(
      text,
    )
  )
    return [];
  const match = firstMatch(spoken, text);
  const code = languageNames.get(match?.groups?.['language']?.toLowerCase() ?? '');
  const all = new Set([...text.matchAll(anyLanguage)].map((each) => each[0].toLowerCase()));
  if (!match || code === undefined || all.size > 1) return [];
  if (!isAboutAnswer(text) && !/\bno other languages?\b/i.test(text)) return [];
  return found(match, 0.95, { type: 'language', language: code });
};

const repeats =
  /\b(?:repeat|restate|copy)\b.{0,60}\b(?:request|question|prompt|text|line|instruction|sentence|it|below|above)\b/i;
const verbatim =
  /\bword[- ](?:for|by)[- ]word\b|\bwithout (?:any )?changes?\b|\bexact(?:ly)?\b|\bas it is\b|\bbefore (?:you |saying|giving)|\bat the very beginning\b|\bfirst\b/i;
const repeatsQuoted = new RegExp(`\\brepeat\\s+(${quotation})`, 'i');
const belowIt = /\b(?:below|following|exact request)\b/i;

/** "First repeat the request word for word, then give your answer." What is repeated is above it, below it or in quotation marks. */
export const repeatedPrompt: Rule = (sentence, request) => {
  const { text, start } = sentence;
  const match = repeats.exec(text);
  if (
    !match ||
    /\b(?:do not|don['’]t|never) (?:say|change|write)\b/i.test(text.slice(0, match.index)) ||
    !mayConstrain(sentence, ['elsewhere', 'loose']) ||
    isTold(text)
  )
    return [];
  const around = request.original.slice(start, start + 400);
  if (!verbatim.test(around) || !/\b(?:answer|repl(?:y|ies)|respon[ds]e?|before|beginning)\b/i.test(around)) return [];
  const wanted = promptOf(sentence, request, match.index);
  if (wanted === undefined || wanted.length === 0 || wanted.length > 1_000) return [];
  return [{ check: { type: 'repeats_prompt', prompt: wanted }, from: match.index, to: text.length, confidence: 0.93 }];
};

function promptOf(sentence: Sentence, { original }: RequestText, at: number): string | undefined {
  const { text, start } = sentence;
  const quoted = repeatsQuoted.exec(text);
  if (quoted) return shownEnd(sentence, quoted, quoted[1] ?? '');
  const [instructions = ''] = original.slice(start).split(/\n\s*\n/, 1);
  const after = original.slice(start + instructions.length).trim();
  const before = original.slice(0, start).trim();
  if (/\bfirst line\b/i.test(text.slice(at))) return before.split('\n', 1)[0]?.trim();
  if (belowIt.test(text) && !/\babove\b/i.test(text)) return before === '' && after !== '' ? after : undefined;
  return before !== '' && after === '' ? before : undefined;
}
