/** The secrets that `wrangler.toml` requires: made on the first deployment, kept on every later one. */
import * as z from 'zod/mini';
import { LaunchError } from './launch-error.ts';
import type { RunWrangler } from './wrangler.ts';

const secretList = z.array(z.object({ name: z.string() }));

/**
 * The required secrets that the deployed Worker does not have yet, each with the value that `make` gives it.
 * Throws a `LaunchError` when it cannot be known which are there: a secret must never be replaced by mistake.
 */
export async function missingSecrets(
  required: readonly string[],
  run: RunWrangler,
  make: (name: string) => Promise<string>,
): Promise<Readonly<Record<string, string>>> {
  if (required.length === 0) return {};
  const standing = await standingSecrets(run);
  const missing: Record<string, string> = {};
  for (const name of required) if (!standing.has(name)) missing[name] = await make(name);
  return missing;
}

async function standingSecrets(run: RunWrangler): Promise<ReadonlySet<string>> {
  const { code, output } = await run(['secret', 'list', '--format', 'json']);
  // 10007: the Worker is not there yet. https://developers.cloudflare.com/api/resources/workers/
  if (code !== 0 && /\b10007\b|does not exist/i.test(output)) return new Set();
  const json = /\[[\s\S]*\]/.exec(output)?.[0];
  const list = code === 0 && json !== undefined ? secretList.safeParse(parseJson(json)) : undefined;
  if (!list?.success)
    throw new LaunchError(`The Worker's secrets could not be read, so nothing was changed:\n${output.trim()}`);
  return new Set(list.data.map(({ name }) => name));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
