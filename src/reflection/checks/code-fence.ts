/** Whether fenced code is whole: fences closed, JSON that parses, brackets that close. What is not certain is skipped. */
import * as z from 'zod/mini';
import { type Fence, fences } from './blocks.ts';
import { bracketProblem, type Syntax } from './brackets.ts';
import type { CheckDefinition, Span } from './check.ts';
import { settings } from './fields.ts';
import { parseJson } from './json/json.ts';
import { failed, passed, skipped } from './verdict.ts';

const fenced = settings({
  language: z.optional(
    z
      .string('expected a text')
      .check(z.regex(/^[\w+#.-]{1,30}$/, 'expected the name that stands after the fence, such as "json"')),
  ),
});

const c: Syntax = { line: '//', block: true, quotes: '"\'', triple: false, slashIsRegex: false };
const script: Syntax = { ...c, quotes: '"\'`', slashIsRegex: true };
const python: Syntax = { line: '#', block: false, quotes: '"\'', triple: true, slashIsRegex: false };

/** What is known of a language's strings and comments; a language that is not here is not looked into. */
const syntaxes: ReadonlyMap<string, Syntax> = new Map([
  ...['js', 'javascript', 'mjs', 'cjs', 'node', 'ts', 'typescript', 'mts', 'cts'].map(
    (name) => [name, script] as const,
  ),
  ...['python', 'py', 'python3', 'py3'].map((name) => [name, python] as const),
  ...['java', 'c', 'cpp', 'c++', 'cxx', 'cc'].map((name) => [name, c] as const),
  ...['go', 'golang'].map((name) => [name, { ...c, quotes: '"\'`' }] as const),
]);

/** Names of one language: the first stands for all. */
const aliases: ReadonlyMap<string, string> = new Map(
  [
    'javascript js mjs cjs jsx node',
    'typescript ts mts cts tsx',
    'python py python3 py3',
    'bash sh shell zsh shellscript',
    'yaml yml',
    'c++ cpp cxx cc hpp',
    'c h',
    'c# cs csharp',
    'f# fs fsharp',
    'go golang',
    'rust rs',
    'ruby rb',
    'kotlin kt kts',
    'markdown md',
    'html htm',
    'powershell ps1 pwsh ps',
    'perl pl',
    'haskell hs',
    'objective-c objc objectivec',
    'dockerfile docker',
    'makefile make',
    'latex tex',
    'plaintext text txt plain',
    'visualbasic vb vbnet',
    'r rscript',
    'sql mysql postgresql postgres sqlite',
  ].flatMap((names) => names.split(' ').map((name) => [name, names.split(' ')[0] ?? name] as const)),
);

function isSameLanguage(one: string, other: string): boolean {
  return (aliases.get(one) ?? one) === (aliases.get(other) ?? other);
}

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
    const at: Span = parsed.at === undefined ? span : [body[0] + parsed.at, body[0] + parsed.at + 1];
    return { message: `The JSON code block is not valid JSON: ${parsed.problem}.`, span: at };
  }
  const syntax = syntaxes.get(language);
  const found = syntax && bracketProblem(code, syntax);
  if (!syntax || found === 'unsure') return null;
  if (!found) return undefined;
  return {
    message: `In the ${language} code block, ${found.message}.`,
    span: [body[0] + found.at, body[0] + found.at + 1],
  };
}

export const codeFence: CheckDefinition<typeof fenced> = {
  summary:
    'Code fences are closed, JSON in them parses, and brackets close in languages where that is certain; with `language`, one block must be in it.',
  schema: fenced,
  requirement: ({ language }) =>
    `Put code in ${language === undefined ? 'fenced blocks' : `a block fenced as \`\`\`${language}`}, whole and closed.`,
  run: (text, settings) => {
    const blocks = fences(text);
    const measured = { blocks: blocks.length, languages: [...new Set(blocks.map(({ language }) => language))] };
    const wanted = settings.language?.toLowerCase();
    const expected = wanted === undefined ? 'whole code blocks' : { language: wanted };
    if (wanted !== undefined && !blocks.some(({ language }) => isSameLanguage(language, wanted)))
      return failed({ message: `Give the code in a block fenced as \`\`\`${wanted}.`, measured, expected });
    if (blocks.length === 0) return skipped('There is no fenced code.', expected);
    const problems = blocks.map((block) => problemIn(text, block));
    const first = problems.find((problem) => problem !== undefined && problem !== null);
    if (first) return failed({ ...first, measured, expected });
    if (wanted === undefined && problems.every((problem) => problem === null))
      return skipped('No code block is in a language that can be checked.', expected);
    return passed({ message: 'The code blocks are whole.', measured, expected });
  },
};
