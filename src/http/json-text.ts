/** Parses untrusted JSON. Bounds its nesting before it is parsed, and names the line and column of a mistake. */
import { type AppError, invalidFields } from '../errors.ts';

/** Deeper values could exhaust the stack of recursive code, such as a validator or a serializer. */
export const deepestNesting = 64;

/** Parses JSON text. Throws `AppError('invalid_request')` with the place of the first mistake, or of nesting beyond the limit. */
export function parseJson(text: string): unknown {
  if (text.trim() === '') throw refused('the body is empty; expected a JSON object');
  const tooDeep = placeOfExcessNesting(text);
  if (tooDeep !== undefined) {
    throw refused(`nested deeper than ${deepestNesting} levels at ${lineAndColumn(text, tooDeep)}`);
  }
  try {
    return JSON.parse(text);
  } catch {
    // The runtime's own message quotes the text and lacks the position of an unexpected token.
    throw refused(`not valid JSON at ${lineAndColumn(text, placeOfMistake(text))}`);
  }
}

function refused(message: string): AppError {
  return invalidFields([{ field: '', message }]);
}

function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `line ${line}, column ${offset - before.lastIndexOf('\n')}`;
}

/** Offset of the first bracket that opens too deep a level. */
function placeOfExcessNesting(text: string): number | undefined {
  let depth = 0;
  let inString = false;
  for (let offset = 0; offset < text.length; offset++) {
    const character = text[offset];
    if (inString) {
      if (character === '\\') offset++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '[' || character === '{') {
      if (++depth > deepestNesting) return offset;
    } else if (character === ']' || character === '}') depth--;
  }
  return undefined;
}

// One token of RFC 8259 after any white space: a string, a number, a literal or a punctuation mark.
const tokens =
  /[ \t\n\r]*("(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[[\]{},:])/y;

/** What may follow. `value` includes an opening bracket. */
type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or close' | 'end';

/** Offset of the first token that cannot stand where it stands, or where a token should be and none can be read. */
function placeOfMistake(text: string): number {
  const open: ('[' | '{')[] = [];
  let expected: Expected = 'value';
  const scanner = new RegExp(tokens);
  for (;;) {
    const from = scanner.lastIndex;
    const token = scanner.exec(text)?.[1];
    const start = from + (/^[ \t\n\r]*/.exec(text.slice(from))?.[0].length ?? 0);
    if (token === undefined) return start;
    const next = follow(token, expected, open);
    if (next === undefined) return start;
    expected = next;
  }
}

/** What is expected after `token`, or undefined when the token may not stand here. Keeps the stack of open brackets. */
function follow(token: string, expected: Expected, open: ('[' | '{')[]): Expected | undefined {
  const afterValue = (): Expected => (open.length === 0 ? 'end' : ', or close');
  const wantsValue = expected === 'value' || expected === 'value or ]';
  switch (token) {
    case '[':
    case '{':
      if (!wantsValue) return undefined;
      open.push(token);
      return token === '[' ? 'value or ]' : 'key or }';
    case ']':
    case '}': {
      const mayClose = expected === ', or close' || expected === (token === ']' ? 'value or ]' : 'key or }');
      if (!mayClose || open.pop() !== (token === ']' ? '[' : '{')) return undefined;
      return afterValue();
    }
    case ',':
      if (expected !== ', or close') return undefined;
      return open.at(-1) === '[' ? 'value' : 'key';
    case ':':
      return expected === ':' ? 'value' : undefined;
    default:
      if (expected === 'key' || expected === 'key or }') return token.startsWith('"') ? ':' : undefined;
      return wantsValue ? afterValue() : undefined;
  }
}
