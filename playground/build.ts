/** Bundles the playground into `public/playground.js`. Run by `npm run docs`; a test fails when the file is not what this would write. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const bundlePath = fileURLToPath(new URL('../public/playground.js', import.meta.url));

export async function playgroundBundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('main.ts', import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
  });
  return outputFiles[0]?.text ?? '';
}

if (import.meta.main) writeFileSync(bundlePath, await playgroundBundle());
