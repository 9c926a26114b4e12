/** The rules of docs/architecture.md that a machine can hold: who may import whom, and how large an idea may grow. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** What every room may import. */
const shared: readonly string[] = [
  'src/errors.ts',
  'src/encoding.ts',
  'src/time-limit.ts',
  'src/deadline-timer.ts',
  'src/bounded-map.ts',
  'src/object-storage.ts',
  'src/run-row.ts',
  'src/run-rows.ts',
];
/** What these are made of. */
const partsOfShared: readonly string[] = [
  'src/group-commit.ts',
  'src/packed-events.ts',
  'src/pending-run.ts',
  'src/pieces.ts',
];
/** What these know of rooms: what happened in a run, and who it belongs to. */
const knownToShared: readonly string[] = ['src/reflection/', 'src/accounts/accounts.ts'];

/** What a file of each room may import from `src/`, besides its own room and what all share. A name ending in `.ts` is that one file. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  reflection: [],
  models: ['reflection'],
  accounts: ['reflection'],
  cache: ['reflection'],
  runs: [
    'reflection',
    'accounts/accounts.ts',
    'accounts/retry-on-reset.ts',
    'accounts/outcome.ts',
    'cache/reflection-cache.ts',
  ],
  training: ['reflection'],
  http: [
    'reflection',
    'training',
    'models/catalog.ts',
    'runs/runs.ts',
    'cache/reflection-cache.ts',
    'cache/cache-key.ts',
    'cache/cacheable.ts',
    'cache/cached-run.ts',
    'accounts/accounts.ts',
    'accounts/key-administration.ts',
    'accounts/ids.ts',
  ],
  channels: [
    'runs/run-id.ts',
    'accounts/ids.ts',
    'accounts/retry-on-reset.ts',
    'accounts/durable-key-administration.ts',
    'reflection',
    'runs/runs.ts',
    'runs/deliver.ts',
    'accounts/accounts.ts',
    'http/hono.ts',
    'http/http-env.ts',
  ],
  local: ['reflection', 'models', 'training', 'channels'],
  eval: ['reflection', 'models', 'training'],
  bench: ['reflection', 'models', 'training'],
  playground: ['reflection'],
};

/** The npm packages that the pure engine may use. */
const purePackages = ['@cfworker/json-schema', 'diff', 'jsonrepair', 're2js', 'zod'];

const mostLines = 300;

interface SourceFile {
  /** From the repository's root: `src/http/problem.ts`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

function sourceFiles(...folders: readonly string[]): SourceFile[] {
  return folders.flatMap((folder) => {
    const found = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    return found.map((name) => {
      const path = join(folder, name);
      const text = readFileSync(join(root, path), 'utf8');
      return { path, text, imports: importsOf(text) };
    });
  });
}

/** Static, side-effect and dynamic imports, and re-exports. */
function importsOf(text: string): string[] {
  const pattern =
    /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;
  return [...text.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && ['src', 'local', 'eval', 'bench', 'playground'].includes(entry.name))
  .map((entry) => entry.name);
const files = sourceFiles(...folders);

/** `reflection` for `src/reflection/rules/gate.ts`, `local` for `local/start.ts`, undefined for files directly in `src/`. */
function roomOf(path: string): string | undefined {
  const [top, room, rest] = path.split('/');
  if (top !== 'src') return top;
  return rest === undefined ? undefined : room;
}

test('finds the imports of every form', () => {
  const text = `import { a } from './a.ts';\nimport type {\n  B,\n} from "./b.ts";\nexport { c } from './c.ts';\nimport './d.ts';\nconst e = await import('./e.ts');`;
  expect(importsOf(text)).toEqual(['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts']);
});

test('every room imports only the rooms that the table allows', () => {
  const strays = files.flatMap(({ path, imports }) => {
    const room = roomOf(path);
    if (room === undefined) return [];
    return imports
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => relative(root, resolve(root, dirname(path), specifier)))
      .filter((target) => target.startsWith('src/') && !shared.includes(target) && roomOf(target) !== room)
      .filter(
        (target) =>
          !(mayImport[room] ?? []).some((allowed) =>
            target.startsWith(`src/${allowed.endsWith('.ts') ? allowed : `${allowed}/`}`),
          ),
      )
      .map((target) => `${path} → ${target}`);
  });
  expect(strays).toEqual([]);
});

test('what all rooms share knows no room but the engine and the port to accounts', () => {
  const known = [...shared, ...partsOfShared, ...knownToShared];
  const strays = files
    .filter(({ path }) => shared.includes(path) || partsOfShared.includes(path))
    .flatMap(({ path, imports }) =>
      imports
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => join(dirname(path), specifier))
        .filter((target) => !known.some((allowed) => target.startsWith(allowed)))
        .map((target) => `${path} → ${target}`),
    );
  expect(strays).toEqual([]);
});

