/** Finding brackets that never close in source code, with strings and comments set aside. Says `unsure` rather than guess. */

export interface Syntax {
  /** What begins a comment to the end of the line. */
  readonly line: string;
  /** Whether slash-star comments exist. */
  readonly block: boolean;
  readonly quotes: string;
  /** Whether strings in three quotes span lines. */
  readonly triple: boolean;
  /** Whether a slash may begin a regular expression, whose brackets mean nothing. */
  readonly slashIsRegex: boolean;
}

export interface BracketProblem {
  readonly message: string;
  /** Offset in the code. */
  readonly at: number;
}

const partner: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** The first bracket without its partner; undefined when all have theirs. */
export function bracketProblem(code: string, syntax: Syntax): BracketProblem | undefined | 'unsure' {
  // An elided part may hold anything.
  if (/\.\.\.(?!\s{0,8}[\w[{(])|…/.test(code)) return 'unsure';
  const open: { readonly bracket: string; readonly at: number }[] = [];
  let at = 0;
  while (at < code.length) {
    const after = skip(code, at, syntax);
    if (after === 'unsure') return 'unsure';
    if (after > at) {
      at = after;
      continue;
    }
    const character = code[at] ?? '';
    if ('([{'.includes(character)) open.push({ bracket: character, at });
    else if (')]}'.includes(character) && open.pop()?.bracket !== partner[character])
      return { message: `"${character}" closes nothing that is open`, at };
    at += 1;
  }
  const last = open.at(-1);
  return last && { message: `"${last.bracket}" is never closed`, at: last.at };
}

/** The offset after the comment or string that begins at `at`, or `at` itself when none does. */
function skip(code: string, at: number, syntax: Syntax): number | 'unsure' {
  if (code.startsWith(syntax.line, at)) return endOf(code, '\n', at) ?? code.length;
  if (syntax.block && code.startsWith('/*', at)) return endOf(code, '*/', at + 2) ?? 'unsure';
  const character = code[at] ?? '';
  if (character === '/' && syntax.slashIsRegex) return 'unsure';
  if (!syntax.quotes.includes(character)) return at;
  const triple = character.repeat(3);
  if (syntax.triple && code.startsWith(triple, at)) return endOf(code, triple, at + 3) ?? 'unsure';
  return endOfString(code, at, character);
}

function endOf(code: string, mark: string, from: number): number | undefined {
  const found = code.indexOf(mark, from);
  return found < 0 ? undefined : found + mark.length;
}

function endOfString(code: string, start: number, quote: string): number | 'unsure' {
  for (let at = start + 1; at < code.length; at += 1) {
    const character = code[at];
    if (character === quote) return at + 1;
    if (character === '\\') at += 1;
    else if (character === '\n' && quote !== '`') return 'unsure';
    // A template's `${…}` holds code again.
    else if (character === '$' && quote === '`' && code[at + 1] === '{') return 'unsure';
  }
  return 'unsure';
}
