/** The folder of a run: records and answers as they come, packed for the repository, and its reports. */
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

const packed = ['records.jsonl', 'calls.jsonl'] as const;

export class RunFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  get records(): string {
    return join(this.path, 'records.jsonl');
  }

  get calls(): string {
    return join(this.path, 'calls.jsonl');
  }

  /** Makes it, and unpacks what the repository has of it where nothing newer is there. */
  async open(): Promise<void> {
    await mkdir(this.path, { recursive: true });
    for (const name of packed) {
      const file = join(this.path, name);
      if (await exists(file)) continue;
      const bytes = await readFile(`${file}.gz`).catch(() => undefined);
      if (bytes) await replace(file, gunzipSync(bytes));
    }
  }

  /** Packs what there is: the same bytes for the same lines. */
  async pack(): Promise<void> {
    for (const name of packed) {
      const file = join(this.path, name);
      const bytes = await readFile(file).catch(() => undefined);
      if (bytes) await replace(`${file}.gz`, gzipSync(bytes, { level: 9 }));
    }
  }

  async write(name: string, text: string): Promise<void> {
    await replace(join(this.path, name), Buffer.from(text));
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/** All of it or nothing, whatever happens meanwhile. */
async function replace(path: string, bytes: Uint8Array): Promise<void> {
  await writeFile(`${path}.part`, bytes);
  await rename(`${path}.part`, path);
}
