/**
 * The prompts that gave the last rows of an export, so that no other row is made of one of them. It goes from page to page as text: nothing is kept
 * between requests, and pages of any size give the rows that one large page would.
 */

/** How far back a repeated prompt is noticed, in rows. */
export const promptsRemembered = 200;

/** Of a prompt's hash, in hexadecimal digits: a new prompt is taken for one of 200 others about once in 10^12 rows. */
const digits = 12;

const wholeMark = new RegExp(`[0-9a-f]{${digits}}`, 'g');

/** What `toString` gives. */
export const seenPromptsPattern = new RegExp(`^(?:[0-9a-f]{${digits}}){0,${promptsRemembered}}$`);

export class SeenPrompts {
  /** The oldest first. */
  readonly #marks: Set<string>;

  /** `text`: what `toString` gave for the page before. */
  constructor(text: string) {
    this.#marks = new Set(text.match(wholeMark) ?? []);
  }

  /** Remembers a prompt by its hash. False where it is among the remembered ones. */
  add(hash: string): boolean {
    const mark = hash.slice(0, digits);
    if (this.#marks.has(mark)) return false;
    this.#marks.add(mark);
    const [oldest] = this.#marks;
    if (this.#marks.size > promptsRemembered && oldest !== undefined) this.#marks.delete(oldest);
    return true;
  }

  toString(): string {
    return [...this.#marks].join('');
  }
}