test('nothing in src imports what stands outside it', () => {
  const strays = files
    .filter(({ path }) => path.startsWith('src/'))
    .flatMap(({ path, imports }) =>
      imports
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => relative(root, resolve(root, dirname(path), specifier)))
        .filter((target) => !target.startsWith('src/'))
        .map((target) => `${path} → ${target}`),
    );
  expect(strays).toEqual([]);
});

/** The files that `path` imports, from the repository's root. */
const importsByPath = new Map(
  files.map(({ path, imports }) => [
    path,
    imports.filter((specifier) => specifier.startsWith('.')).map((specifier) => join(dirname(path), specifier)),
  ]),
);

/** A circle of imports through `path`, or undefined. */
function circleThrough(path: string): string[] | undefined {
  const visited = new Set<string>();
  const search = (from: string, way: readonly string[]): string[] | undefined => {
    for (const next of importsByPath.get(from) ?? []) {
      if (next === path) return [...way, next];
      if (visited.has(next)) continue;
      visited.add(next);
      const found = search(next, [...way, next]);
      if (found) return found;
    }
    return undefined;
  };
  return search(path, [path]);
}

test('no file imports in a circle', () => {
  expect([...importsByPath.keys()].flatMap((path) => circleThrough(path)?.join(' → ') ?? [])).toEqual([]);
});

test('the engine uses no package but the small pure ones', () => {
  const strays = files
    .filter(({ path }) => path.startsWith('src/reflection/'))
    .flatMap(({ path, imports }) =>
      imports.filter((specifier) => !specifier.startsWith('.')).map((specifier) => ({ path, specifier })),
    )
    .filter(({ specifier }) => !purePackages.some((name) => specifier === name || specifier.startsWith(`${name}/`)));
  expect(strays).toEqual([]);
});

test('only the Durable Objects, the entrypoint of model calls and the entry know the platform’s own module', () => {
  const strays = files
    .filter(({ imports }) => imports.some((specifier) => specifier.startsWith('cloudflare:')))
    .map(({ path }) => path)
    .filter((path) => !['src/index.ts', 'src/model-calls.ts'].includes(path) && !path.endsWith('-object.ts'));
  expect(strays).toEqual([]);
});

test('only services.ts reads the environment', () => {
  const readers = files
    .filter(({ path }) => path.startsWith('src/') && path !== 'src/services.ts')
    .filter(({ text }) => /\benv\.[A-Z][A-Z_]+\b|\benv\[['"]/.test(text))
    .map(({ path }) => path);
  expect(readers).toEqual([]);
});

test(`no file is longer than ${mostLines} lines`, () => {
  const long = files
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > mostLines);
  expect(long).toEqual([]);
});

test('no name says nothing', () => {
  const vague = /(?:^|\/)(?:utils?|helpers?|common|misc|managers?|index)(?:\.ts|\/)/;
  expect(files.map(({ path }) => path).filter((path) => vague.test(path) && path !== 'src/index.ts')).toEqual([]);
});

test('the type checker and the linter are never silenced', () => {
  const escapes =
    /@ts-(?:ignore|expect-error|nocheck)|biome-ignore|\bas any\b(?=\s*[;,)\]}.]|$)|: any(?=\s*[;,)\]}=>|]|$)|as unknown as/;
  expect(files.filter(({ text }) => escapes.test(text)).map(({ path }) => path)).toEqual([]);
});

test('only the entry has a default export', () => {
  expect(files.filter(({ text }) => /^export default/m.test(text)).map(({ path }) => path)).toEqual(['src/index.ts']);
});
