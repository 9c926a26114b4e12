/** When a sentence that names a constraint asks for nothing, or for something else than the answer. Better nothing than a wrong check. */
import type { Sentence } from './request-text.ts';

/** Whoever does it is not who answers, or it is asked whether, not that. */
const reported =
  /\b(?:who|that|which) (?:(?:only|never|always|may|must|can|just) ){0,2}(?:speaks?|says?|talks?)\b|\bin which (?:an?|the) \w+ (?:may|must|can|never|only|always|speaks|says)\b|\b(?:tell|telling|remind|reminding|ask|asking|inform|informing) (?:an?|my|him|her|them|our|his|their|the)\b.{0,80}\b(?:that\b.{0,60}\b(?:should|must|may)|(?:not )?to (?:write|keep|use|limit|avoid|include|answer|respond|reply|send|submit|make))\b|\bused to\b|\b(?:said|says|told|tells|asked me|asks me|wrote|wanted|wants me|required that|requires that|insists?|my (?:teacher|boss|professor|editor|client|friend|manager|colleague|mother|father) (?:says?|said|wants?|told|tells|asked|asks|insists?|requires?|thinks?|likes?|prefers?)|the (?:user|customer|rules?|guidelines?|instructions?|assignment|prompt|system) (?:said|says|say|was|were|asked))\b/i;
const conditional =
  /^(?:if|unless|when|whenever|in case|suppose|assuming|should you|provided)\b|(?<!\bas )\b(?:if|unless|in case|only when|whenever|as long as)\b/i;
