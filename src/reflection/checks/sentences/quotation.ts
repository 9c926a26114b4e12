/** Whether a place in a text stands within a quotation. */

const closes: Readonly<Record<string, string>> = { '„': '“', '“': '”', '«': '»', '»': '«', '「': '」', '『': '』' };
/** A longer quotation is taken for one that was never closed. */
const longest = 600;

/** Reads a text from its start and knows at each place whether a quotation is open there that began within the sentence. */
export class Quotation {
  readonly #text: string;
  #at = 0;
  #openedAt = -1;
  #closer = '';

  constructor(text: string) {
    this.#text = text;
  }

  get isOpen(): boolean {
    return this.#openedAt >= 0 && this.#at - this.#openedAt < longest;
  }

  /** Moves on to the offset. A quotation that opens a sentence, which began at `start`, is the sentence itself. */
  readTo(offset: number, start: number): void {
    for (; this.#at < offset; this.#at += 1) {
      const sign = this.#text[this.#at] ?? '';
      if (this.#closer !== '') {
        if (sign !== this.#closer && !(sign === '”' && this.#closer === '“')) continue;
        this.#closer = '';
        this.#openedAt = -1;
      } else if (sign === '"' ? !/\d/.test(this.#text[this.#at - 1] ?? '') : closes[sign] !== undefined) {
        this.#closer = closes[sign] ?? '"';
        const isWithin = /[\p{L}\p{N}]/u.test(this.#text.slice(Math.max(start, this.#at - 40), this.#at));
        this.#openedAt = isWithin ? this.#at : -1;
      }
    }
  }
}
