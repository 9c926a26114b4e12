/** Where lines, paragraphs and fenced code stand in a text. */
import type { Span } from './check.ts';

/** Every line that is not blank, without its line end. */
export function lines(text: string): Span[] {
  return allLines(text).filter(([start, end]) => !isBlank(text, start, end));
}

/** Every line without its line end (`\n`, `\r\n` or `\r`); after a last line end there is no further line. */
export function allLines(text: string): Span[] {
  const found: Span[] = [];
  let start = 0;
  for (const match of text.matchAll(/\r\n|[\n\r]/g)) {
    found.push([start, match.index]);
    start = match.index + match[0].length;
  }
  if (start < text.length) found.push([start, text.length]);
  return found;
}

function isBlank(text: string, start: number, end: number): boolean {
  return text.slice(start, end).trim() === '';
}

export interface Fence {
  /** From the first backtick to the end of the closing line. */
  readonly span: Span;
  /** The code between. */
  readonly body: Span;
  /** The info string's first word in lower case: `json`, `ts`; empty when there is none. */
  readonly language: string;
  /** What opens it, and closes it: three backticks or tildes, or more. */
  readonly mark: string;
  readonly closed: boolean;
}

// https://spec.commonmark.org/0.31.2/#fenced-code-blocks
const fenceLine = /^ {0,3}(`{3,}|~{3,})([^\r\n]*)$/;

/** Every fenced code block. Fences inside list items may be indented deeper than CommonMark's three blanks, so indentation is ignored. */
export function fences(text: string): Fence[] {
  const found: Fence[] = [];
  let open:
    | { readonly start: number; readonly body: number; readonly mark: string; readonly language: string }
    | undefined;
  for (const [start, end] of allLines(text)) {
    const line = text.slice(start, end);
    const indent = line.length - line.trimStart().length;
    const [, mark = '', info = ''] = fenceLine.exec(line.trimStart()) ?? [];
    if (mark === '') continue;
    if (!open) {
      // An info string with a backtick is inline code: ```like this```.
      if (mark.startsWith('`') && info.includes('`')) continue;
      const language = /^[\w+#.-]{0,30}/.exec(info.trim())?.[0].toLowerCase() ?? '';
      open = { start: start + indent, body: afterLineEnd(text, end), mark, language };
    } else if (mark.startsWith(open.mark) && info.trim() === '') {
      found.push({
        span: [open.start, end],
        body: [open.body, start],
        language: open.language,
        mark: open.mark,
        closed: true,
      });
      open = undefined;
    }
  }
  if (open)
    found.push({
      span: [open.start, text.length],
      body: [open.body, text.length],
      language: open.language,
      mark: open.mark,
      closed: false,
    });
  return found;
}

function afterLineEnd(text: string, end: number): number {
  return text.startsWith('\r\n', end) ? end + 2 : Math.min(end + 1, text.length);
}

// A whole answer is often fenced as one of these although it is prose.
const proseLanguages = new Set(['markdown', 'md', 'text', 'txt', 'plaintext']);

/** The text with fenced code blanked out, each character keeping its place; of fenced prose only the fences go. */
export function withoutFences(text: string): string {
  const code = fences(text).flatMap(({ span, body, language }): Span[] =>
    proseLanguages.has(language)
      ? [
          [span[0], body[0]],
          [body[1], span[1]],
        ]
      : [span],
  );
  return blanked(text, code);
}

/** The text with fenced and inline code and formulas blanked out. */
export function withoutCode(text: string): string {
  return withoutFences(text).replace(/`[^`\r\n]+`|\\\([^\r\n]{0,400}?\\\)|\\\[[^\r\n]{0,400}?\\\]/g, (code) =>
    ' '.repeat(code.length),
  );
}

/** The text with these ascending spans blanked out; line ends stay. */
export function blanked(text: string, spans: readonly Span[]): string {
  const pieces: string[] = [];
  let from = 0;
  for (const [start, end] of spans) {
    pieces.push(text.slice(from, start), text.slice(start, end).replace(/[^\r\n]/g, ' '));
    from = end;
  }
  return pieces.join('') + text.slice(from);
}

/** Every paragraph, trimmed: what stands between blank lines (a code block is never divided, a rule such as `***` is none), or between separators. */
export function paragraphs(text: string, separator?: string): Span[] {
  return separator === undefined ? betweenBlankLines(text) : between(text, separator);
}

function betweenBlankLines(text: string): Span[] {
  const found: Span[] = [];
  const code = fences(text);
  let next = 0;
  let open: Span | undefined;
  for (const [start, end] of allLines(text)) {
    while ((code[next]?.span[1] ?? text.length + 1) < start) next += 1;
    const inCode = (code[next]?.span[0] ?? text.length + 1) < start;
    if (!inCode && isParagraphBreak(text.slice(start, end))) {
      if (open) found.push(trimmed(text, open));
      open = undefined;
    } else open = [open?.[0] ?? start, end];
  }
  if (open) found.push(trimmed(text, open));
  return found;
}

function isParagraphBreak(line: string): boolean {
  return line.trim() === '' || /^\s{0,3}(?:\*[* ]{2,}|-[- ]{2,}|_[_ ]{2,})$/.test(line.trimEnd());
}

function between(text: string, separator: string): Span[] {
  const found: Span[] = [];
  let start = 0;
  const add = (end: number): void => {
    const span = trimmed(text, [start, end]);
    if (span[0] < span[1]) found.push(span);
  };
  for (const [from, to] of dividers(text, separator)) {
    add(from);
    start = to;
  }
  add(text.length);
  return found;
}

/** Whether a separator such as `***` or `---` divides only on a line of its own: within a line it is emphasis or a dash. */
export function needsOwnLine(separator: string): boolean {
  return /^[*_~=#-]{1,3}$/.test(separator);
}

/** The separator in words. */
export function divider(separator: string): string {
  return `"${separator}"${needsOwnLine(separator) ? ' on a line of its own' : ''}`;
}

/** Where the separator stands. A longer one of signs, such as `******`, divides between blanks as well where no line is its own. */
function dividers(text: string, separator: string): Span[] {
  const own = allLines(text).filter(([start, end]) => text.slice(start, end).trim() === separator);
  if (needsOwnLine(separator)) return own;
  const found: Span[] = [];
  for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, at + separator.length))
    found.push([at, at + separator.length]);
  if (!/^[*_~=#-]+$/.test(separator)) return found;
  if (own.length > 0) return own;
  return found.filter(([start, end]) => !/\S/.test((text[start - 1] ?? ' ') + (text[end] ?? ' ')));
}

/** The place without the white space at its edges. */
export function trimmed(text: string, [start, end]: Span): Span {
  const part = text.slice(start, end);
  const lead = part.length - part.trimStart().length;
  return [start + lead, start + lead + part.trim().length];
}
