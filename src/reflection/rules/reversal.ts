/**
 * Whether a revision that mends the form of a text reverses what a sentence says: a negation is lost or gained, or numbers or names have changed
 * places. Sentences are matched by their words, so that moved, joined and split sentences are not taken for changed ones.
 */
import type { Span } from '../checks/check.ts';
import { escaped } from '../checks/literal.ts';
import { contentWords, shared, sizeOf } from './content-words.ts';
import { type Negations, negationsIn } from './negations.ts';
import { sentenceEnds } from './sentence-places.ts';
import { swappedIn } from './swapped-places.ts';

export interface ReversalInput {
  readonly before: string;
  readonly after: string;
  /** The words that a check asks to go. */
  readonly unwanted: readonly string[];
  /** Places of the draft that are refuted: their sentences may say the contrary. */
  readonly refuted: readonly Span[];
}

/** Two sentences that share at least this much of their words, both ways, are the same sentence. */
const sameSentence = 0.8;
/** The same for scripts without spaces, where a changed ending also changes pairs of characters. */
const sameUnspaced = 0.6;
/** An unwanted text that is longer is not a word. */
const longestWord = 100;
/** Every place of the text is compared with each unwanted word, so only this many are used. */
const mostWords = 100;
/** Matched sentences share at least this part of the shorter one. */
const matchedShare = 0.5;
/** A word that stands in more sentences does not help to match them. */
const tellingSentences = 8;

interface Sentence {
  readonly text: string;
  /** Its words in order, to find the same sentence again. */
  readonly key: string;
  readonly words: ReadonlySet<string>;
  /** It holds what is refuted, so it may say the contrary. */
  readonly isFree: boolean;
  /** A word that it negates has to go, so its negation may go as well: "without poison". */
  readonly mayLose: boolean;
}

interface Group {
  readonly before: Sentence[];
  readonly after: Sentence[];
}

/** Why the revision says the contrary somewhere, or null. */
export function reversesMeaning({ before, after, unwanted, refuted }: ReversalInput): string | null {
  const mayLose = unwanted.some((word) => negationsIn(word).count > 0);
  for (const group of changedGroups(sentencesOf(before, refuted, unwanted), sentencesOf(after, [], []))) {
    if (group.before.some((sentence) => sentence.isFree)) continue;
    const [was, is] = [joined(group.before), joined(group.after)];
    const [wasNegated, isNegated] = [negationsIn(was), negationsIn(is)];
    const isUnspaced = unspaced.test(was);
    if (!isSame(wasNegated.rest, isNegated.rest, isUnspaced)) continue;
    const change = negationChange(wasNegated, isNegated);
    if (change > 0) return `the revision negates "${tell(is)}"`;
    if (change < 0 && !mayLose && !group.before.some((sentence) => sentence.mayLose))
      return `the revision loses a negation of "${tell(was)}"`;
    const swapped = swappedIn(was, is);
    if (swapped) return `the revision swaps ${swapped.slice(0, 3).join(' and ')}`;
  }
  return null;
}

function tell(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function joined(sentences: readonly Sentence[]): string {
  return sentences.map((sentence) => sentence.text).join(' ');
}

/** Whether two sentences, without their negations, are the same one. */
function isSame(was: string, is: string, isUnspaced: boolean): boolean {
  const [words, others] = [withoutPrefixes(contentWords(was)), withoutPrefixes(contentWords(is))];
  const common = shared(words, others);
  const least = isUnspaced ? sameUnspaced : sameSentence;
  if (common > 0) return common >= least * Math.max(sizeOf(words), sizeOf(others));
  // The sentences have short words only.
  const [all, allOthers] = [allWords(was), allWords(is)];
  const both = [...all].filter((word) => allOthers.has(word)).length;
  return both > 0 && both >= sameSentence * Math.max(all.size, allOthers.size);
}

const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;
const negatingPrefix = /^(?:un|in|im|ir|dis)(?=\p{L}{3})/u;

function withoutPrefixes(words: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...words].map(([word, times]) => [word.replace(negatingPrefix, '').slice(0, 4), times]));
}

function allWords(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{M}]+|\p{N}+/gu));
}

/** Above zero for negations gained; a word with a negating prefix counts where the other text has the word alone. */
function negationChange(was: Negations, is: Negations): number {
  const [words, others] = [allWords(was.rest), allWords(is.rest)];
  return is.count + prefixed(others, words) - was.count - prefixed(words, others);
}

function prefixed(words: ReadonlySet<string>, others: ReadonlySet<string>): number {
  const isNegated = (word: string) => {
    const bare = word.replace(negatingPrefix, '');
    return bare !== word && !others.has(word) && !words.has(bare) && others.has(bare);
  };
  return [...words].filter(isNegated).length;
}

const listMark = /^[^\S\n]*(?:[-*+•][^\S\n]+)?(?:\(?\d{1,3}[.):](?=[^\S\n]))?/gm;

