/** Words as NLTK's `word_tokenize` cuts them: the Penn Treebank's way. https://github.com/nltk/nltk/blob/3.8/nltk/tokenize/destructive.py */
import { isBlank, lstripOf, space, splitWords, word, wordBorder } from '../../python/text.ts';
import { sentences } from './punkt.ts';

type Rule = readonly [pattern: RegExp, replacement: string] | ((text: string) => string);

const border = wordBorder;
const contraction = (one: string, two: string): Rule => [
  new RegExp(`${border}(${one})(${two})${border}`, 'giu'),
  ' $1 $2 ',
];

/** In this order. */
const rules: readonly Rule[] = [
  // Opening quotation marks.
  [/[«“‘„]|`+/g, ' $& '],
  [/^"/, '``'],
  [/``/g, ' `` '],
  [/([ ([{<])("|'')/g, '$1 `` '],
  [new RegExp(`'(?!re|ve|ll|m|t|s|d|n)([${word}])${border}`, 'giu'), "' $1"],
  // Punctuation.
  (text) => withoutLastPeriod(text, `])}>"' »”’`, ' '),
  [/([:,])(\P{Nd})/gu, ' $1 $2'],
  [/[:,](?=\n?$)/, ' $& '],
  [/\.{2,}/g, ' $& '],
  [/[;@#$%&]/g, ' $& '],
  (text) => withoutLastPeriod(text, `])}>"'`, ''),
  [/[?!]/g, ' $& '],
  [/([^'])' /g, "$1 ' "],
  [/\*/g, ' * '],
  [/[\][(){}<>]/g, ' $& '],
  [/--/g, ' -- '],
  (text) => ` ${text} `,
  // Closing quotation marks.
  [/[»”’]/g, ' $& '],
  [/''/g, " '' "],
  [/"/g, " '' "],
  [/([^' ])('[sS]|'[mM]|'[dD]|') /g, '$1 $2 '],
  [/([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) /g, '$1 $2 '],
  contraction('can', 'not'),
  contraction('d', "'ye"),
  contraction('gim', 'me'),
  contraction('gon', 'na'),
  contraction('got', 'ta'),
  contraction('lem', 'me'),
  contraction('more', "'n"),
  [new RegExp(`${border}(wan)(na)(?=[${space}])`, 'giu'), ' $1 $2 '],
  [new RegExp(` ('t)(is)${border}`, 'giu'), ' $1 $2 '],
  [new RegExp(` ('t)(was)${border}`, 'giu'), ' $1 $2 '],
];

export function wordTokens(text: string): string[] {
  return sentences(text).flatMap((sentence) => splitWords(rules.reduce(applied, sentence)));
}

function applied(text: string, rule: Rule): string {
  return typeof rule === 'function' ? rule(text) : text.replace(...rule);
}

/** Sets the full stop at the end, in front of closing marks, apart. */
function withoutLastPeriod(text: string, closing: string, gap: string): string {
  const at = text.lastIndexOf('.');
  if (at < 1 || text.charAt(at - 1) === '.') return text;
  const tail = text.slice(at + 1);
  const rest = lstripOf(tail, closing);
  if (!isBlank(rest)) return text;
  return `${text.slice(0, at)} .${gap}${tail.slice(0, tail.length - rest.length)} `;
}
