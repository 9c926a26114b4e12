/** The page on OpenAI's clients. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openAiPage } from '../../docs/generate-openai.ts';

test('the tables of parameters are what docs/generate-openai.ts would write', () => {
  const page = readFileSync(new URL('../../docs/openai-compatibility.md', import.meta.url), 'utf8');
  expect(openAiPage() === page, 'run `npm run docs`').toBe(true);
});