/** The sentences and lines of a text that have words. */
function sentencesOf(text: string, refuted: readonly Span[], unwanted: readonly string[]): Sentence[] {
  const plain = text.replace(listMark, (mark) => ' '.repeat(mark.length));
  const gone = goneWords(unwanted);
  const sentences: Sentence[] = [];
  let from = 0;
  const add = (to: number) => {
    const isFree = refuted.some(([start, end]) => start < to && end > from);
    const whole = plain.slice(from, to).trim();
    const sentence = gone ? whole.replace(gone, ' ') : whole;
    const mayLose = gone !== null && negates(whole, gone);
    from = to;
    const tokens = sentence
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}]+|\p{N}+/gu);
    if (tokens) sentences.push({ text: sentence, key: tokens.join(' '), words: new Set(tokens), isFree, mayLose });
  };
  for (const end of sentenceEnds(plain)) add(end + 1);
  add(plain.length);
  return sentences;
}

/** A pattern for the unwanted words in any case: as whole words, or anywhere in scripts without spaces. Null for none. */
function goneWords(unwanted: readonly string[]): RegExp | null {
  const words = unwanted
    .filter((word) => word !== '' && word.length <= longestWord && negationsIn(word).count === 0)
    .slice(0, mostWords)
    .toSorted((one, other) => other.length - one.length)
    .map((word) => {
      const literal = escaped(word);
      return unspaced.test(word) ? literal : `(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`;
    });
  return words.length > 0 ? new RegExp(words.join('|'), 'giu') : null;
}

/** Whether a negation right before such a word is about the word itself, which ends the phrase; "not very safe" is not about "very". */
function negates(sentence: string, gone: RegExp): boolean {
  return [...sentence.matchAll(gone)].some(({ index, 0: { length } }) => {
    if (!/^\s?(?:[.,;:!?)]|$)/u.test(sentence.slice(index + length, index + length + 2))) return false;
    const near =
      sentence
        .slice(Math.max(0, index - 40), index)
        .split(/[.,;:!?]/)
        .at(-1) ?? '';
    return negationsIn(near.trim().split(/\s/).slice(-3).join(' ')).count > 0;
  });
}

/** Sentences that stand in only one of the texts, grouped with the sentences of the other text that they match. */
function changedGroups(before: readonly Sentence[], after: readonly Sentence[]): Group[] {
  const [changed, made] = [missingFrom(after, before), missingFrom(before, after)];
  const matches = [
    ...matchesOf(changed, made).map(([one, other]) => [one, other] as const),
    ...matchesOf(made, changed).map(([one, other]) => [other, one] as const),
  ];
  const groups = new Map<Sentence, Group>();
  for (const [was, is] of matches) {
    const [one, other] = [
      groups.get(was) ?? { before: [was], after: [] },
      groups.get(is) ?? { before: [], after: [is] },
    ];
    const [large, small] =
      one.before.length + one.after.length < other.before.length + other.after.length ? [other, one] : [one, other];
    if (large === small) continue;
    large.before.push(...small.before);
    large.after.push(...small.after);
    for (const each of [was, is, ...small.before, ...small.after]) groups.set(each, large);
  }
  const order = (all: readonly Sentence[]) => new Map(all.map((sentence, index) => [sentence, index]));
  const [places, newPlaces] = [order(before), order(after)];
  return [...new Set(groups.values())].map((group) => ({
    before: inOrder(group.before, places),
    after: inOrder(group.after, newPlaces),
  }));
}

function inOrder(sentences: readonly Sentence[], places: ReadonlyMap<Sentence, number>): Sentence[] {
  return sentences.toSorted((one, other) => (places.get(one) ?? 0) - (places.get(other) ?? 0));
}

function missingFrom(other: readonly Sentence[], sentences: readonly Sentence[]): Sentence[] {
  const left = new Map<string, number>();
  for (const { key } of other) left.set(key, (left.get(key) ?? 0) + 1);
  return sentences.filter(({ key }) => {
    const times = left.get(key) ?? 0;
    left.set(key, times - 1);
    return times <= 0;
  });
}

/** For each sentence the one of the others that shares most words with it, if there is one. */
function matchesOf(sentences: readonly Sentence[], others: readonly Sentence[]): [Sentence, Sentence][] {
  const holders = new Map<string, Sentence[]>();
  for (const other of others) {
    for (const word of other.words) {
      const holding = holders.get(word);
      if (!holding) holders.set(word, [other]);
      else if (holding.length <= tellingSentences) holding.push(other);
    }
  }
  return sentences.flatMap((sentence) => {
    const votes = new Map<Sentence, number>();
    for (const word of sentence.words) {
      const holding = holders.get(word) ?? [];
      if (holding.length > tellingSentences) continue;
      for (const other of holding) votes.set(other, (votes.get(other) ?? 0) + 1);
    }
    const rank = (other: Sentence, common: number) => common / (sentence.words.size + other.words.size - common);
    const best = [...votes].toSorted(
      ([one, few], [other, many]) => many - few || rank(other, many) - rank(one, few),
    )[0];
    if (!best || best[1] < matchedShare * Math.min(sentence.words.size, best[0].words.size)) return [];
    return [[sentence, best[0]] satisfies [Sentence, Sentence]];
  });
}
