/**
 * The Reflection-70B form: `<thinking>`, `<reflection>` inside it, then `<output>`. In stock Llama models these are ordinary text, so
 * nothing guarantees that they close, nest or appear once. One grammar serves streams and whole texts; thinking is never the answer.
 */

const names = ['thinking', 'reflection', 'output'] as const;
type TagName = (typeof names)[number];

type Token =
  | { readonly kind: 'text'; readonly raw: string }
  | { readonly kind: 'open' | 'close'; readonly raw: string; readonly name: TagName };

export type TagSection = 'outside' | 'thinking' | 'reflection' | 'output';

/** Text that has just become certain, and the section that it stands in so far. The end of the stream may still judge otherwise. */
export interface TagPiece {
  readonly section: TagSection;
  readonly text: string;
}

/**
 * `ok`: an output section was found. `unclosed_output`: it was found and cut off. `untagged`: there is an answer outside all tags and no output
 * section. `missing_output`: nothing but thinking. `empty`: nothing at all.
 */
export interface TaggedText {
  readonly status: 'ok' | 'unclosed_output' | 'untagged' | 'missing_output' | 'empty';
  /** What may be shown as the answer; empty for `missing_output` and `empty`. */
  readonly answer: string;
}

const wholeTag = /<(\/?)(thinking|reflection|output)\s{0,8}>/gi;
// The longest start of a tag that may still become one: `</reflection` and its spaces.
const longestTag = '</reflection        >'.length;

/**
 * Parses while text streams in: `feed` every chunk, then `end` once. Any way of cutting the text gives the same result. The pieces are for surfaces
 * that tell thinking from answer while both are written; the engine itself reads whole texts, by `parseTags`.
 */
export class TagParser {
  readonly #tokens: Token[] = [];
  readonly #open: TagName[] = [];
  /** The end of what was fed, kept back because it may be the start of a tag. */
  #held = '';

  feed(chunk: string): TagPiece[] {
    const text = this.#held + chunk;
    const keep = possibleTagStart(text);
    this.#held = text.slice(keep);
    return this.#take(text.slice(0, keep));
  }

