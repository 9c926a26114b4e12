/**
 * The Worker as it is deployed: bundled by esbuild rather than by Wrangler, because Wrangler does not split, and what few requests need (RE2, a
 * quarter of the code) should be loaded by those requests only. https://esbuild.github.io/api/#splitting
 */
import { readFile, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { formatBytes } from './progress.ts';

export interface BundledModule {
  readonly name: string;
  readonly rawBytes: number;
  readonly gzipBytes: number;
  /** Loaded when the Worker starts, not only when a request first needs it. */
  readonly hot: boolean;
}

/** The most that the code every request needs may weigh when compressed: what starts quickly everywhere. */
export const largestGzipBytes = 120_000;

const entry = 'src/index.ts';

/** Builds the Worker's modules into `outdir` of the project's folder, emptied before; the entry is `index.js`. */
export async function bundleWorker(folder: string, outdir: string): Promise<readonly BundledModule[]> {
  // What an earlier build left would be uploaded too.
  await rm(join(folder, outdir), { recursive: true, force: true });
  const options = {
    absWorkingDir: folder,
    entryPoints: [entry],
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2024',
    metafile: true,
    // The order in which Wrangler resolves packages for workerd.
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
  } as const satisfies BuildOptions;
  const { metafile: sources } = await build({ ...options, write: false });
  const plugins = [oneHotChunk(folder, loadedLater(sources))];
  const { metafile } = await build({ ...options, plugins, minify: true, sourcemap: true });
  const hot = loadedAtStart(metafile.outputs, `${outdir}/index.js`);
  const modules = Object.keys(metafile.outputs).filter((path) => path.endsWith('.js'));
  return Promise.all(
    modules.map(async (path) => {
      const content = await readFile(join(folder, path));
      const gzipBytes = gzipSync(content, { level: 9 }).length;
      return { name: basename(path), rawBytes: content.length, gzipBytes, hot: hot.has(path) };
    }),
  );
}

/** The project's own modules that are loaded by `import()`. */
function loadedLater({ inputs }: Metafile): ReadonlySet<string> {
  const imports = Object.values(inputs).flatMap((input) => input.imports);
  return new Set(
    imports.flatMap(({ kind, path }) => (kind === 'dynamic-import' && path.endsWith('.ts') ? [path] : [])),
  );
}

/**
 * Keeps what starts with the Worker in one piece. esbuild makes a chunk of each group of modules that the same entries need, and every module of `later`
 * is such an entry: a dozen small pieces weigh 2 kB more than one when compressed. So each of `later` says that it needs the entry, which is there by then.
 */
function oneHotChunk(folder: string, later: ReadonlySet<string>): Plugin {
  const paths = new Set(Array.from(later, (path) => resolve(folder, path)));
  const needsEntry = `\nimport ${JSON.stringify(resolve(folder, entry))};`;
  return {
    name: 'one-hot-chunk',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, async ({ path }) =>
        paths.has(path) ? { contents: `${await readFile(path, 'utf8')}${needsEntry}`, loader: 'ts' } : undefined,
      );
    },
  };
}

/** The entry and all that it imports without `import()`. */
function loadedAtStart(outputs: Metafile['outputs'], first: string): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [first];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    const imports = outputs[path]?.imports ?? [];
    waiting.push(
      ...imports.filter(({ kind, external }) => kind === 'import-statement' && !external).map(({ path }) => path),
    );
  }
  return found;
}

/** Two lines for a person: what starts with the Worker, and what is loaded when a request first needs it. */
export function describeBundle(modules: readonly BundledModule[]): string {
  const sizes = (hot: boolean) => {
    const chosen = modules.filter((module) => module.hot === hot);
    return `${formatBytes(sum(chosen.map(({ rawBytes }) => rawBytes)))}, ${formatBytes(sum(chosen.map(({ gzipBytes }) => gzipBytes)))} gzipped`;
  };
  return `Bundle: ${sizes(true)} (limit ${formatBytes(largestGzipBytes)}).\nLoaded when first needed: ${sizes(false)}.`;
}

/** The compressed size that the limit is for. */
export function hotGzipBytes(modules: readonly BundledModule[]): number {
  return sum(modules.filter(({ hot }) => hot).map(({ gzipBytes }) => gzipBytes));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
