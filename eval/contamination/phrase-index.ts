/**
 * Finding a text of the benchmarks in other texts: two texts overlap where they have 13 words in a row in common. The length, the form of a word (lower case,
 * no punctuation) and that phrases in more than ten texts are passed over are those of GPT-3's paper (Brown and others 2020, appendix C,
 * https://arxiv.org/abs/2005.14165); it counts the texts of the training set, and here it is the items that are counted.
 */

/** Words in a row. */
export const phraseLength = 13;
/** A phrase in more items is a form of asking, not an item. */
const mostItems = 10;
/** So many of a phrase's words need two letters in a row: counting from 1 to 13 tells of no item. */
const fewestTelling = 7;

export interface Overlap {
  readonly item: string;
  /** The first words in common, normalised. */
  readonly phrase: string;
}

/** Words as they are compared. */
export function normalisedWords(text: string): readonly string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  );
}

interface Phrase {
  /** Of its first word in the index's list of words. */
  readonly at: number;
  /** The first that has it, and the last so far. */
  readonly first: string;
  last: string;
  items: number;
}

export class PhraseIndex {
  /** Each word's number; words are kept as numbers, because there are millions. */
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #isTelling: boolean[] = [];
  /** The words of all texts, one after the other. */
  readonly #words: number[] = [];
  readonly #phrases = new Map<number, Phrase>();

  /** Texts of one item are added one after the other. */
  add(item: string, text: string): void {
    const begin = this.#words.length;
    for (const word of normalisedWords(text)) this.#words.push(this.#numberOf(word));
    for (let at = begin; at + phraseLength <= this.#words.length; at += 1) {
      const hash = hashOf(this.#words, at);
      const known = this.#phrases.get(hash);
      if (!known) {
        this.#phrases.set(hash, { at, first: item, last: item, items: 1 });
      } else if (known.last !== item) {
        known.last = item;
        known.items += 1;
      }
    }
  }

  /** What a text has of the items, each item once. */
  find(text: string): readonly Overlap[] {
    const words = normalisedWords(text).map((word) => this.#numbers.get(word) ?? -1);
    const found = new Map<string, Overlap>();
    for (let at = 0; at + phraseLength <= words.length; at += 1) {
      const phrase = this.#phrases.get(hashOf(words, at));
      if (!phrase || phrase.items > mostItems || found.has(phrase.first)) continue;
      if (this.#isSame(words, at, phrase.at) && this.#tells(words, at)) {
        const named = words.slice(at, at + phraseLength).map((word) => this.#names[word] ?? '');
        found.set(phrase.first, { item: phrase.first, phrase: named.join(' ') });
      }
    }
    return [...found.values()];
  }

  #numberOf(word: string): number {
    const known = this.#numbers.get(word);
    if (known !== undefined) return known;
    const number = this.#names.length;
    this.#numbers.set(word, number);
    this.#names.push(word);
    this.#isTelling.push(/\p{L}{2}/u.test(word));
    return number;
  }

  /** A hash may be that of another phrase. */
  #isSame(words: readonly number[], at: number, own: number): boolean {
    for (let offset = 0; offset < phraseLength; offset += 1) {
      if (words[at + offset] !== this.#words[own + offset]) return false;
    }
    return true;
  }

  #tells(words: readonly number[], at: number): boolean {
    const telling = words.slice(at, at + phraseLength).filter((word) => this.#isTelling[word] === true);
    return telling.length >= fewestTelling;
  }
}

/** Of 52 bits, from two hashes of 32 and 20. */
function hashOf(words: readonly number[], at: number): number {
  let [one, other] = [0x811c9dc5, 0x9e3779b9];
  for (let offset = 0; offset < phraseLength; offset += 1) {
    const word = words[at + offset] ?? 0;
    one = Math.imul(one ^ word, 0x01000193);
    one ^= one >>> 15;
    other = Math.imul(other + word, 0x85ebca6b);
    other ^= other >>> 13;
  }
  return (one >>> 0) * 2 ** 20 + (other >>> 12);
}
