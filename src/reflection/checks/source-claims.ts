/** What a text states that can be looked up: numbers, dates, proper names, URLs and quotations, each with the keys by which another text is searched for it. */
import { blanked, withoutFences } from './blocks.ts';
import type { Span } from './check.ts';
import { type ClaimKind, type Found, type SourceClaim, take } from './found-claims.ts';
import { isWrittenIn } from './language.ts';
import { folded, stripped } from './literal.ts';
import { sentences } from './sentences.ts';
import { figures, impliedKeys } from './source-figures.ts';

function urls(text: string): Found {
  return take(text, /\b(?:https?:\/\/|www\.)[^\s<>"'”’)\]}]*[^\s<>"'”’)\]}.,;:!?*_`]/gi, 'urls', ([url = '']) => [
    urlKey(url),
  ]);
}

/** The address without what does not change where it leads: scheme, `www.`, case of the host, a slash at the end. */
function urlKey(url: string): string {
  const [, host = '', path = ''] = /^(?:https?:\/\/)?(?:www\.)?([^/?#]*)(.*)$/is.exec(url) ?? [];
  return `url ${host.toLowerCase()}${path.replace(/\/$/, '')}`;
}

/** Quotations of three words and more; shorter ones name a thing as often as they quote it. */
function quotations(text: string): Found {
  const found = take(
    text,
    /"([^"\n]{8,2000})"|“([^“”\n]{8,2000})”|«([^«»\n]{8,2000})»|„([^„“”\n]{8,2000})[“”]/g,
    'quotations',
    (match) => [quotationKey(match[1] ?? match[2] ?? match[3] ?? match[4] ?? '')],
  );
  const claims = found.claims.filter(({ keys }) => (keys[0]?.split(' ').length ?? 0) >= 3);
  return {
    claims,
    rest: blanked(
      text,
      claims.map(({ span }) => span),
    ),
  };
}

export function quotationKey(text: string): string {
  return stripped(folded(text), '.,;:!?');
}

// Words that stand in capitals for other reasons than being a name.
const notNames = new Set(
  'i ok okay yes no note summary answer conclusion overview introduction key a an the this that these those it its he she they we you your my our his her their and or but if so in on at by for from to of with as is are was were be there here when while after before since because however therefore thus also then first second third finally according based what who where why how which not all both each some many most'.split(
    ' ',
  ),
);

// Before a name, these state nothing that a source must say as well.
const titles = new Set(
  'mr mister mrs ms miss madam madame mme mademoiselle monsieur dr doctor prof professor'.split(' '),
);

/** Proper names: words in capitals within a sentence. At its start only capitals of more than one letter, or names of several words, are certain. */
function names(text: string): SourceClaim[] {
  const capitalised: {
    readonly span: Span;
    readonly word: string;
    readonly sentence: number;
    readonly first: boolean;
  }[] = [];
  let inner = 0;
  for (const [sentence, [start, end]] of sentences(text).entries()) {
    let first = true;
    for (const match of text.slice(start, end).matchAll(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’-][\p{L}\p{N}]+)*/gu)) {
      const [word] = match;
      if (!first) inner += 1;
      if (/^\p{Lu}/u.test(word))
        capitalised.push({ span: [start + match.index, start + match.index + word.length], word, sentence, first });
      // What follows a colon, an opening quotation mark or the number of a list item begins a sentence of its own.
      const end = start + match.index + word.length;
      const after = text.slice(end, end + 2);
      first = /^(?::|\s["“(*]|["“])/.test(after) || (/^\d{1,2}$/.test(word) && /^[.)]\s/.test(after));
    }
  }
  // Where nouns, titles or shouting stand in capitals, capitals say nothing.
  if (capitalised.filter(({ first }) => !first).length > Math.max(4, inner * 0.6) || isWrittenIn(text, 'de')) return [];
  return capitalised.flatMap(({ span, word, sentence, first }, index) => {
    const next = capitalised[index + 1];
    const continues = next?.sentence === sentence && next.span[0] - span[1] === 1;
    const isAcronym = /^\p{Lu}{2,}/u.test(word);
    const key = nameKey(word);
    const isTitle = titles.has(key) && next !== undefined && /^\.?\s$/.test(text.slice(span[1], next.span[0]));
    if (isTitle || notNames.has(key) || (first && !isAcronym && !continues)) return [];
    return [{ kind: 'names' as const, span, keys: [`name ${key}`] }];
  });
}

function nameKey(word: string): string {
  return word
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’]s?$/, '');
}

const smallNumbers =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(
    ' ',
  );
const tens = 'thirty forty fifty sixty seventy eighty ninety hundred'.split(' ');
const numberWords = new Map([
  ...smallNumbers.map((word, index) => [word, index] as const),
  ...tens.map((word, index) => [word, 30 + index * 10] as const),
]);

/** Everything in the text that can be looked up, in order. */
export function sourceClaims(text: string, kinds: readonly ClaimKind[]): SourceClaim[] {
  const links = urls(withoutFences(text));
  const quotes = quotations(links.rest);
  const numbers = figures(quotes.rest);
  const all = [...links.claims, ...quotes.claims, ...numbers.claims, ...names(numbers.rest)];
  return all.filter(({ kind }) => kinds.includes(kind)).sort((one, other) => one.span[0] - other.span[0]);
}

/** Every key that the text gives support to. */
export function supportedKeys(text: string): ReadonlySet<string> {
  const links = urls(text);
  const keys = new Set([...links.claims, ...figures(links.rest).claims].flatMap((claim) => claim.keys));
  for (const key of [...keys]) for (const implied of impliedKeys(key)) keys.add(implied);
  for (const [word] of text.matchAll(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’-][\p{L}\p{N}]+)*/gu)) {
    keys.add(`name ${nameKey(word)}`);
    for (const part of word.split('-')) keys.add(`name ${nameKey(part)}`);
    const value = numberWords.get(word.toLowerCase());
    if (value !== undefined) keys.add(`number ${value}`);
  }
  return keys;
}
