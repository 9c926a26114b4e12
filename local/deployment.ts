/** The steps of a deployment, over Wrangler as a program. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { unstable_readConfig } from 'wrangler';
import { bundleWorker, describeBundle, hotGzipBytes, largestGzipBytes } from './bundle.ts';
import { missingSecrets } from './deploy-secrets.ts';
import { keptSecret } from './kept-secret.ts';
import { LaunchError, messageOf } from './launch-error.ts';
import { readPrivate } from './private-file.ts';
import { formatBytes } from './progress.ts';
import { makeTemporaryFolder, removeLeftovers } from './temporary-folder.ts';
import { loggedIn, type RunWrangler } from './wrangler.ts';

export interface DeployTools {
  readonly run: RunWrangler;
  /** The project's folder, with `wrangler.toml`. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

/** The modules are built already; Wrangler uploads them as they are. */
const deployBundle = ['deploy', 'dist/index.js', '--no-bundle'] as const;

export function parseDeployFlags(words: readonly string[]): { readonly dryRun: boolean } {
  try {
    const { values } = parseArgs({ args: [...words], options: { 'dry-run': { type: 'boolean', default: false } } });
    return { dryRun: values['dry-run'] };
  } catch (error) {
    throw new LaunchError(`${messageOf(error)}\nUsage: npm run deploy [-- --dry-run]`, { cause: error });
  }
}

/** Builds the Worker into `dist/`, tells its size, lets Wrangler check it, and throws a `LaunchError` when it is too large. Needs no account. */
export async function dryRun({ run, folder, say }: DeployTools): Promise<void> {
  const modules = await bundleWorker(folder, 'dist');
  say(describeBundle(modules));
  const excess = hotGzipBytes(modules) - largestGzipBytes;
  if (excess > 0) throw new LaunchError(`The bundle is ${formatBytes(excess)} over its limit.`);
  const { code, output } = await run([...deployBundle, '--dry-run']);
  if (code !== 0) throw new LaunchError(`Wrangler does not take the Worker:\n${output.trim()}`);
}

/** Builds, makes what is missing, deploys, and tells the address and the first step. */
export async function deploy(tools: DeployTools): Promise<void> {
  const { run, folder, say } = tools;
  if (!(await loggedIn(run))) {
    throw new LaunchError(
      'Not logged in to Cloudflare: run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN, and deploy again.',
    );
  }
  await dryRun(tools);
  const { secrets: declared } = unstable_readConfig({ config: join(folder, 'wrangler.toml') }, { hideWarnings: true });
  // Kept before they are sent: Cloudflare never shows them again, and a deployment may be cut off at any moment.
  const secrets = await missingSecrets(declared?.required ?? [], run, (name) => keptSecret(keptAt(folder, name), say));
  const output = await upload(secrets, run);
  const address = /https:\/\/[\w.-]+\.workers\.dev\b/.exec(output)?.[0];
  sayNewSecrets(Object.keys(secrets), tools);
  say(
    address === undefined
      ? '\nDeployed. Its address is a route of your own: see the lines above.'
      : `\nDeployed at ${address}`,
  );
  say(`\nFirst step, an API key:\n\n${await keyLine(address ?? 'https://YOUR.ADDRESS', folder)}\n`);
}

/** Where this machine keeps a secret of the deployed Worker: `.local/deployed-admin-token`. */
function keptAt(folder: string, name: string): string {
  return join(folder, '.local', `deployed-${name.toLowerCase().replaceAll('_', '-')}`);
}

function sayNewSecrets(names: readonly string[], { folder, say }: DeployTools): void {
  if (names.length === 0) return;
  const rows = names.map((name) => `  ${name.padEnd(16)} ${keptAt(folder, name)}`);
  say(
    `\nThe Worker was given new secrets. Keep these files: Cloudflare does not show them again.\n\n${rows.join('\n')}`,
  );
}

/** A line for a POSIX shell that makes the first key. The admin token itself is not shown: terminals are recorded. */
async function keyLine(address: string, folder: string): Promise<string> {
  const path = keptAt(folder, 'ADMIN_TOKEN');
  const token = (await readPrivate(path)) === undefined ? '$ADMIN_TOKEN' : `$(cat '${path.replaceAll("'", "'\\''")}')`;
  const body = JSON.stringify({ name: 'first', limits: { daily_usd: 2 } });
  return `curl -s ${address}/v1/keys -H "authorization: Bearer ${token}" -H 'content-type: application/json' -d '${body}'`;
}

async function upload(secrets: Readonly<Record<string, string>>, run: RunWrangler): Promise<string> {
  await removeLeftovers();
  const temporary = await makeTemporaryFolder();
  try {
    const file = join(temporary, 'secrets.json');
    const names = Object.keys(secrets);
    if (names.length > 0) await writeFile(file, JSON.stringify(secrets), { mode: 0o600 });
    // The KV namespace has no id in `wrangler.toml`: Wrangler makes it, or finds the one of the deployment before.
    const { code, output } = await run([...deployBundle, ...(names.length > 0 ? ['--secrets-file', file] : [])], {
      shown: true,
    });
    if (code !== 0)
      throw new LaunchError(
        'Wrangler could not deploy: its own words stand above. Nothing that was deployed before has changed.',
      );
    return output;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