  end(): TaggedText {
    this.#take(this.#held);
    this.#held = '';
    return resolve(this.#tokens);
  }

  #take(text: string): TagPiece[] {
    const pieces: TagPiece[] = [];
    for (const token of tokenize(text)) {
      const last = this.#tokens.at(-1);
      if (token.kind === 'text' && last?.kind === 'text')
        this.#tokens[this.#tokens.length - 1] = { kind: 'text', raw: last.raw + token.raw };
      else this.#tokens.push(token);
      if (token.kind === 'text') pieces.push({ section: this.#open.at(-1) ?? 'outside', text: token.raw });
      else if (token.kind === 'open') this.#open.push(token.name);
      else if (this.#open.includes(token.name)) this.#open.length = this.#open.lastIndexOf(token.name);
    }
    return pieces;
  }
}

/** Parses a whole text: the same grammar. */
export function parseTags(text: string): TaggedText {
  const parser = new TagParser();
  parser.feed(text);
  return parser.end();
}

/** Where the text's last `<…` begins that may still grow into a tag; the text's length when there is none. */
function possibleTagStart(text: string): number {
  const start = text.lastIndexOf('<');
  if (start < 0 || text.length - start >= longestTag) return text.length;
  const tail = text.slice(start).toLowerCase();
  if (tail.includes('>')) return text.length;
  const bare = tail.trimEnd();
  const growing = names.some(
    (name) =>
      `<${name}`.startsWith(tail) || `</${name}`.startsWith(tail) || bare === `<${name}` || bare === `</${name}`,
  );
  return growing ? start : text.length;
}

function* tokenize(text: string): Generator<Token> {
  let position = 0;
  for (const match of text.matchAll(wholeTag)) {
    if (match.index > position) yield { kind: 'text', raw: text.slice(position, match.index) };
    const name = names.find((known) => known === match[2]?.toLowerCase()) ?? 'output';
    yield { kind: match[1] ? 'close' : 'open', raw: match[0], name };
    position = match.index + match[0].length;
  }
  if (position < text.length) yield { kind: 'text', raw: text.slice(position) };
}

/** Walks the tokens once: what is private is skipped, the last output section wins, text outside is the second choice. */
function resolve(tokens: readonly Token[]): TaggedText {
  const closings = lastClosings(tokens);
  let output: Output | undefined;
  let outside = '';
  for (let index = 0; index < tokens.length; ) {
    const token = tokens[index];
    if (!token) break;
    if (token.kind === 'text') {
      outside += token.raw;
      index += 1;
    } else if (token.kind === 'close') {
      // A closing tag without its opening one: the opening tag was in the prompt or lost, so all text before is private.
      if (token.name !== 'output') outside = '';
      index += 1;
    } else if (token.name === 'output') {
      const section = readOutput(tokens, index + 1, closings);
      if (section.text.trim() !== '' || !output) output = section;
      index = section.next;
    } else if (closings[token.name] > index) {
      index = endOfPrivate(tokens, index, token.name, closings);
    } else {
      // Never closed: an output section at the end of the text is still the answer. Everything else stays private.
      return unclosedPrivate(tokens, index, closings, output);
    }
  }
  if (output && output.text.trim() !== '')
    return { status: output.closed ? 'ok' : 'unclosed_output', answer: output.text.trim() };
  if (outside.trim() !== '') return { status: 'untagged', answer: outside.trim() };
  const thought = tokens.some((token) => token.kind !== 'text' && token.name !== 'output');
  return { status: thought ? 'missing_output' : 'empty', answer: '' };
}

/** Where each tag is closed for the last time, -1 for never. With it the functions below need not search to the end. */
type Closings = Readonly<Record<TagName, number>>;

function lastClosings(tokens: readonly Token[]): Closings {
  const closings = { thinking: -1, reflection: -1, output: -1 };
  tokens.forEach((token, index) => {
    if (token.kind === 'close') closings[token.name] = index;
  });
  return closings;
}

/** The index after the tag that closes the private section opened at `start`. */
function endOfPrivate(tokens: readonly Token[], start: number, name: TagName, closings: Closings): number {
  let depth = 0;
  for (let index = start; index < closings[name]; index += 1) {
    const token = tokens[index];
    if (!token || token.kind === 'text' || token.name !== name) continue;
    depth += token.kind === 'open' ? 1 : -1;
    if (depth === 0) return index + 1;
  }
  // Also where the tag was opened more often than closed (a mention of it, say): the last closing tag ends it.
  return closings[name] + 1;
}

/** `<thinking>… <output>42</output>` at the very end of the text: the model forgot to close its thinking. */
function unclosedPrivate(
  tokens: readonly Token[],
  start: number,
  closings: Closings,
  before: Output | undefined,
): TaggedText {
  const opening = tokens.findLastIndex((token) => token.kind === 'open' && token.name === 'output');
  if (opening > start) {
    const section = readOutput(tokens, opening + 1, closings);
    const rest = tokens
      .slice(section.next)
      .map((token) => token.raw)
      .join('');
    if (section.closed && section.text.trim() !== '' && rest.trim() === '')
      return { status: 'ok', answer: section.text.trim() };
  }
  if (before && before.text.trim() !== '') return { status: 'ok', answer: before.text.trim() };
  return { status: 'missing_output', answer: '' };
}

interface Output {
  readonly text: string;
  readonly closed: boolean;
  /** The index of the first token after the section. */
  readonly next: number;
}

/**
 * The output section whose content begins at `start`. It may speak of `<output>` itself, so opened tags are counted, and a closing tag that comes
 * after the count has reached zero moves the end (`<output>Use </output> to close it.</output>`). A new section ends it.
 */
function readOutput(tokens: readonly Token[], start: number, closings: Closings): Output {
  let depth = 1;
  let text = '';
  let closed: Output | undefined;
  for (let index = start; index < tokens.length; ) {
    const token = tokens[index];
    if (!token) break;
    if (token.kind === 'text') {
      text += token.raw;
      index += 1;
    } else if (token.name === 'output' && token.kind === 'close') {
      closed = { text, closed: true, next: index + 1 };
      text += token.raw;
      depth = Math.max(0, depth - 1);
      index += 1;
    } else if (depth === 0) {
      break;
    } else if (token.name === 'output') {
      depth += 1;
      text += token.raw;
      index += 1;
    } else if (token.kind === 'open' && closings[token.name] > index) {
      index = endOfPrivate(tokens, index, token.name, closings);
    } else if (token.kind === 'open' && closings.output < index) {
      break; // cut off inside a private section: what follows is not for the reader
    } else {
      text += token.raw;
      index += 1;
    }
  }
  return closed ?? { text, closed: false, next: tokens.length };
}
