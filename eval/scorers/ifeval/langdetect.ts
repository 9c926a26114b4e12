/** The language of a text as langdetect 1.0.9 finds it with the seed 0. https://github.com/Mimino666/langdetect/blob/master/langdetect/detector.py */
import { PythonRandom } from '../../python/random.ts';
import { isUpper } from '../../python/text.ts';
import { type Frequencies, type LanguageProfiles, languageProfiles } from './language-profiles.ts';

const trials = 7;
const maxLetters = 10_000;
const maxSteps = 1000;
const meanAlpha = 0.5;
const alphaDeviation = 0.05;
const baseFrequency = 10_000;
const certain = 0.99999;
const leastProbability = 0.1;

const url = /https?:\/\/[-_.?&~;+=/#0-9A-Za-z]{1,2076}/g;
const mail = /[-_.0-9A-Za-z]{1,64}@[-_0-9A-Za-z]{1,255}[-_.0-9A-Za-z]{1,255}/g;

/** Its code, such as `en` or `zh-cn`; `unknown` where none is likely; null where no letter tells. */
export function detectLanguage(text: string): string | null {
  const profiles = languageProfiles();
  const grams = gramsOf(cleaned(text, profiles), profiles);
  if (grams.length === 0) return null;
  const random = new PythonRandom(0);
  const sums = profiles.languages.map(() => 0);
  for (let trial = 0; trial < trials; trial += 1) {
    const found = probabilities(grams, profiles.languages.length, random);
    for (const [language, probability] of found.entries())
      sums[language] = (sums[language] ?? 0) + probability / trials;
  }
  const best = Math.max(...sums);
  return best > leastProbability ? (profiles.languages[sums.indexOf(best)] ?? 'unknown') : 'unknown';
}

/** Of each language, after so many runs of letters drawn at random that one is certain. */
function probabilities(grams: readonly Frequencies[], languages: number, random: PythonRandom): Float64Array {
  const found = new Float64Array(languages).fill(1 / languages);
  const weight = (meanAlpha + random.gauss() * alphaDeviation) / baseFrequency;
  for (let step = 0; ; step += 1) {
    const gram = random.choice(grams);
    if (gram !== undefined) weigh(found, gram, weight);
    if (step % 5 === 0 && (normalise(found) > certain || step >= maxSteps)) return found;
  }
}

function weigh(found: Float64Array, gram: Frequencies, weight: number): void {
  let next = 0;
  for (let language = 0; language < found.length; language += 1) {
    const has = gram.languages[next] === language;
    found[language] = (found[language] ?? 0) * (has ? weight + (gram.shares[next] ?? 0) : weight);
    if (has) next += 1;
  }
}

/** Gives the greatest. */
function normalise(found: Float64Array): number {
  let sum = 0;
  for (const probability of found) sum += probability;
  let greatest = 0;
  for (let language = 0; language < found.length; language += 1) {
    const probability = (found[language] ?? 0) / sum;
    found[language] = probability;
    greatest = Math.max(greatest, probability);
  }
  return greatest;
}

/** Its letters, without addresses, and without Latin ones where most are others. */
function cleaned(text: string, { vietnamese }: LanguageProfiles): string[] {
  const plain = text
    .replace(url, ' ')
    .replace(mail, ' ')
    .replace(/\p{L}[\u0300-\u0323]/gu, (pair) => vietnamese.get(pair) ?? pair);
  const kept: string[] = [];
  let [seen, latin, others] = [0, 0, 0];
  let before = '';
  for (const letter of plain) {
    if (seen === maxLetters) break;
    seen += 1;
    if (letter === ' ' && before === ' ') continue;
    before = letter;
    kept.push(letter);
    if (isBasicLatin(letter)) latin += 1;
    else if (letter >= '\u0300') others += 1;
  }
  return latin * 2 < others ? kept.filter((letter) => !isBasicLatin(letter)) : kept;
}

/** The reference takes a few marks between `Z` and `a` along. */
function isBasicLatin(letter: string): boolean {
  return letter >= 'A' && letter <= 'z';
}

/** Every run of one to three letters within a word that some language has. A word in capitals is left out from its second letter on. */
function gramsOf(letters: readonly string[], profiles: LanguageProfiles): Frequencies[] {
  const found: Frequencies[] = [];
  let run = [' '];
  let inCapitals = false;
  for (const raw of letters) {
    const letter = normalised(raw, profiles);
    const last = run.at(-1) ?? ' ';
    if (last === ' ') {
      run = [' '];
      inCapitals = false;
    } else if (run.length >= 3) run = run.slice(1);
    if (last !== ' ' || letter !== ' ') {
      run.push(letter);
      inCapitals = isUpper(letter) && (inCapitals || isUpper(last));
    }
    if (!inCapitals) found.push(...endings(run, profiles));
  }
  return found;
}

function endings(run: readonly string[], { frequencies }: LanguageProfiles): Frequencies[] {
  return run.flatMap((_, index) => {
    const gram = run.slice(run.length - 1 - index).join('');
    const known = gram === ' ' ? undefined : frequencies.get(gram);
    return known === undefined ? [] : [known];
  });
}

/** First and last code point of a block, and what its letters become. */
const blocks: readonly (readonly [
  first: number,
  last: number,
  become: (letter: string, at: LanguageProfiles) => string,
])[] = [
  [0x0000, 0x007f, (letter) => (/[A-Za-z]/.test(letter) ? letter : ' ')],
  [0x0080, 0x00ff, (letter, { excluded }) => (excluded.has(letter) ? ' ' : letter)],
  // Romanian: a comma below as a cedilla.
  [0x0219, 0x0219, () => '\u015f'],
  [0x021b, 0x021b, () => '\u0163'],
  // Persian's yeh as Arabic's.
  [0x06cc, 0x06cc, () => '\u064a'],
  // Vietnamese.
  [0x1ea0, 0x1eff, () => '\u1ec3'],
  [0x2000, 0x206f, () => ' '],
  [0x3040, 0x309f, () => '\u3042'],
  [0x30a0, 0x30ff, () => '\u30a2'],
  [0x3100, 0x312f, () => '\u3105'],
  [0x31a0, 0x31bf, () => '\u3105'],
  [0x4e00, 0x9fff, (letter, { kanji }) => kanji.get(letter) ?? letter],
  [0xac00, 0xd7af, () => '\uac00'],
];

function normalised(letter: string, profiles: LanguageProfiles): string {
  const code = letter.codePointAt(0) ?? 0;
  const block = blocks.find(([first, last]) => code >= first && code <= last);
  return block === undefined ? letter : block[2](letter, profiles);
}
