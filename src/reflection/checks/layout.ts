/** How an answer's parts are arranged: its paragraphs' first words, a postscript, two responses, the prompt said again first. */
import * as z from 'zod/mini';
import { allLines, divider, paragraphs } from './blocks.ts';
import type { CheckDefinition } from './check.ts';
import { count, phrase, separator, settings } from './fields.ts';
import { folded } from './literal.ts';
import { excerpt, failed, passed, thereAre, type Unit } from './verdict.ts';

const paragraph: Unit = { one: 'paragraph', many: 'paragraphs' };
const response: Unit = { one: 'response', many: 'responses' };

const opening = settings({
  paragraph: count.check(z.gte(1, 'expected 1 or more: paragraphs are counted from 1')),
  word: phrase,
  separator,
});
const marker = settings({ marker: z._default(phrase, 'P.S.') });
const divided = settings({ separator: z._default(phrase, '******') });
const prompt = settings({
  prompt: z.optional(z.string('expected a text').check(z.minLength(1, 'expected a text that is not empty'))),
});

export const paragraphStartsWith: CheckDefinition<typeof opening> = {
  summary: 'The n-th paragraph begins with this word or phrase.',
  schema: opening,
  requirement: ({ paragraph, word }) => `Begin paragraph ${paragraph} with "${word}".`,
  run: (text, settings) => {
    const expected = { paragraph: settings.paragraph, word: settings.word };
    const all = paragraphs(text, settings.separator);
    const span = all[settings.paragraph - 1];
    if (!span) {
      const message = `${thereAre(all.length, paragraph)}; write a paragraph ${settings.paragraph} that begins with "${settings.word}".`;
      return failed({ message, measured: null, expected });
    }
    const start = text.slice(...span).slice(0, settings.word.length * 4 + 200);
    const bare = folded(start.replace(/^[\s"'“‘«*_#>([-]+/, ''));
    const wanted = folded(settings.word);
    const measured = bare.split(' ', 1)[0] ?? '';
    if (bare.startsWith(wanted) && !/^[\p{L}\p{N}]/u.test(bare.slice(wanted.length)))
      return passed({ message: `Paragraph ${settings.paragraph} begins as wanted.`, measured, expected });
    return failed({
      message: `Paragraph ${settings.paragraph} begins with "${excerpt(measured)}"; begin it with "${settings.word}".`,
      measured: excerpt(measured),
      expected,
      span: [span[0], Math.min(span[1], span[0] + start.length)],
    });
  },
};

/** The marker's letters, with what may stand between them set aside: `P. S.` is `P.S.`, and `P.P.S.` is not. */
function initials(text: string): string {
  return text.toLowerCase().replace(/[\s.:*_]/g, '');
}

/** Whether the marker stands at the offset and something follows it; "Psalms" does not begin with "P.S.". */
function isPostscript(text: string, at: number, marker: string): boolean {
  const start = text.slice(at, at + marker.length * 4 + 60).replace(/^[\s*_#>]+/, '');
  const wanted = initials(marker);
  const firstWord = /^[\p{L}\p{N}]*/u.exec(start)?.[0] ?? '';
  return (
    initials(start).startsWith(wanted) && initials(start).length > wanted.length && firstWord.length <= wanted.length
  );
}

export const postscript: CheckDefinition<typeof marker> = {
  summary: 'A line or sentence of the answer begins with a postscript marker, such as `P.S.`, and says something.',
  schema: marker,
  requirement: ({ marker }) => `Add a postscript at the end, on a line that begins with "${marker}".`,
  run: (text, settings) => {
    // Written on, it begins a sentence.
    const starts = [
      ...allLines(text).map(([start]) => start),
      ...Array.from(text.matchAll(/[.!?]["')*_]{0,3}[^\S\r\n]/g), (match) => match.index + match[0].length),
    ];
    const found = starts.some((start) => isPostscript(text, start, settings.marker));
    const expected = settings.marker;
    if (found) return passed({ message: `There is a postscript with "${settings.marker}".`, measured: true, expected });
    return failed({
      message: `Add a postscript at the end, on a line that begins with "${settings.marker}".`,
      measured: false,
      expected,
    });
  },
};

export const twoResponses: CheckDefinition<typeof divided> = {
  summary: 'The answer holds two different responses, divided by `******` or another separator.',
  schema: divided,
  requirement: ({ separator }) => `Give exactly two different responses, divided by ${divider(separator)}.`,
  run: (text, settings) => {
    const parts = paragraphs(text, settings.separator).map((span) => text.slice(...span));
    const expected = { responses: 2, separator: settings.separator };
    if (parts.length !== 2) {
      const message = `${thereAre(parts.length, response)}; give exactly 2, divided by ${divider(settings.separator)}.`;
      return failed({ message, measured: parts.length, expected });
    }
    if (parts[0] === parts[1])
      return failed({ message: 'The two responses are the same; give two different ones.', measured: 1, expected });
    return passed({ message: 'There are two different responses.', measured: 2, expected });
  },
};

export const repeatsPrompt: CheckDefinition<typeof prompt> = {
  summary: 'The answer first repeats the prompt (the last user message, or `prompt`) word for word.',
  schema: prompt,
  requirement: ({ prompt }) =>
    `First repeat ${prompt === undefined ? 'the request' : `"${excerpt(prompt)}"`} word for word, then answer.`,
  run: (text, settings, context) => {
    const wanted = settings.prompt ?? context.question;
    const expected = excerpt(wanted);
    if (folded(text).startsWith(folded(wanted)))
      return passed({ message: 'The answer repeats the prompt first.', measured: true, expected });
    return failed({ message: `First repeat word for word: "${expected}"; then answer.`, measured: false, expected });
  },
};
