/** Finds numbers or names of a sentence that have swapped places, by the words around them. A clause that moves keeps those words. */

type Kind = 'number' | 'name';

interface Token {
  readonly text: string;
  readonly kind: Kind | null;
}

/** How much each neighbour says about a place: the nearest word most, the end of the sentence least. */
const weights = { nearest: 3, next: 1, end: 0.5 } as const;
const edge = '\n';

/** Every place is compared with every other. A sentence with more places is data and is not compared. */
const mostPlaces = 100;

/** What separates the members of a list, whose order has no meaning. */
const conjunctions: ReadonlySet<string> = new Set(
  'and or und oder y o e et ou ed en of och eller и или と や 和 与 與 및 , ، 、'.split(' '),
);
/** A passive names who did it after one of these. */
const agents: ReadonlySet<string> = new Set('by von vom durch por par da dal door av'.split(' '));

/** The numbers or names that stand in one another's places; null where there are none. */
export function swappedIn(before: string, after: string): string[] | null {
  const capitals = innerCapitals(`${before} ${after}`);
  const [was, is] = [tokensOf(before, capitals), tokensOf(after, capitals)];
  return swappedOf('number', was, is) ?? swappedOf('name', was, is);
}

function swappedOf(kind: Kind, was: readonly Token[], is: readonly Token[]): string[] | null {
  const [old, now] = [placesOf(kind, was), placesOf(kind, is)];
  const once = [...old.keys()].filter((text) => old.get(text)?.length === 1 && now.get(text)?.length === 1);
  if (once.length < 2 || once.length > mostPlaces) return null;
  const isPassive = kind === 'name' && countOf(agents, was) !== countOf(agents, is);
  if (isPassive) return null;
  const places = once.map((text) => ({ text, old: old.get(text)?.[0] ?? 0, now: now.get(text)?.[0] ?? 0 }));
  const swapped = places.filter((place) => {
    const around = contextAt(is, place.now, kind);
    const own = likeness(around, contextAt(was, place.old, kind));
    return places.some(
      (other) =>
        other !== place &&
        !isList(was, place.old, other.old, kind) &&
        likeness(around, contextAt(was, other.old, kind)) > own,
    );
  });
  return swapped.length > 1 && isReordered(places) ? swapped.map(({ text }) => text) : null;
}

function isReordered(places: readonly { readonly old: number; readonly now: number }[]): boolean {
  const sorted = places.toSorted((one, other) => one.old - other.old);
  return sorted.some((place, index) => index > 0 && place.now < (sorted[index - 1]?.now ?? 0));
}

function countOf(words: ReadonlySet<string>, tokens: readonly Token[]): number {
  return tokens.filter((token) => words.has(token.text)).length;
}

/** Whether nothing but members of a list stands between two places. */
function isList(tokens: readonly Token[], one: number, other: number, kind: Kind): boolean {
  return tokens
    .slice(Math.min(one, other) + 1, Math.max(one, other))
    .every((token) => token.kind === kind || conjunctions.has(token.text));
}

function placesOf(kind: Kind, tokens: readonly Token[]): ReadonlyMap<string, number[]> {
  const places = new Map<string, number[]>();
  tokens.forEach((token, at) => {
    if (token.kind !== kind) return;
    const known = places.get(token.text);
    if (known) known.push(at);
    else places.set(token.text, [at]);
  });
  return places;
}

interface Context {
  readonly left: readonly string[];
  readonly right: readonly string[];
}

/** Two words on each side; other numbers or names stand for themselves as a kind, since they may have moved. */
function contextAt(tokens: readonly Token[], at: number, kind: Kind): Context {
  const tell = (place: number) => {
    const token = tokens[place];
    if (!token) return edge;
    return token.kind === kind ? `<${kind}>` : token.text;
  };
  return { left: [tell(at - 1), tell(at - 2)], right: [tell(at + 1), tell(at + 2)] };
}

function likeness(one: Context, other: Context): number {
  const side = (words: readonly string[], others: readonly string[]) =>
    words.reduce((sum, word, index) => {
      if (word !== others[index]) return sum;
      if (word === edge) return sum + weights.end;
      return sum + (index === 0 ? weights.nearest : weights.next);
    }, 0);
  return side(one.left, other.left) + side(one.right, other.right);
}

const tokenPattern =
  /\p{N}+(?:[.,:/'’]\p{N}+)*|[\p{Script=Katakana}ー]{2,}|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Hangul}\p{Script=Thai}]|[\p{L}\p{M}]+|[,،、]/gu;
const capital = /^\p{Lu}\p{M}*[\p{L}\p{M}]+/u;
const foreign = /^[\p{Script=Katakana}ー]{2,}$/u;

/** Capitalised words that stand inside a sentence somewhere: the first word of a sentence is a name only where it is one elsewhere. */
function innerCapitals(text: string): ReadonlySet<string> {
  return new Set(text.match(/(?<=[\p{L}\p{N},;:] )\p{Lu}[\p{L}\p{M}]+/gu));
}

/** Names of several words are one token. */
function tokensOf(text: string, capitals: ReadonlySet<string>): Token[] {
  const tokens: Token[] = [];
  let end = -1;
  for (const { 0: word, index } of text.normalize('NFKC').matchAll(tokenPattern)) {
    const isName = foreign.test(word) || (capital.test(word) && capitals.has(word));
    const last = tokens.at(-1);
    if (isName && last?.kind === 'name' && index === end + 1)
      tokens[tokens.length - 1] = { text: `${last.text} ${word}`, kind: 'name' };
    else if (isName) tokens.push({ text: word, kind: 'name' });
    else tokens.push({ text: word.toLowerCase(), kind: /^\p{N}/u.test(word) ? 'number' : null });
    end = index + word.length;
  }
  return tokens;
}
