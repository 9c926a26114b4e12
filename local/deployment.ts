/** The steps of a deployment, over Wrangler as a program. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { unstable_readConfig } from 'wrangler';
import { bundleWorker, describeBundle, hotGzipBytes, largestGzipBytes } from './bundle.ts';
import { missingSecrets } from './deploy-secrets.ts';
import { LaunchError, messageOf } from './launch-error.ts';
import { formatBytes } from './progress.ts';
import { curlLine } from './ready-text.ts';
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
  const secrets = await missingSecrets(declared?.required ?? [], run);
  const output = await upload(secrets, run);
  const address = /https:\/\/[\w.-]+\.workers\.dev\b/.exec(output)?.[0];
  await keepSecrets(secrets, tools);
  if (address === undefined) return say('\nDeployed. Its address is a route of your own: see the lines above.');
  say(`\nDeployed at ${address}\n\nFirst step:\n\n${curlLine(address)}\n`);
}

async function upload(secrets: Readonly<Record<string, string>>, run: RunWrangler): Promise<string> {
  const temporary = await mkdtemp(join(tmpdir(), 'edge-reflection-'));
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

/** New secrets cannot be read back from Cloudflare, so they are kept where only this user can read them. */
async function keepSecrets(secrets: Readonly<Record<string, string>>, { folder, say }: DeployTools): Promise<void> {
  const names = Object.keys(secrets);
  if (names.length === 0) return;
  const kept = join(folder, '.local', 'deployed');
  await mkdir(kept, { recursive: true, mode: 0o700 });
  for (const [name, value] of Object.entries(secrets)) await writeFile(join(kept, name), `${value}\n`, { mode: 0o600 });
  say(
    `\nNew secrets (${names.join(', ')}) were made; their values are in ${kept}. Keep them: Cloudflare does not show them again.`,
  );
}
