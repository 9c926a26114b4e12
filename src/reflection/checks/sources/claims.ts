/** Everything that an answer states and that can be looked up: links and addresses, quotations, figures and names, each judged. */
import { blanked, withoutFences } from '../blocks.ts';
import type { Source } from '../check.ts';
import { folded, stripped } from '../literal.ts';
import { figureClaims } from './answer-figures.ts';
import { type ClaimKind, type JudgedClaim, take } from './found-claims.ts';
import { compacted, type Knowledge } from './knowledge.ts';
import { nameClaims } from './names.ts';

/** What the text claims, in order. */
export function judgedClaims(
  text: string,
  kinds: readonly ClaimKind[],
  known: Knowledge,
  sources: readonly Source[],
): JudgedClaim[] {
  const links = linkClaims(withoutCitations(withoutFences(text), sources), known);
  const quotes = quotationClaims(links.rest, known);
  const all = [
    ...links.found,
    ...quotes.found,
    ...(kinds.includes('numbers') ? figureClaims(quotes.rest, known) : []),
    ...(kinds.includes('names') ? nameClaims(quotes.rest, known) : []),
  ];
  return all.filter(({ kind }) => kinds.includes(kind)).sort((one, other) => one.span[0] - other.span[0]);
}

const numberedCitation =
  /\[\^?\d{1,3}(?:[,–-]\s?\d{1,3}){0,8}\]|[([（【](?:source|sources|quelle|quellen|fuente|fuentes|doc|document|출처|자료|문서|出典|資料|来源|资料)[^\S\n]?[:：]?[^\S\n]?[\p{L}\d ,_.-]{0,60}[)\]）】]/giu;

/** The text without what only says where something stands. */
function withoutCitations(text: string, sources: readonly Source[]): string {
  let rest = text.replace(numberedCitation, (citation) => ' '.repeat(citation.length));
  // Of an id that is a word or a number of its own, only citations in brackets are sure.
  for (const { id } of sources) {
    for (const [open, close] of [
      ['[', ']'],
      ['(', ')'],
      ['【', '】'],
    ]) {
      const citation = `${open}${id}${close}`;
      rest = rest.replaceAll(citation, ' '.repeat(citation.length));
    }
    if (/\d/.test(id) && /\p{L}/u.test(id)) rest = rest.replaceAll(id, ' '.repeat(id.length));
  }
  return rest;
}

const link =
  /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}|\b(?:https?:\/\/|www\.)[^\s<>"'”’)\]}、。，）」]*[^\s<>"'”’)\]}.,;:!?*_`、。，）」]|(?<![\w.@-])[a-z0-9][\w-]{0,62}(?:\.[\w-]{1,63}){0,4}\.(?:com|org|net|edu|gov|io|de|fr|es|eu|kr|jp|cn|co\.uk|info|example|app|dev)(?![\w-])(?:\/[^\s<>"'”’)\]}、。，）」]*[^\s<>"'”’)\]}.,;:!?*_`、。，）」])?/giu;

function linkClaims(text: string, known: Knowledge) {
  return take(text, link, ({ 0: written }, span): JudgedClaim => {
    const key = linkKey(written);
    const at = known.sources.indexOf(key);
    const isWhole =
      at >= 0 &&
      !/[\w-]/.test(known.sources[at - 1] ?? '') &&
      !/^(?:[\w-]|\.\w)/.test(known.sources.slice(at + key.length, at + key.length + 2));
    return { kind: 'urls', span, support: isWhole ? 'supported' : 'unsupported' };
  });
}

/** The address without what does not change where it leads: scheme, `www.`, a slash at the end, case as far as folding goes. */
function linkKey(url: string): string {
  return folded(url)
    .replace(/^(?:mailto:)?(?:https?:\/\/)?(?:www\.)?/, '')
    .replace(/\/$/, '');
}

const quotation =
  /"([^"\n]{3,2000})"|“([^“”\n]{3,2000})”|«([^«»\n]{3,2000})»|„([^„“”"\n]{3,2000})[“”"]|「([^「」\n]{3,2000})」|『([^『』\n]{3,2000})』|‘([^‘’\n]{12,500})’/g;

/** Quotations of three words and more; shorter ones name a thing as often as they quote it. */
function quotationClaims(text: string, known: Knowledge) {
  const { found, rest } = take(text, quotation, (match, span): JudgedClaim | undefined => {
    const quoted = match.slice(1).join('');
    const length = quotedLength(quoted);
    if (length < 3 || /^\s|\s$/.test(quoted.replace(/^ (.*) $/, '$1').replace(/^\u00a0|\u00a0$|^\u202f|\u202f$/g, '')))
      return undefined;
    if (isQuoted(quoted, known.sources)) return { kind: 'quotations', span, support: 'supported' };
    return {
      kind: 'quotations',
      span,
      support: length >= 5 && isSameScript(quoted, known.sources) ? 'unsupported' : 'unsure',
    };
  });
  const answered = blanked(
    text,
    found.map(({ span }) => span),
  );
  return { found, rest: found.length === 0 ? rest : answered };
}

/** In words; three syllables or ideographs are about as much. */
function quotedLength(quoted: string): number {
  const dense = quoted.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0;
  const hangul = quoted.match(/\p{Script=Hangul}/gu)?.length ?? 0;
  const words = quoted.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu)?.length ?? 0;
  if (hangul > 0) return Math.max(words >= 4 ? words + 1 : words, Math.floor(hangul / 3));
  return dense > 0 ? Math.floor(dense / 2) : words;
}

function isSameScript(quoted: string, sources: string): boolean {
  if (/\p{Script=Hangul}/u.test(quoted)) return /\p{Script=Hangul}/u.test(sources);
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(quoted))
    return /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(sources);
  if (/\p{Script=Han}/u.test(quoted)) return /\p{Script=Han}/u.test(sources);
  return /\p{Script=Latin}/u.test(sources);
}

/** Each piece around an ellipsis or an inserted note stands in the sources, letter by letter but for case, blanks and marks. */
function isQuoted(quoted: string, sources: string): boolean {
  const pieces = folded(quoted.replace(/\[(\p{L})\](?=\p{L})/gu, '$1'))
    .split(/\[[^\]]{0,200}\]|\.\.\.|…|\*\*/)
    .map((piece) => stripped(piece, '.,;:!?。、！？'))
    .filter((piece) => piece !== '');
  return pieces.every((piece) => sources.includes(piece) || compactSources(sources).includes(compacted(piece)));
}

let last: { readonly sources: string; readonly compact: string } | undefined;

function compactSources(sources: string): string {
  if (last?.sources !== sources) last = { sources, compact: compacted(sources) };
  return last.compact;
}
