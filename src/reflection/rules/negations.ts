/** The negations of a sentence, counted so that a rewording of it has the same number: "can't" is "cannot", "ne … pas" is one. */

/** Words that negate, by language. Shared ones stand once. */
const negatingWords = {
  en: "not no never cannot without none nobody nothing nowhere neither hardly don't",
  de: 'nicht kein keine keinen keinem keiner keines nie niemals ohne niemand nichts weder',
  es: 'nunca jamás sin ningún ninguna ninguno nadie tampoco',
  fr: 'ne pas jamais sans aucun aucune rien ni',
  pt: 'não sem nenhum nenhuma ninguém',
  it: 'non senza nessun nessuno nessuna mai',
  nl: 'niet geen nooit zonder niemand',
  sv: 'inte aldrig utan ingen inget inga ikke aldri uten',
  ru: 'не нет никогда без нельзя никто ничего',
  pl: 'nie nigdy bez żaden żadna',
  tr: 'değil yok asla',
  ar: 'لا ليس ليست لم لن بدون',
  he: 'לא אין בלי',
  hi: 'नहीं मत बिना',
} as const;
const negating: ReadonlySet<string> = new Set(Object.values(negatingWords).flatMap((words) => words.split(' ')));

/** A second part of the same negation, when it follows the first within a few words: ne … pas, no … nunca, не … никогда. */
const concord: ReadonlySet<string> = new Set(
  'pas jamais aucun aucune rien nunca jamás ningún ninguna ninguno nadie tampoco nenhum nenhuma ninguém mai nessun nessuno nessuna never ничего никто'.split(
    ' ',
  ),
);
const concordStarts: ReadonlySet<string> = new Set(['ne', 'n', 'no', 'não', 'non', 'не']);
const concordReach = 5;

/** Idioms with a negating word that negate nothing. */
const idioms =
  /(?<!\p{L})(?:not only|not just|whether or not|no doubt|no matter|nicht nur|no s[oó]lo|no solamente|non seulement|não só|não apenas|non solo|niet alleen|не только)(?!\p{L})|pas seulement|n'importe|(?<!\p{L})no\. ?(?=\d)/gu;

/** Signs of negation in scripts that are written without spaces, or stick to their words; first what must be told apart from them. */
const unspaced = [
  {
    when: /[\p{Script=Hiragana}\p{Script=Katakana}]/u,
    idioms:
      /(?:なければ|なくては|なきゃ|ないと)(?:なら|なり|いけ|だめ)(?:ない|ません)?|(?:かも)しれ(?:ない|ません)|だけで(?:は)?なく|のみならず|まもなく|間もなく|少ない|少なく|すくない|危ない|あぶない|もったいない/g,
    signs: /ない|なかっ|なく|なけれ|ません|ずに|なし(?!と?は)/g,
  },
  {
    when: /\p{Script=Hangul}/u,
    idioms: /뿐(?:만)? ?아니라|않으면 ?안 ?(?:되|된|돼|됩)|잘못/g,
    signs: /않|못|아니|아닙|아닌|아닐|없|(?<!\p{L})안(?= \p{Script=Hangul}|되|된|돼|됩)|지 ?(?:마세|마십|마라|말)/gu,
  },
  {
    when: /\p{Script=Han}/u,
    idioms:
      /不(?:仅|僅|但|过|過|断|斷|管|论|論|同|错|錯|少|久|只)|差不多|非(?:常|洲)|[特区區个個分级級性识識差类類]别|别(?:人|墅)|[无無](?:论|論)|未[来來]/g,
    signs: /[不没沒别別无無未勿非]/g,
  },
  { when: /\p{Script=Thai}/u, idioms: /ไม่เพียง/g, signs: /ไม่|อย่า/g },
] as const;

const portuguese = /(?<!\p{L})(?:não|uma|em|você|é)(?!\p{L})|ções|ção/u;

/** How many negations a sentence has, and the sentence without them. */
export interface Negations {
  readonly count: number;
  readonly rest: string;
}

/** Counts the negations of one sentence. */
export function negationsIn(sentence: string): Negations {
  const lower = sentence.normalize('NFKC').toLowerCase().replace(/[’ʼ]/g, "'").replace(idioms, ' ');
  const script = unspaced.find(({ when }) => when.test(lower));
  if (!script) return negatingWordsIn(lower);
  const plain = lower.replace(script.idioms, ' ');
  const signs = plain.match(script.signs)?.length ?? 0;
  const spaced = negatingWordsIn(plain.replace(script.signs, ' '));
  return { count: signs + spaced.count, rest: spaced.rest };
}

function negatingWordsIn(lower: string): Negations {
  // The Portuguese "no" is "in the".
  const isPortuguese = portuguese.test(lower);
  let count = 0;
  let place = 0;
  let start = Number.NEGATIVE_INFINITY;
  const rest = lower.replace(/\p{L}[\p{L}\p{M}]*(?:'t(?!\p{L}))?/gu, (word, at: number) => {
    place += 1;
    const isElided = word === 'n' && lower[at + 1] === "'";
    const isNegating = isElided || word.endsWith("n't") || (negating.has(word) && !(isPortuguese && word === 'no'));
    if (!isNegating) return word;
    if (!(concord.has(word) && place - start <= concordReach)) count += 1;
    if (isElided || concordStarts.has(word)) start = place;
    return ' ';
  });
  return { count, rest };
}
