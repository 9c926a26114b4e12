/** Wrangler's configuration for this machine: the project's own, without its list of secrets, and with the way to its static files. */
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/**
 * Writes it into `folder` and gives its path. Where a configuration lists the secrets that a Worker requires, Wrangler passes it nothing else
 * from files of variables. https://developers.cloudflare.com/workers/wrangler/configuration/#secrets-configuration-property
 */
export async function writeWorkerConfig(project: string, folder: string): Promise<string> {
  const path = join(folder, 'wrangler.toml');
  const own = await readFile(join(project, 'wrangler.toml'), 'utf8');
  await writeFile(path, withFilesOf(project, withoutSecretList(own)));
  return path;
}

/** Cuts the table from its head to the next one's. */
function withoutSecretList(toml: string): string {
  return toml.replace(/^\[secrets\][^\n]*\n(?:(?!\[)[^\n]*(?:\n|$))*/m, '');
}

/** Wrangler looks for the folder beside the configuration, unless its whole path is given. */
function withFilesOf(project: string, toml: string): string {
  return toml.replace(
    /^(\[assets\]\r?\ndirectory = )"([^"\n]+)"/m,
    (_, head: string, folder: string) => `${head}${JSON.stringify(resolve(project, folder))}`,
  );
}
