/** Whether a mark ends a sentence: as every reader would say, or as some would. */
import { type Abbreviation, type FullStops, lettered, months, ordinalBefore } from './abbreviations.ts';

/** `unsure` where two readers would see it differently. */
export type SentenceEnd = 'ends' | 'goes on' | 'unsure';

/** A place where a sentence may end. */
export interface Place {
  /** What stands in the sentence before the mark, at most its last 80 characters. */
  readonly before: string;
  readonly marks: string;
  /** Quotes, brackets, emphasis and citations right after the mark. */
  readonly closers: string;
  /** What follows, at most 80 characters. */
  readonly following: string;
  /** The mark is the first thing of its sentence but for one word. */
  readonly isShort: boolean;
  /** The sentence before this one, at most its first and last 80 characters. */
  readonly previousSentence: string;
  /** It stands within a quotation that began in the middle of the sentence. */
  readonly isQuoted: boolean;
  /** The text is written without capitals. */
  readonly isLowercase: boolean;
  readonly fullStops: FullStops;
}

/** The word after the mark. */
interface Next {
  readonly word: string;
  readonly kind: 'lower' | 'upper' | 'number' | 'uncased' | 'other';
  readonly isStarter: boolean;
}

const quoteClosers = /["'”’»«“)\]}」』）】》〉]/;
// Words that no name begins with.
const strictStarters =
  /^(?:the|this|that|these|those|it|he|she|they|we|there|but|and|however|then|when|if|der|die|das|er|sie|wir|es|dann|aber|und|el|la|los|las|ella|pero|le|les|il|elle|mais)$/i;
const speech =
  /^\s+(?:(?:\p{Lu}[\p{L}\p{M}'’.]*\s){1,3}|(?:I|we|he|she|they|you|the \p{Ll}+)\s)(?:said|says|asked|asks|replied|answered|cried|shouted|whispered|added|thought|wrote|called|yelled|exclaimed|sagte|fragte|rief|antwortete|dijo|preguntó|dit|demanda|répondit|disse|chiese|rispose|zei|vroeg)(?!\p{L})/u;
/** "Yahoo! is a company", "Who is there? asked Tom". */
const verbAfterMark =
  /^\s(?:is|was|has|had|will|are|asked|said|cried|replied|shouted|wondered|thought|says|asks|sagte|fragte|rief|dit|demanda|dijo|preguntó|disse|chiese|zei|vroeg)(?!\p{L})/u;
/** What goes on after a quotation in Japanese and Korean. */
const quotedParticle = /^(?:と|って|という|など|の|は|が|を|に|で|라|이라|하)/;
const afterAcronym =
  /^(?:Army|Navy|Air|Congress|Senate|House|President|Supreme|Court|Department|Treasury|Constitution|Open|Embassy|Government|Capitol|Census|Federal|Coast|Marine|Marines|Customs|Postal|Bank|Secretary|Attorney|Security|General|Virgin|Dollar|Food|Environmental|Geological|Representative|Ambassador|Olympic|Patent|Charter)/;
const beforeInitial =
  /^(?:by|of|and|with|from|to|for|via|von|und|mit|par|de|et|avec|y|e|di|da|por|com|van|en|author|composer|writer|president|singer|artist|scientist|poet|professor|actor|director|novelist|autor|autora|auteur|schriftsteller)$/i;

export function endingAt(place: Place): SentenceEnd {
  const { marks, closers, following, isQuoted } = place;
  if (following.trim() === '') return 'ends';
  const isClosed = quoteClosers.test(closers);
  if (/[。！？．｡]/.test(marks)) return eastAsian(place, isClosed);
  if (/[।؟۔။።։]/.test(marks)) return isQuoted ? 'unsure' : 'ends';
  const ending = /^\s/.test(following) ? beforeSpace(place, nextOf(place), isClosed) : withoutSpace(place, isClosed);
  return ending === 'ends' && isQuoted && !isClosed ? 'unsure' : ending;
}

function nextOf({ following, fullStops }: Place): Next {
  const word = /^[\s"'“‘«»„‚([{*_¿¡「『]*(?:[—–-]\s*)?([\p{L}\p{M}\p{N}'’]*)/u.exec(following)?.[1] ?? '';
  const kind = /^\p{N}/u.test(word)
    ? 'number'
    : /^(?:\p{Lu}|\p{Lt}|\p{Ll}{1,2}\p{Lu})/u.test(word)
      ? 'upper'
      : /^\p{Ll}/u.test(word)
        ? 'lower'
        : /^\p{L}/u.test(word)
          ? 'uncased'
          : 'other';
  const isStarter = kind === 'upper' && fullStops.starters.has(word.toLowerCase().replace(/’/g, "'"));
  return { word, kind, isStarter };
}

function eastAsian({ before, marks, closers, following, isQuoted }: Place, isClosed: boolean): SentenceEnd {
  if (/^[．]$/.test(marks) && /\p{N}$/u.test(before) && /^\p{N}/u.test(following)) return 'goes on';
  if (/^[、，,：:；;]/.test(following)) return 'goes on';
  if (isClosed && closers !== '' && /^\S/.test(following)) return quotedParticle.test(following) ? 'goes on' : 'unsure';
  return isQuoted && !isClosed ? 'unsure' : 'ends';
}

/** "It ended.Then we left." against "Node.js", "ASP.NET" and "example.org". */
function withoutSpace({ before, marks, closers, following, fullStops }: Place, isClosed: boolean): SentenceEnd {
  const eastAsianLetter = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
  if (eastAsianLetter.test(following)) {
    if (isClosed && closers !== '') return quotedParticle.test(following) ? 'goes on' : 'unsure';
    if (!marks.includes('.') || /\p{Script=Hangul}$/u.test(before)) return 'ends';
    return /\p{L}$/u.test(before) ? 'unsure' : 'goes on';
  }
  const word = /^["'“‘«([*_¿¡]{0,3}(\p{Lu}\p{Ll}*)(?![\p{L}\p{N}._@/-]\S)/u.exec(following)?.[1];
  if (word === undefined) return 'goes on';
  if (/[!?…]|\.\./.test(marks)) return fullStops.starters.has(word.toLowerCase()) ? 'ends' : 'unsure';
  if (!/(?<![\p{L}\p{N}.@/_-])\p{L}?\p{Ll}{2,}$/u.test(before)) return 'goes on';
  return fullStops.starters.has(word.toLowerCase()) ? 'ends' : 'unsure';
}

function beforeSpace(place: Place, next: Next, isClosed: boolean): SentenceEnd {
  const { before, marks, closers, following } = place;
  if (/^\s+(?:[&,;:/+=%)|<]|[—–-]\s*\p{Ll})/u.test(following)) return 'goes on';
  if (isClosed && next.kind === 'lower') return 'goes on';
  if (/["”’»']/.test(closers) && speech.test(following)) return 'goes on';
  if (marks.includes('…') || marks.startsWith('..')) return afterEllipsis(before, next, place.isLowercase);
  if (marks !== '.' && !place.isLowercase && verbAfterMark.test(following)) return 'unsure';
  if (marks !== '.') return marks === '!' && isNameWithMark(before, following) ? 'goes on' : 'ends';
  return afterFullStop(place, next);
}

function afterEllipsis(before: string, next: Next, isLowercase: boolean): SentenceEnd {
  if (next.kind === 'lower') return isLowercase ? 'unsure' : 'goes on';
  const last = /[\p{L}\p{M}'’]+$/u.exec(before)?.[0] ?? '';
  if (last.toLowerCase() === next.word.toLowerCase()) return 'goes on';
  return next.isStarter && next.word !== 'I' ? 'ends' : 'unsure';
}

/** "I read Yahoo! every day": a name within a sentence that otherwise begins with a capital, and then a word in lower case. */
function isNameWithMark(before: string, following: string): boolean {
  return (
    /\p{L}\s\p{Lu}[\p{L}\p{M}]*$/u.test(before) &&
    /^[^\p{L}]*[\p{Lu}\p{N}\s]/u.test(before) &&
    /\p{Lu}/u.test(before.slice(0, before.lastIndexOf(' '))) &&
    /^ \p{Ll}[\p{L}\p{M}]*(?![\p{L}\p{N}])/u.test(following) &&
    !/^ i\b/.test(following)
  );
}

/** The word with the full stop, and the one before it. */
interface Word {
  readonly token: string;
  readonly lower: string;
  readonly previous: string;
  readonly isFirst: boolean;
}

/** What the abbreviations say of the longest end of "av. J.-C" that they know. */
function kindsOf(spaced: string, lower: string, { abbreviations }: FullStops): ReadonlySet<Abbreviation> | undefined {
  let joined = spaced.toLowerCase().replace(/[ \u00a0\u202f]/g, '');
  while (joined.includes('.')) {
    const kinds = abbreviations.get(joined);
    if (kinds) return kinds;
    joined = joined.slice(joined.indexOf('.') + 1).replace(/^-/, '');
  }
  return abbreviations.get(lower);
}

function afterFullStop(place: Place, next: Next): SentenceEnd {
  const { before, isShort, fullStops } = place;
  const token = /[\p{L}\p{M}\p{N}.]+$/u.exec(before)?.[0] ?? '';
  const previous =
    /([\p{L}\p{M}\p{N}.]+)[^\p{L}\p{N}]*$/u.exec(before.slice(0, before.length - token.length))?.[1] ?? '';
  const word: Word = {
    token,
    lower: token.toLowerCase(),
    previous,
    isFirst: isShort && before.replace(/^[\s"'“‘«»„([{*_¿¡—–-]+/, '').trim() === token,
  };
  if (token === '') return 'ends';
  // "z. B.", "EE. UU.", "c.-à-d."
  const spaced = /(?<![\p{L}\p{N}])(?:\p{L}{1,2}\.[ \u00a0\u202f-]{0,2}){1,3}\p{L}{1,3}$/u.exec(before)?.[0] ?? '';
  // "vitamin D. Sunlight": a letter that names a thing is no title such as the Spanish "D. Juan".
  const isName = /^\p{Lu}$/u.test(token) && lettered.has(previous.toLowerCase());
  const kinds = isName ? undefined : kindsOf(spaced, word.lower, fullStops);
  if (kinds) {
    const readings = new Set([...kinds].map((kind) => byKind[kind](word, next, place)));
    const [only] = readings;
    return readings.size === 1 && only ? only : 'unsure';
  }
  if (/^\p{N}+$/u.test(token)) return afterNumber(word, next, place);
  // "Am 3.10. ist zu": a day and a month.
  if (fullStops.ordinals && /^\p{N}{1,2}\.\p{N}{1,2}$/u.test(token) && !next.isStarter)
    return next.kind === 'lower' && !place.isLowercase ? 'goes on' : 'unsure';
  if (/^(?:\p{L}\.)+\p{L}$/u.test(token)) return afterAcronymStop(word, next);
  if (/^\p{Ll}\p{M}*$/u.test(token)) return afterSmallLetter(word, next, place);
  // "20 °C", "R&D": the letter is the end of more.
  if (/[^\s"'“‘«»„([{*_.¿¡—–-]\p{Lu}\p{M}*$/u.test(before)) return afterWord(word, next, place);
  if (/^\p{Lu}\p{M}*$/u.test(token)) return afterInitial(word, next, place);
  if (/^[\p{Script=Arabic}\p{Script=Hebrew}]$/u.test(token)) return 'goes on';
  return afterWord(word, next, place);
}

const byKind: Readonly<Record<Abbreviation, (word: Word, next: Next, place: Place) => SentenceEnd>> = {
  title: (word, next, place) => {
    const isSmallTitle =
      /^(?:mr|mrs|ms|dr|prof|sra?|srta|dhr|mevr|drs|ir|sig|sigg|dott|avv|ing|им|ул|акад|проф|г-н|uds?)$/.test(
        word.lower,
      );
    if (/^\p{Ll}/u.test(word.token) && !isSmallTitle) return afterPlain(word, next, place);
    // "He got a D. Nobody cared." against "Vi a D. Juan".
    if (word.token.length === 1 && /^an?$/i.test(word.previous)) return afterInitial(word, next, place);
    return next.kind === 'upper' && strictStarters.test(next.word) && !word.isFirst ? 'ends' : 'goes on';
  },
  never: (word, next) => (next.isStarter && !word.token.includes('.') ? 'unsure' : 'goes on'),
  number: (word, next, place) => {
    if (next.kind !== 'number' && !/^[IVXLC]+$/.test(next.word)) return afterPlain(word, next, place);
    const isWord = place.fullStops.starters.has('the') && /^(?:no|art|sec|ch|fig|est|ed|p|s|n|tel)$/.test(word.lower);
    if (word.lower === 'no' && word.isFirst) return answerNo(place);
    return isWord && /^\p{Ll}{2}/u.test(word.token) ? 'unsure' : 'goes on';
  },
  perhaps: (word, next, place) => {
    if (next.kind === 'lower') return place.isLowercase ? 'unsure' : 'goes on';
    if (word.isFirst) return next.isStarter ? 'unsure' : 'goes on';
    if (next.isStarter) return 'ends';
    // Every noun of a German text has a capital.
    const isGerman = place.fullStops.ordinals;
    if (!isGerman && /^(?:etc|ecc|enz)$/.test(word.lower) && next.kind === 'upper') return 'ends';
    if (isGerman && /^(?:mio|mrd|tsd|std|min|sek)$/.test(word.lower) && /^\p{N}/u.test(word.previous)) return 'goes on';
    if (/^(?:st|mt|ft)$/.test(word.lower)) return /^\p{Lu}/u.test(word.previous) ? 'unsure' : 'goes on';
    if (next.kind === 'number')
      return /^(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|okt|dez|mrz)$/.test(word.lower) ? 'goes on' : 'unsure';
    return 'unsure';
  },
};

/** "Did it work? No. 3 tests failed." against "No. 3 is broken." */
function answerNo({ previousSentence, following }: Place): SentenceEnd {
  if (!/\?\W*$/.test(previousSentence))
    return /^\s\d+ (?:is|was|has|did|does|can|will)\b/.test(following) ? 'goes on' : 'unsure';
  return /^\W*(?:who|what|which|where|when|how|why)\b/i.test(previousSentence) ? 'unsure' : 'ends';
}

/** "am 8. März", "1. First", "2024. 3. 15." and "in 2019. The". */
function afterNumber(
  { token, previous, isFirst }: Word,
  next: Next,
  { before, following, fullStops, isLowercase }: Place,
): SentenceEnd {
  const isSmall = token.length <= 2;
  if (isFirst && token.length <= 3) return 'goes on';
  if (next.kind === 'lower') return isLowercase ? 'unsure' : 'goes on';
  // "Step 1. Mix the flour." may have a label or a sentence.
  if (/^\W*\p{Lu}\p{L}+ \p{N}{1,3}$/u.test(before) && !ordinalBefore.has(previous.toLowerCase())) return 'unsure';
  if (isSmall && months.has(next.word.toLowerCase()) && next.kind === 'upper') return 'goes on';
  if (/(?<!\p{N})\p{N}{4}$/u.test(before) && /^\s\p{N}{1,2}\.\s?\p{N}{1,2}(?:\.|\s)/u.test(following)) return 'goes on';
  if (/(?<!\p{N})\p{N}{4}\.\s?\p{N}{1,2}(?:\.\s?\p{N}{1,2})?$/u.test(before)) return 'goes on';
  if (next.kind === 'number' && /(?:^|\s)\p{N}{4}$/u.test(before)) return next.word.length <= 2 ? 'unsure' : 'ends';
  if (isSmall && /(?<!\p{N})[:;(]\s*[*_]*\p{N}+$/u.test(before)) return 'goes on';
  if (!fullStops.ordinals || !isSmall) return 'ends';
  if (ordinalBefore.has(previous.toLowerCase())) return next.isStarter ? 'unsure' : 'goes on';
  return next.isStarter ? 'ends' : 'unsure';
}

function afterAcronymStop({ token, previous, isFirst }: Word, next: Next): SentenceEnd {
  if (next.kind === 'lower') return 'goes on';
  if (isFirst || beforeInitial.test(previous)) return next.isStarter ? 'unsure' : 'goes on';
  if (/^\p{Lu}/u.test(token) && afterAcronym.test(next.word)) return 'goes on';
  return next.isStarter ? 'ends' : 'unsure';
}

function afterSmallLetter({ previous }: Word, next: Next, { following, isLowercase }: Place): SentenceEnd {
  if (/^[\s\u00a0]{0,2}\p{L}{1,3}\./u.test(following)) return 'goes on';
  // "vitamin c", "9 h"
  if ((lettered.has(previous.toLowerCase()) || /^\p{N}/u.test(previous)) && next.kind === 'upper') return 'ends';
  if (next.kind === 'lower') return isLowercase ? 'unsure' : 'goes on';
  return next.isStarter ? 'ends' : 'unsure';
}

/** "J. R. R. Tolkien" and "George W. Bush" against "vitamin C. Lemons". */
function afterInitial(
  { token, previous, isFirst }: Word,
  next: Next,
  { before, following, previousSentence }: Place,
): SentenceEnd {
  const isAfterInitial = /(?<![\p{L}\p{N}])\p{Lu}\.\s?\p{Lu}$/u.test(before);
  if (isFirst) return !/\?\W*$/.test(previousSentence) ? 'goes on' : next.isStarter ? 'ends' : 'unsure';
  if (token === 'I' && !isAfterInitial) return next.kind === 'lower' ? 'unsure' : 'ends';
  if (/^\s\p{Lu}\./u.test(following) && next.kind === 'upper' && !lettered.has(previous.toLowerCase()))
    return 'goes on';
  if (isAfterInitial) return next.kind === 'upper' && strictStarters.test(next.word) ? 'ends' : 'goes on';
  if (next.kind === 'lower') return 'unsure';
  if (lettered.has(previous.toLowerCase()) || next.isStarter) return 'ends';
  if (next.kind === 'number' || /^[XZ]$/.test(token)) return 'unsure';
  return /^\p{Ll}/u.test(previous) && !beforeInitial.test(previous) ? 'unsure' : 'goes on';
}

/** A word that is no abbreviation here. */
function afterPlain(word: Word, next: Next, place: Place): SentenceEnd {
  if (/^\p{Ll}\p{M}*$/u.test(word.token)) return afterSmallLetter(word, next, place);
  return /^\p{Lu}\p{M}*$/u.test(word.token) ? afterInitial(word, next, place) : afterWord(word, next, place);
}

function afterWord({ token, lower }: Word, next: Next, { fullStops, isLowercase }: Place): SentenceEnd {
  if (next.kind === 'lower' && /^[IVXLC]{2,}$/.test(token)) return 'goes on';
  if (next.kind === 'lower') return isLowercase || !/\p{Ll}|\p{Lu}/u.test(token) ? 'ends' : 'unsure';
  if (fullStops.ordinals && /str$/.test(lower) && next.kind === 'number') return 'goes on';
  // "Bldg. Five", "Mgr. Lopez": no vowel, and no word in capitals.
  const isConsonants =
    /^[\p{Script=Latin}]+$/u.test(token) && !/[aeiouyäöüàâéèêíóúñ]/i.test(token) && /\p{Ll}/u.test(token);
  return isConsonants && !next.isStarter && !/^(?:h+m+|s+h+|p+s+t+|b+r+|grr+|pfft)$/.test(lower) ? 'unsure' : 'ends';
}
