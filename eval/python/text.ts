/** What Python's `str` and `re` mean by words, digits and white space, where JavaScript means something else. https://docs.python.org/3/library/re.html */

/** For a character class: what `str.isspace` says, and so `\s`. JavaScript's own has U+FEFF, and lacks U+001C to U+001F and U+0085. */
export const space = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
/** For a character class: letters and numbers of any script, and `_`; no combining marks. */
export const word = '\\p{L}\\p{N}_';

/** Before and after a word, as `\b` is in Python. For patterns with the flag `u`. */
export const wordBorder = `(?:(?<=[${word}])(?![${word}])|(?<![${word}])(?=[${word}]))`;

const isSpace = new RegExp(`^[${space}]$`);
const notSpace = new RegExp(`[^${space}]`);

/** `str.strip()`. */
export function strip(text: string): string {
  const from = text.search(notSpace);
  return from < 0 ? '' : rstrip(text.slice(from));
}

/** `str.rstrip()`. A pattern that is held to the end would try every run of white space in between. */
export function rstrip(text: string): string {
  let to = text.length;
  while (to > 0 && isSpace.test(text.charAt(to - 1))) to -= 1;
  return text.slice(0, to);
}

/** `str.strip(letters)`: each of these letters, from both ends. */
export function stripOf(text: string, letters: string): string {
  return lstripOf(rstripOf(text, letters), letters);
}

export function lstripOf(text: string, letters: string): string {
  let from = 0;
  while (from < text.length && letters.includes(text.charAt(from))) from += 1;
  return text.slice(from);
}

export function rstripOf(text: string, letters: string): string {
  let to = text.length;
  while (to > 0 && letters.includes(text.charAt(to - 1))) to -= 1;
  return text.slice(0, to);
}

export function isBlank(text: string): boolean {
  return !notSpace.test(text);
}

/** `str.split()`. */
export function splitWords(text: string): string[] {
  return text.split(new RegExp(`[${space}]+`)).filter((part) => part !== '');
}

/** `str.isupper()`: a letter in upper case, and none in lower or title case. */
export function isUpper(text: string): boolean {
  return /\p{Uppercase}/u.test(text) && !/[\p{Lowercase}\p{Lt}]/u.test(text);
}

/** `str.islower()`. */
export function isLower(text: string): boolean {
  return /\p{Lowercase}/u.test(text) && !/[\p{Uppercase}\p{Lt}]/u.test(text);
}
