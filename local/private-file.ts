/** Small files with a secret in them: readable by this user only, and whole at every moment, whenever their writer is ended. */
import { chmod, mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LaunchError, systemCode } from './launch-error.ts';

/**
 * Its text without the line's end, or undefined when there is no such file. One that others may read, as after an unpacking, is closed to them.
 * Throws a `LaunchError` when it cannot be read.
 */
export async function readPrivate(path: string): Promise<string | undefined> {
  try {
    if (((await stat(path)).mode & 0o077) !== 0) await chmod(path, 0o600);
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw new LaunchError(`${path} cannot be read (${systemCode(error)}): remove it, and start again.`, {
      cause: error,
    });
  }
}

/** Writes one line. Another writer of the same file must wait: both would use the same name beside it. Throws a `LaunchError` when it cannot. */
export async function writePrivate(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const unfinished = `${path}.part`;
    const file = await open(unfinished, 'w', 0o600);
    try {
      // One that an ended writer left keeps its mode when it is opened again.
      await file.chmod(0o600);
      await file.writeFile(`${text}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    throw new LaunchError(`${path} cannot be written (${systemCode(error)}).`, { cause: error });
  }
}
