/** Where the store of a launch lies. Its name goes with the layout of what is stored, so that no launch reads what an older version wrote. */
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Raised when what was stored can no longer be read: nothing is carried over on a laptop. */
const current = 'state-2';
/** Before an account's object hosted its runs. */
const older = ['state'] as const;

/** The folder for the store in `folder`, made where it is missing. An older one is left as it is, and that is said in a line when its successor is made. */
export async function prepareStateFolder(folder: string, say: (line: string) => void): Promise<string> {
  const path = join(folder, current);
  if (!(await isThere(path))) {
    for (const name of older) {
      const left = join(folder, name);
      if (await isThere(left)) {
        say(`${left} was written by an older version and is left as it is: a fresh store is begun in ${path}.`);
      }
    }
  }
  // What is asked and answered is in it.
  await mkdir(path, { recursive: true, mode: 0o700 });
  return path;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
