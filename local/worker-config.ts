/** Wrangler's configuration for this machine: the project's own, without its list of secrets. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Writes it into `folder` and gives its path. Where a configuration lists the secrets that a Worker requires, Wrangler passes it nothing else
 * from files of variables. https://developers.cloudflare.com/workers/wrangler/configuration/#secrets-configuration-property
 */
export async function writeWorkerConfig(project: string, folder: string): Promise<string> {
  const path = join(folder, 'wrangler.toml');
  await writeFile(path, withoutSecretList(await readFile(join(project, 'wrangler.toml'), 'utf8')));
  return path;
}

/** Cuts the table from its head to the next one's. */
function withoutSecretList(toml: string): string {
  return toml.replace(/^\[secrets\][^\n]*\n(?:(?!\[)[^\n]*(?:\n|$))*/m, '');
}
