/** The words of a text that carry what it says, counted in a form in which a text and its rewording share them. */
import { unspacedOrKorean } from '../checks/scripts.ts';

/** Small words of four letters and more; shorter Latin words are taken for small ones as they are. */
const smallWords = new Set(
  (
    'about above after again also another because been before being below both could does doing down during each ever every from have having here into just ' +
    'like many more most much only other over same should some such than that their them then there these they this those through under until upon very were ' +
    'what when where which while will with within without would your ' +
    'aber alle allem allen aller alles also andere auch beim bereits dabei damit dann darf dass dein deine denn deren dessen diese diesem diesen dieser dieses ' +
    'doch durch eine einem einen einer eines euch haben hatte hier ihre ihrem ihren ihrer kann können mehr mein meine nach nicht noch oder ohne sehr seine sich ' +
    'sind sowie über unser unsere unter viele werden wenn wird wurde zwischen ' +
    'avec avez aussi cela cette ceux chez comme dans depuis donc elle elles encore entre être leur leurs mais même nous pour plus quand sans sont sous très tous ' +
    'tout toute vers vous votre ' +
    'algo antes cada como cuando desde donde ellas ellos entre eran esas esos esta este esto estos hasta más muy nada nosotros otra otro para pero porque puede ' +
    'según sido sino sobre también tanto tiene todo todos unas unos'
  ).split(' '),
);

/** Written without spaces between words, or with particles that stick to them: pairs of neighbouring characters stand for words. */
const unspaced = new RegExp(`[${unspacedOrKorean}]`, 'u');
const onlyHiragana = /^\p{Script=Hiragana}+$/u;

/** Words are compared by this many first letters, so that endings do not matter: measured, measures. */
const stemLength = 6;
/** Further occurrences of a word are not counted. */
const mostTimes = 2;

/** How often each content word stands in a text, twice at most. */
export function contentWords(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const add = (word: string) => counts.set(word, Math.min(mostTimes, (counts.get(word) ?? 0) + 1));
  const plain = text.normalize('NFKC').toLowerCase().normalize('NFC');
  for (const [run] of plain.matchAll(/[\p{L}\p{M}]+|\p{N}+/gu)) {
    if (unspaced.test(run)) for (const pair of pairs(run)) add(pair);
    else if (/\p{N}/u.test(run) || (run.length > 3 && !smallWords.has(run)) || !/^\p{Script=Latin}/u.test(run))
      add(stem(run));
  }
  return counts;
}

function pairs(run: string): string[] {
  const characters = Array.from(run);
  if (characters.length < 3) return onlyHiragana.test(run) ? [] : [run];
  return characters.slice(1).flatMap((character, index) => {
    const pair = `${characters[index]}${character}`;
    // A pair of Hiragana alone is grammar, not content.
    return onlyHiragana.test(pair) ? [] : [pair];
  });
}

function stem(word: string): string {
  const bare = word.normalize('NFD').replace(/\p{M}/gu, '');
  return (bare.length > 4 ? bare.replace(/(?:es|s|e|n|en)$/, '') : bare).slice(0, stemLength);
}

export function sizeOf(words: ReadonlyMap<string, number>): number {
  return [...words.values()].reduce((sum, times) => sum + times, 0);
}

/** How many of the words stand in the other text as well. */
export function shared(words: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number {
  return [...words].reduce((sum, [word, times]) => sum + Math.min(times, other.get(word) ?? 0), 0);
}
