/** How large the built Worker is, and whether it is still as light as it promises. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { formatBytes } from './progress.ts';

export interface BundleSize {
  readonly rawBytes: number;
  readonly gzipBytes: number;
}

/** The most that the Worker's code may weigh when compressed: what starts quickly everywhere. */
export const largestGzipBytes = 120_000;

/** Everything in the folder that is uploaded: its modules, without source maps and notes. */
export async function measureBundle(folder: string): Promise<BundleSize> {
  const names = await readdir(folder, { recursive: true });
  const modules = names.filter((name) => /\.(?:js|mjs|wasm)$/.test(name));
  const contents = await Promise.all(modules.map((name) => readFile(join(folder, name))));
  return {
    rawBytes: contents.reduce((sum, content) => sum + content.length, 0),
    gzipBytes: contents.reduce((sum, content) => sum + gzipSync(content, { level: 9 }).length, 0),
  };
}

export function describeBundle({ rawBytes, gzipBytes }: BundleSize): string {
  return `Bundle: ${formatBytes(rawBytes)}, ${formatBytes(gzipBytes)} gzipped (limit ${formatBytes(largestGzipBytes)}).`;
}