const loose =
  /\b(?:(?:about|around|approximately|roughly|approx\.?|circa|nearly|almost|some)\s+(?:an?\s+)?(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|twenty|thirty|forty|fifty)|ideally|preferably|optional(?:ly)?|if possible|feel free|(?:do|does|need|should|would)(?: not|n['’]t) (?:have|need) to|no need to|not necessar(?:y|ily)|it['’]s (?:ok|okay|fine)|don['’]t worry|try to|aim for|as (?:few|many|short|long) as|more or less|give or take|or so)\b/i;
/** Of a part of the answer. */
const parted =
  /(?<!\b(?:indicate|mark|separate|start|begin|divide|highlight) )\b(?:each|every)\b(?!\s+(?:paragraph|part|section|bullet|one)?\s*(?:should be |must be |is |are |be )?(?:separated|divided|marked|indicated|starting|start|beginning|labeled)\b)|\b(?:per|apiece|respectively|both (?:of|options|versions))\b/i;
/** A program, a text that is given, something that is told of. */
const elsewhere =
  /\b(?:function|method|program|script|algorithm|regex|regular expression|parser|parse[sd]?|validat\w*|input|argument|parameter|returns|returned|returning|strings?|arrays?|variables?|class|api|endpoint|prompts?|llms?|guidelines?|rules?|configs?|configuration|eslint|lint\w*|commit messages?|subject lines?|database|column|sql|query|user can|users can|password|username|the (?:\w+ )?(?:text|passage|article|document|email|essay|story|book|novel),? (?:which|that|who)\b|the (?:original|source|given|following|above|attached) (?:text|sentence|paragraph|passage|article|document|email|essay|story|message))\b/i;
/** "Could you write …?" asks for it; other questions ask about it. */
const request =
  /^(?:please\b|(?:can|could|would|will) you\b|(?:can|could) i (?:have|get)\b|i(?: want| need| would like|['’]d like)\b)/i;
/** "What is a comet, in one sentence?" */
export const asksFor = /,\s*in (?!which\b|what\b)[^,?]{3,40}\?$/i;
const past = /\b(?:was|were|had|did|used to|wrote|contained|included)\b/i;

/** What holds of each of two responses holds of both. */
const wholeOfIt = /\b(?:each|every) (?:of (?:the|your) (?:two )?)?(?:responses?|answers?|repl(?:y|ies)|versions?)\b/gi;

export type Guard = 'loose' | 'parted' | 'elsewhere' | 'whole';

/** Whether the sentence may state a constraint at all. `heedless`: which guards do not matter to a rule; `whole` where what holds of each response holds of the answer. */
export function mayConstrain({ text }: Sentence, heedless: readonly Guard[] = []): boolean {
  if (reported.test(text) || conditional.test(text)) return false;
  if (
    text.endsWith('?') &&
    !asksFor.test(text) &&
    !request.test(text) &&
    !/[?]\s*\S.*[?]$/.test(text) &&
    !isCommanding(text)
  )
    return false;
  if (!heedless.includes('loose') && loose.test(text)) return false;
  if (!heedless.includes('parted') && parted.test(heedless.includes('whole') ? text.replace(wholeOfIt, '') : text))
    return false;
  return heedless.includes('elsewhere') || !elsewhere.test(text);
}

const commands =
  "write|use|include|contain|answer|respond|reply|give|keep|limit|make|provide|avoid|refrain|do not|don['’]t|never|wrap|put|enclose|end|finish|conclude|start|begin|separate|highlight|mark|italicize|list|add|leave out|omit|skip|exclude|summari[sz]e|sum up|explain|describe|compose|create|generate|draft|rewrite|rephrase|translate|tell|output|return|format|mention|restrict|have|place|ensure|present|repeat|choose|pick|select|only|just|no|stick|finalize|tag|label|please|show|name|suggest|elaborate|discuss|compare|argue|imagine|say|state|convert|expand|complete|capitali[sz]e|bold|emphasi[sz]e";
const leading = `(?:(?:please|then|also|and|but|so|first|next|finally|lastly|additionally|in addition|in particular|furthermore|moreover|remember to|explicitly|strictly|always|make sure(?: to| that)?|be sure(?: to| that)?|ensure(?: that)?|note that|as well|again|now|in your (?:entire |whole |full )?(?:response|answer|reply|output)|at the (?:very )?end(?: of (?:your|the) \\w+)?|for your (?:response|answer)|i (?:want|need|would like|['’]d like) (?:you to|it to|your \\w+ to|the \\w+ to)?|(?:can|could|would|will) you(?: please)?|you (?:must|should|need to|have to|are to|can|may))[,:]?\\s+)*`;
const commanding = new RegExp(`^${leading}(?:${commands})\\b`, 'i');

/** Nouns for what is to be written. */
export const answerNouns =
  'responses?|answers?|reply|replies|output|results?|essay|article|poem|story|letter|e-?mail|(?:blog |social media )?post|summary|song|lyrics|haiku|limerick|riddle|tweet|resume|résumé|cv|itinerary|speech|text|message|review|report|proposal|pitch|script|dialogue|description|advertisement|ad|slogan|paragraph|joke|rap|rant|critique|rubric|outline|template|document|file|explanation|conversation|plot|quiz|list|listing|thread|caption|headline|translation|bio|biography|announcement|note|memo|recipe|guide|plan|content|writing|work|piece|it|this|that|everything';
const answering = new RegExp(
  `\\b(?:your|the|this|that|my|a|an|entire|whole|full|complete|final|each)?\\s?(?:${answerNouns})\\s+(?:\\([^()]{0,60}\\)\\s+)?(?:\\w+ly\\s+)?(?:should|must|needs? to|ha(?:s|ve) to|is to|are to|shall|will|can ?not|can['’]t|can only|may not|is not allowed|contains?|includes?|be)\\b`,
  'i',
);
const demanding =
  /\bthere (?:should|must|needs? to|has to|have to) be\b|\b(?:words?|letters?|phrases?|sentences)\b.{0,60}\b(?:should|must|can ?not|can['’]t|may not|is not allowed|are not allowed)\b/i;

export function isCommanding(text: string): boolean {
  return commanding.test(text);
}

/** Whether a sentence is about what is to be written: it commands, or its subject is the answer. */
export function isAboutAnswer(text: string): boolean {
  if (/\bplease\b/i.test(text) && !text.endsWith('?')) return true;
  return (
    isCommanding(text) ||
    answering.test(text) ||
    demanding.test(text) ||
    request.test(text) ||
    /\bin your (?:entire |whole |full |final )?(?:response|answer|reply|output)\b/i.test(text)
  );
}

/** Something of the past is told of. */
export function isTold(text: string): boolean {
  return past.test(text) && !isCommanding(text) && !answering.test(text);
}

/** Program text: a request that is made of it states nothing in words. */
export function isCode(request: string): boolean {
  return /^[ \t]*(?:def \w+\(|class \w+[:(]|import \w|from \w+ import |#include\b|public (?:class|static)\b|function \w+\(|const \w+ ?=)/m.test(
    request,
  );
}
