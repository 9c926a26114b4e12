/** Rows of the data sets: those of the repository, and those that are fetched because their licence asks for it. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { cacheFolder } from '../../local/cache-folder.ts';
import { messageOf } from '../../local/launch-error.ts';
import { DataFailure, type LoadTools } from './benchmark.ts';

const dataFolder = join(import.meta.dirname, '..', 'data');

/** A gzipped file of `eval/data`, line by line. */
export async function ownRows(name: string): Promise<unknown[]> {
  return rowsOf(gunzipSync(await readFile(join(dataFolder, name))).toString('utf8'));
}

/** Of JSONL. */
export function rowsOf(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): unknown => JSON.parse(line));
}

/** A file that is not ours to give: where it is, and how it is known to be whole. */
export interface FetchedFile {
  readonly name: string;
  readonly url: string;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** Its bytes, kept in this user's cache folder and nowhere else. Throws a `DataFailure` that says what to do where it cannot be had. */
export async function fetchedFile(file: FetchedFile, { signal, say, fetch, folder }: LoadTools): Promise<Buffer> {
  const kept = join(folder ?? join(cacheFolder(), 'benchmarks'), file.name);
  const before = await readFile(kept).catch(() => undefined);
  if (before && sha256Of(before) === file.sha256) return before;
  say(`Fetching ${file.name} from ${new URL(file.url).host}.`);
  const bytes = await bytesAt(file.url, signal, fetch).catch((error: unknown) => {
    throw notHad(file, kept, messageOf(error), error);
  });
  const sum = sha256Of(bytes);
  if (sum !== file.sha256) throw notHad(file, kept, `what came has the sha256 ${sum}`);
  await mkdir(join(kept, '..'), { recursive: true });
  await writeFile(`${kept}.part`, bytes, { mode: 0o600 });
  await rename(`${kept}.part`, kept);
  return bytes;
}

async function bytesAt(url: string, signal: AbortSignal, fetch: LoadTools['fetch']): Promise<Buffer> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

function notHad({ name, sha256 }: FetchedFile, kept: string, why: string, cause?: unknown): DataFailure {
  const how = `Try again with a network, or put the file with the sha256 ${sha256} at ${kept}.`;
  return new DataFailure(`${name} cannot be had: ${why}. ${how}`, { cause });
}

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
