/** The private folder of one launch, with secrets in it: gone when the launch is, also where that was ended by force. */
import { rmSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive, processIdentity } from './process-identity.ts';

const prefix = 'edge-reflection-';
const ownerFile = 'owner';

/** A folder without an owner's name, this old, is nobody's: a launch writes its name at once. */
const namelessMs = 3_600_000;

/** Makes it, readable by this user only, for as long as this process lives. Its end by a signal leaves it to whom `removeLeftovers` is called by. */
export async function makeTemporaryFolder(parent: string = tmpdir()): Promise<string> {
  const folder = await mkdtemp(join(parent, prefix));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  await writeFile(join(folder, ownerFile), processIdentity(process.pid) ?? String(process.pid));
  return folder;
}

/** Removes what launches that are gone have left. */
export async function removeLeftovers(parent: string = tmpdir(), now: () => number = Date.now): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix)) continue;
    const folder = join(parent, name);
    // One that may not be looked at is another user's.
    if (await isLeft(folder, now).catch(() => false)) {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
    }
  }
}

async function isLeft(folder: string, now: () => number): Promise<boolean> {
  const { uid, mtimeMs } = await stat(folder);
  if (process.getuid !== undefined && uid !== process.getuid()) return false;
  const owner = await readFile(join(folder, ownerFile), 'utf8').catch(() => '');
  return owner === '' ? now() - mtimeMs > namelessMs : !isAlive(owner);
}
