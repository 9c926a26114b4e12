/** Writes `docs/tokens.md`: the token counts of `src/reflection/tokens.ts` beside Llama 3's tokenizer. A test fails when the page is not what this would write. */
import { readFileSync, writeFileSync } from 'node:fs';
import llama3 from 'llama3-tokenizer-js';
import { likelyTokens, mostTokens } from '../src/reflection/tokens.ts';
import { samples } from '../test/support/token-samples.ts';

/** Texts by script, for the table and the tests. */
export const scripts: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(new URL('../test/fixtures/tokens/scripts.json', import.meta.url), 'utf8'),
);

/** The oracle: Llama 3's own vocabulary and merges. */
export function llamaTokens(text: string): number {
  return llama3.encode(text, { bos: false, eos: false }).length;
}

export function tokensPage(): string {
  const rows = Object.entries({ ...scripts, ...samples }).map(([name, text]) => {
    const truth = llamaTokens(text);
    const ratio = (count: number) => (count / truth).toFixed(2);
    const perCharacter = (truth / [...text].length).toFixed(2);
    return `| ${name} | ${truth} | ${perCharacter} | ${ratio(mostTokens(text))} × | ${ratio(likelyTokens(text))} × |`;
  });
  return `# Token estimates

Written by \`npm run docs\`. The Worker carries no tokenizer: Llama 3's vocabulary alone is larger than all of its code. It counts in two ways
([tokens.ts](../src/reflection/tokens.ts)):

- **most**: at least what the tokenizer makes of the text, in any script. Limits and money are reserved by it, and a pass that reports no usage is charged
  by it. On English prose it is at most 1.6 times the truth.
- **likely**: a guess. It tells whether a text fits a model's context, and whether the usage that a provider reports can be true.

The truth is what Llama 3's tokenizer gives. Nonsense that is made of common English syllables ("ursu", "tluifegu") can be up to a third more than *most*
says of it; what a pass reports is settled all the same. Of 24,000 such words drawn at random 37 are more, at most by a quarter, and a text of them all
is estimated at 1.3 times the truth.

A true bound of every word needs to know which letters are joined to tokens: of all ways to part a word, the one with the most tokens in which no two
neighbours are a token together. What it costs by the tokens that the Worker carries:

| known tokens of small letters | gzipped | English prose |
|---|---|---|
| none: one token a letter | 0 kB | 2.66 × |
| of two letters | 0.2 kB | 2.03 × |
| of up to three | 2.2 kB | 1.74 × |
| of up to three, and 2,000 of four | 5.4 kB | 1.63 × |
| of up to four | 10.1 kB | 1.57 × |

With the last one, the code that every request needs is 130.7 kB gzipped instead of 119.0 kB, and its limit is 120 kB. The others are above the 1.6 times
that English may cost at most. So the bound of a word stays an estimate.

| text | tokens | a character | most | likely |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

if (process.argv[1] === import.meta.filename) writeFileSync(new URL('tokens.md', import.meta.url), tokensPage());
