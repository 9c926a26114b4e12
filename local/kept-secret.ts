/** Secrets that are made once and kept in a file: later launches and deployments go on with them. */
import { randomBytes } from 'node:crypto';
import { readPrivate, writePrivate } from './private-file.ts';

/** What the Worker takes for a secret, in letters that need no quoting anywhere. */
const secret = /^[\w-]{16,}$/;

/** The secret in the file `path`, which is written first when it is missing or holds none; the latter is told to `say`. */
export async function keptSecret(
  path: string,
  say: (line: string) => void,
  random: () => string = () => randomBytes(32).toString('base64url'),
): Promise<string> {
  const kept = await readPrivate(path);
  if (kept !== undefined && secret.test(kept)) return kept;
  if (kept !== undefined) say(`${path} held no secret: a new one is in its place.`);
  const made = random();
  await writePrivate(path, made);
  return made;
}
