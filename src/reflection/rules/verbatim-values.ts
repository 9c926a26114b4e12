/** What a revision copies letter for letter: how links, mail addresses and citations stand in a text. */

export const urlPattern = /https?:\/\/[^\s)>\]"']*[^\s)>\]"'.,;:!?]/g;
export const mailPattern = /(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}/g;
export const citationPattern = /\[[\p{L}\p{N}_.:-]{1,64}\]/gu;

/** Each text that matches the global pattern, once. */
export function distinctMatches(text: string, pattern: RegExp): string[] {
  return [...new Set(text.match(pattern) ?? [])];
}
