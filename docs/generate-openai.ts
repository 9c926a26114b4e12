/** Writes the tables of parameters in `docs/openai-compatibility.md`, from the table by which requests are read. Run by `npm run docs`; a test compares. */
import { readFileSync, writeFileSync } from 'node:fs';
import { chatParameters, type Parameter, responseParameters } from '../src/http/openai/parameters.ts';

const page = new URL('openai-compatibility.md', import.meta.url);

/** The page with its tables as they should be. */
export function openAiPage(): string {
  const parts = {
    chat: tableOf('`POST /v1/chat/completions`', chatParameters),
    responses: tableOf('`POST /v1/responses`', responseParameters),
  };
  return Object.entries(parts).reduce(
    (text, [name, table]) => {
      const [open, close] = [`<!-- generated:${name} -->`, `<!-- /generated:${name} -->`];
      const start = text.indexOf(open);
      const end = text.indexOf(close, start);
      if (start < 0 || end < 0) throw new Error(`docs/openai-compatibility.md has no place for ${name}.`);
      return `${text.slice(0, start + open.length)}\n${table}\n${text.slice(end)}`;
    },
    readFileSync(page, 'utf8'),
  );
}

function tableOf(route: string, parameters: Readonly<Record<string, Parameter>>): string {
  const rows = Object.entries(parameters).map(
    ([name, parameter]) => `| \`${name}\` | ${treatmentOf(parameter)} | ${parameter.how} |`,
  );
  return `| ${route} | | |\n|---|---|---|\n${rows.join('\n')}`;
}

function treatmentOf(parameter: Parameter): string {
  if (parameter.treatment !== 'neutral') return parameter.treatment;
  return `only ${parameter.values.map((value) => `\`${JSON.stringify(value)}\``).join(' or ')}`;
}

if (import.meta.main) writeFileSync(page, openAiPage());
