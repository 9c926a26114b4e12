/** Keeps what checks say short: settings and answers may be a hundred thousand characters long. */

/** The most characters of what a check says of an answer, and of what it asks of a model that writes. */
export const longest = { message: 300, requirement: 8_000 } as const;

const longestItem = 80;

/** The text within so many characters: its middle is left out, because the instruction stands at the beginning or at the end. */
export function withoutMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  const tail = Math.floor(most / 3);
  // A surrogate pair must not be split.
  const head = text.slice(0, most - tail - 3).replace(/[\ud800-\udbff]$/, '');
  return `${head} … ${text.slice(-tail).replace(/^[\udc00-\udfff]/, '')}`;
}

/** The items in quotation marks, as they fit within what a requirement may hold. */
export function allQuoted(items: readonly string[]): string {
  return listed(
    items.map((item) => `"${item}"`),
    longest.requirement * 0.9,
  );
}

/** The items in quotation marks, as many as a message can hold. */
export function someQuoted(items: readonly string[]): string {
  return briefly(items.map((item) => `"${withoutMiddle(item, longestItem)}"`));
}

/** The items, as many as a message can hold. */
export function briefly(items: readonly string[], separator = ', '): string {
  return listed(items, longest.message * 0.7, separator);
}

/** Whole items within so many characters, the first always, and how many more there are. */
function listed(items: readonly string[], most: number, separator = ', '): string {
  let length = 0;
  let count = 0;
  for (const item of items) {
    length += item.length + separator.length;
    if (count > 0 && length > most) break;
    count += 1;
  }
  const rest = items.length - count;
  return items.slice(0, count).join(separator) + (rest > 0 ? `${separator}and ${rest} more` : '');
}
