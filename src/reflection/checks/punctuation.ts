/** Doing without a punctuation mark: what takes its place, so that the sentence still stands. No word is added or lost. */

/** Rewrites the text without this character; `may` says which others are free to use. */
type Replacement = (text: string, may: (character: string) => boolean) => string;

/**
 * Commas simply go: "However, it rains" stays readable, and clauses run on rather than be joined by a word nobody wrote. Those that group
 * thousands go too; those between other digits stay, since "3,5" is not 35.
 */
function withoutCommas(text: string): string {
  return text
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '')
    .replace(/ ?,(?=\s|$)/g, '')
    .replace(/(?<=\D),|^,|,(?=\D)/g, ' ');
}

const removed =
  (character: string): Replacement =>
  (text) =>
    text.replaceAll(character, '');

const dash =
  (character: string): Replacement =>
  (text, may) =>
    text.replace(new RegExp(`[^\\S\\n]?${character}[^\\S\\n]?`, 'g'), may(',') ? ', ' : ' ');

const replacements: Readonly<Record<string, Replacement>> = {
  ',': withoutCommas,
  // "Really?!" keeps its question mark.
  '!': (text, may) =>
    text
      .replace(/(?<=\?)!+/g, '')
      .replace(/!+(?=\?)/g, '')
      .replace(/!+/g, may('.') ? '.' : ''),
  ';': (text, may) =>
    may('.')
      ? text
          .replace(/;(\s+)(\p{Ll})/gu, (_, space: string, letter: string) => `.${space}${letter.toUpperCase()}`)
          .replaceAll(';', '.')
      : text,
  '—': dash('—'),
  '–': dash('–'),
  '*': (text, may) => (may('-') ? text.replace(/^(\s*)\*(?=\s)/gm, '$1-') : text).replace(/\*/g, ''),
  '#': (text) => text.replace(/^#{1,6}[^\S\n]+/gm, ''),
  '`': removed('`'),
  '"': removed('"'),
  '“': (text, may) => text.replaceAll('“', may('"') ? '"' : ''),
  '”': (text, may) => text.replaceAll('”', may('"') ? '"' : ''),
};

/** The text without these characters, as far as that can be done; letters, digits and marks that carry meaning stay. */
export function withoutCharacters(text: string, characters: readonly string[]): string {
  const may = (character: string) => !characters.includes(character);
  return characters.reduce((rest, character) => {
    const replace = Object.hasOwn(replacements, character) ? replacements[character] : undefined;
    return replace ? replace(rest, may) : rest;
  }, text);
}
