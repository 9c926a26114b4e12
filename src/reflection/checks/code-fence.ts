/** Whether fenced code is whole: fences closed, JSON that parses, brackets that close. What is not certain is skipped. */
import * as z from 'zod/mini';
import { type Fence, fences } from './blocks.ts';
import { bracketProblem, type Syntax } from './brackets.ts';
import type { CheckDefinition, Span } from './check.ts';
import { settings } from './fields.ts';
import { parseJson } from './json.ts';
import { failed, passed, skipped } from './verdict.ts';

const fenced = settings({
  language: z.optional(z.string('expected a text').check(z.regex(/^[\w+#.-]{1,30}$/, 'expected the name that stands after the fence, such as "json"'))),
});

/** What is known of a language's strings and comments; a language that is not here is not looked into. */
const syntaxes: Readonly<Record<string, Syntax>> = (() => {
  const c: Syntax = { line: '//', block: true, quotes: '"\'', templates: false, triple: false, slashIsRegex: false };
  const script: Syntax = { ...c, quotes: '"\'`', templates: true, slashIsRegex: true };
  const python: Syntax = { line: '#', block: false, quotes: '"\'', templates: false, triple: true, slashIsRegex: false };
  return {
    js: script, javascript: script, mjs: script, jsx: script, ts: script, typescript: script, tsx: script,
    python, py: python, python3: python,
    java: c, c, cpp: c, 'c++': c, 'c#': c, cs: c, csharp: c, kotlin: c, swift: c, php: c, dart: c,
    go: { ...c, quotes: '"\'`' },
  };
})();

interface Problem {
  readonly message: string;
  readonly span: Span;
}

/** What is wrong with a block, undefined when it is whole, null when nobody can tell. */
function problemIn(text: string, { span, body, language, closed }: Fence): Problem | undefined | null {
  if (!closed) return { message: 'A code fence is opened and never closed: close it on a line of its own.', span };
  const code = text.slice(...body);
  if (language === 'json') {
    const parsed = parseJson(code);
    if (parsed.ok) return undefined;
    const at: Span = [body[0] + parsed.span[0], body[0] + parsed.span[1]];
    return { message: `The JSON code block is not valid JSON: ${parsed.problem}.`, span: at[0] < at[1] ? at : span };
  }
  const syntax = Object.hasOwn(syntaxes, language) ? syntaxes[language] : undefined;
  const found = syntax && bracketProblem(code, syntax);
  if (!syntax || found === 'unsure') return null;
  if (!found) return undefined;
  return { message: `In the ${language} code block, ${found.message}.`, span: [body[0] + found.at, body[0] + found.at + 1] };
}

export const codeFence: CheckDefinition<typeof fenced> = {
  summary: 'Code fences are closed, JSON in them parses, and brackets close in languages where that is certain; with `language`, one block must be in it.',
  schema: fenced,
  run: (text, settings) => {
    const blocks = fences(text);
    const measured = { blocks: blocks.length, languages: [...new Set(blocks.map(({ language }) => language))] };
    const wanted = settings.language?.toLowerCase();
    const expected = wanted === undefined ? 'whole code blocks' : { language: wanted };
    if (wanted !== undefined && !blocks.some(({ language }) => language === wanted))
      return failed({ message: `Give the code in a block fenced as \`\`\`${wanted}.`, measured, expected });
    if (blocks.length === 0) return skipped('There is no fenced code.', expected);
    const problems = blocks.map((block) => problemIn(text, block));
    const first = problems.find((problem) => problem !== undefined && problem !== null);
    if (first) return failed({ ...first, measured, expected });
    if (wanted === undefined && problems.every((problem) => problem === null)) return skipped('No code block is in a language that can be checked.', expected);
    return passed({ message: 'The code blocks are whole.', measured, expected });
  },
};
