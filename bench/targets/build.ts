/** The Worker as modules for `workerd`: the deployed bundle, and around it on demand the counting entry. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { unstable_readConfig } from 'wrangler';
import * as z from 'zod/mini';
import { type BundledModule, bundleWorker } from '../../local/bundle.ts';
import { workerdConfig } from '../workerd-config.ts';

export const projectFolder = fileURLToPath(new URL('../..', import.meta.url));

/** Within the project's folder, ignored by git; on the disk rather than in memory. */
export const workFolder = '.local/bench';

export interface Built {
  readonly modules: readonly BundledModule[];
  readonly folder: string;
}

/** Bundles as `npm run deploy` does. */
export async function buildWorker(): Promise<Built> {
  const outdir = `${workFolder}/build`;
  const modules = await bundleWorker(projectFolder, outdir);
  const folder = join(projectFolder, outdir);
  await buildOwn('kv-stand-in', folder);
  await writeFile(join(folder, 'kv-entry.js'), `export { standIn as default } from './kv-stand-in.js';\n`);
  await buildOwn('counting', folder);
  await writeFile(
    join(folder, 'counting-entry.js'),
    countingEntry(readWrangler().objects.map(({ className }) => className)),
  );
  return { modules, folder };
}

async function buildOwn(name: string, folder: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL(`../worker/${name}.ts`, import.meta.url))],
    outfile: join(folder, `${name}.js`),
    bundle: true,
    format: 'esm',
    target: 'es2024',
    logLevel: 'error',
  });
}

/** The deployed exports, each object's class counted. */
function countingEntry(classNames: readonly string[]): string {
  const classes = [...new Set(classNames)].map(
    (name) => `countCalls('${name}', deployed.${name}.prototype);
export class ${name} extends deployed.${name} {
  constructor(context, env) {
    objectMade('${name}', context);
    super(context, env);
  }
}`,
  );
  return `import * as deployed from './index.js';
import { countCalls, countedHandler, objectMade } from './counting.js';
export * from './index.js';
${classes.join('\n')}
const handler = countedHandler(deployed.default);
export { handler as default };
`;
}

/** What `wrangler.toml` says the Worker is given. */
const wranglerFields = z.object({
  compatibility_date: z.string(),
  compatibility_flags: z.array(z.string()),
  durable_objects: z.object({ bindings: z.array(z.object({ name: z.string(), class_name: z.string() })) }),
  kv_namespaces: z.array(z.object({ binding: z.string() })),
  secrets: z.optional(z.object({ required: z.optional(z.array(z.string())) })),
});

export function readWrangler() {
  const config = unstable_readConfig({ config: join(projectFolder, 'wrangler.toml') }, { hideWarnings: true });
  const fields = wranglerFields.parse(config);
  return {
    compatibilityDate: fields.compatibility_date,
    compatibilityFlags: fields.compatibility_flags,
    objects: fields.durable_objects.bindings.map(({ name, class_name }) => ({ binding: name, className: class_name })),
    kvBindings: fields.kv_namespaces.map(({ binding }) => binding),
    requiredSecrets: fields.secrets?.required ?? [],
  };
}

export interface ConfigChoice {
  readonly port: number;
  readonly counting: boolean;
  readonly variables: Readonly<Record<string, string>>;
}

/** Writes a configuration for `workerd serve` beside the modules, with an empty storage folder, and gives its path. */
export async function writeConfig(
  { folder, modules }: Built,
  { port, counting, variables }: ConfigChoice,
): Promise<string> {
  const storageFolder = join(projectFolder, workFolder, `storage-${port}`);
  await rm(storageFolder, { recursive: true, force: true });
  await mkdir(storageFolder, { recursive: true });
  const deployed = modules.map(({ name }) => name).sort((a, b) => Number(b === 'index.js') - Number(a === 'index.js'));
  const names = counting ? ['counting-entry.js', ...deployed, 'counting.js'] : deployed;
  const text = workerdConfig({
    port,
    modules: names.map((name) => ({ name, file: name })),
    kvModules: ['kv-entry.js', 'kv-stand-in.js'].map((name) => ({ name, file: name })),
    variables,
    storageFolder,
    ...readWrangler(),
  });
  const path = join(folder, `workerd-${port}.capnp`);
  await writeFile(path, text);
  return path;
}
