/**
 * Writes `public/openapi.json` and the reference page at `/docs`. Run by `npm run docs`; a test fails when either is not what this would write.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { openApiDocument } from './openapi/document.ts';
import { referencePage } from './openapi/page.ts';

/** By their paths under `public/`. */
export async function openApiFiles(): Promise<Readonly<Record<string, string>>> {
  const document = await openApiDocument();
  return { 'openapi.json': `${JSON.stringify(document)}\n`, 'docs/index.html': referencePage(document) };
}

if (import.meta.main) {
  mkdirSync(new URL('../public/docs/', import.meta.url), { recursive: true });
  for (const [path, text] of Object.entries(await openApiFiles())) {
    writeFileSync(new URL(`../public/${path}`, import.meta.url), text);
  }
}
