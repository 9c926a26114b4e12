/** Deploying, with a program that stands for Wrangler: what it is asked, and what the person is told. */
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { missingSecrets } from '../../local/deploy-secrets.ts';
import { deploy, dryRun, parseDeployFlags } from '../../local/deployment.ts';
import { wranglerRunner } from '../../local/wrangler.ts';

let folder = '';
let said: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploy-'));
  said = [];
  await writeWorker('export default {};');
  await writeConfig('');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function writeConfig(rest: string): Promise<void> {
  const config = `name = "x"\nmain = "src/index.ts"\ncompatibility_date = "2026-11-01"\n${rest}`;
  return writeFile(join(folder, 'wrangler.toml'), config);
}

async function writeWorker(...modules: readonly string[]): Promise<void> {
  await mkdir(join(folder, 'src'), { recursive: true });
  await Promise.all(
    modules.map((text, index) => writeFile(join(folder, 'src', index === 0 ? 'index.ts' : `${index}.ts`), text)),
  );
}

/** Code that hardly compresses, of about `kilobytes`. */
function ballast(kilobytes: number): string {
  const numbers = Array.from({ length: kilobytes * 120 }, (_, index) => (index * 2_654_435_761) % 4_294_967_296);
  return `export const ballast = '${numbers.join('')}';`;
}

interface FakeWay {
  readonly loggedIn?: boolean;
  readonly dryRunCode?: number;
  readonly secretList?: { readonly code: number; readonly output: string };
  readonly deployCode?: number;
}

/** A script that answers as Wrangler would and writes down what it was asked. */
async function fakeWrangler({
  loggedIn = true,
  dryRunCode = 0,
  secretList = { code: 0, output: '[]' },
  deployCode = 0,
}: FakeWay = {}) {
  const script = join(folder, 'wrangler.mjs');
  await writeFile(
    script,
    `import fs from 'node:fs';
    const words = process.argv.slice(2);
    const file = words[words.indexOf('--secrets-file') + 1];
    const secrets = words.includes('--secrets-file') ? fs.readFileSync(file, 'utf8') : undefined;
    const mode = secrets === undefined ? undefined : fs.statSync(file).mode & 0o777;
    fs.appendFileSync('asked.jsonl', JSON.stringify({ words, secrets, mode }) + '\\n');
    if (words[0] === 'whoami') process.exit(${loggedIn ? 0 : 1});
    if (words[0] === 'secret') { console.log(${JSON.stringify(secretList.output)}); process.exit(${secretList.code}); }
    if (words.includes('--dry-run')) {
      console.log('words of its own'); process.exit(${dryRunCode});
    } else {
      console.log('Uploaded x\\n  https://x.example.workers.dev\\nCurrent Version ID: 1'); process.exit(${deployCode});
    }`,
  );
  return { run: wranglerRunner(script, folder), folder, say: (line: string) => said.push(line) };
}

async function asked(): Promise<{ words: string[]; secrets?: string; mode?: number }[]> {
  const text = await readFile(join(folder, 'asked.jsonl'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('a dry run', () => {
  test('needs no account, tells the size, and lets Wrangler look at what it would upload', async () => {
    await dryRun(await fakeWrangler({ loggedIn: false }));
    expect((await asked()).map(({ words }) => words)).toEqual([
      ['deploy', 'dist/index.js', '--no-bundle', '--dry-run'],
    ]);
    expect(said).toEqual([expect.stringMatching(/^Bundle: \d+ B, \d+ B gzipped/)]);
  });

  test('leaves nothing there that an earlier build left', async () => {
    await mkdir(join(folder, 'dist'));
    await writeFile(join(folder, 'dist', 'old.js'), 'x'.repeat(1000));
    await dryRun(await fakeWrangler());
    await expect(stat(join(folder, 'dist', 'old.js'))).rejects.toThrow();
  });

  test('fails when what every request needs is too large', async () => {
    await writeWorker(`export { ballast } from './1.ts';\nexport default {};`, ballast(250));
    await expect(dryRun(await fakeWrangler())).rejects.toThrow(/over its limit/);
    expect(said[0]).toContain('gzipped');
  });

  test('counts apart what only some requests load', async () => {
    await writeWorker(`export default { load: () => import('./1.ts') };`, ballast(250));
    await dryRun(await fakeWrangler());
    expect(said[0]).toMatch(/^Bundle: \d+ B.*\nLoaded when first needed: \d+ kB/);
  });

  test('shows Wrangler’s words when it does not take the Worker', async () => {
    await expect(dryRun(await fakeWrangler({ dryRunCode: 1 }))).rejects.toThrow(/words of its own/);
  });
});

describe('a deployment', () => {
  test('stops before anything when nobody is logged in, and says how to', async () => {
    await expect(deploy(await fakeWrangler({ loggedIn: false }))).rejects.toThrow(/npx wrangler login/);
    expect(await asked()).toHaveLength(1);
  });

  test('builds, deploys, and prints the address and a line to paste', async () => {
    await deploy(await fakeWrangler());
    expect((await asked()).map(({ words }) => words.join(' '))).toEqual([
      'whoami --json',
      'deploy dist/index.js --no-bundle --dry-run',
      'deploy dist/index.js --no-bundle',
    ]);
    expect(said.join('\n')).toContain('Deployed at https://x.example.workers.dev');
    expect(said.join('\n')).toContain('curl -s https://x.example.workers.dev/v1/keys');
  });

  test('makes the required secrets once, keeps them private, and shows none of them', async () => {
    await writeConfig('[secrets]\nrequired = ["ADMIN_TOKEN", "KEY_PEPPER"]\n');
    await deploy(
      await fakeWrangler({ secretList: { code: 0, output: '[{"name":"KEY_PEPPER","type":"secret_text"}]' } }),
    );
    const last = (await asked()).at(-1);
    const secrets: Record<string, string> = JSON.parse(last?.secrets ?? '{}');
    expect(Object.keys(secrets)).toEqual(['ADMIN_TOKEN']);
    expect(secrets['ADMIN_TOKEN']).toMatch(/^[\w-]{43}$/);
    expect(last?.mode).toBe(0o600);
    const kept = join(folder, '.local', 'deployed-admin-token');
    expect((await readFile(kept, 'utf8')).trim()).toBe(secrets['ADMIN_TOKEN']);
    expect((await stat(kept)).mode & 0o777).toBe(0o600);
    expect(said.join('\n')).not.toContain(secrets['ADMIN_TOKEN']);
  });

  test('says so when Wrangler fails, and keeps the secrets that it may have set', async () => {
    await writeConfig('[secrets]\nrequired = ["ADMIN_TOKEN"]\n');
    await expect(deploy(await fakeWrangler({ deployCode: 1 }))).rejects.toThrow(/could not deploy/);
    expect((await stat(join(folder, '.local', 'deployed-admin-token'))).mode & 0o777).toBe(0o600);
  });
});

describe('the secrets that are missing', () => {
  const answer = (code: number, output: string) => async () => ({ code, output });

  test('are all of them when the Worker is not there yet', async () => {
    const run = answer(1, 'This Worker does not exist on your account. [code: 10007]');
    expect(await missingSecrets(['A'], run, async (name) => `random ${name}`)).toEqual({ A: 'random A' });
  });

  test.each([
    ['the list cannot be read', 1, 'A request to the Cloudflare API failed: 500'],
    ['the list is no list', 0, 'hello'],
  ])('are not guessed when %s: a secret in use must not be replaced', async (_what, code, output) => {
    await expect(missingSecrets(['A'], answer(code, output), async () => 'random')).rejects.toThrow(
      /nothing was changed/,
    );
  });
});

test('the command line of a deployment knows one flag', () => {
  expect(parseDeployFlags([])).toEqual({ dryRun: false });
  expect(parseDeployFlags(['--dry-run'])).toEqual({ dryRun: true });
  expect(() => parseDeployFlags(['--force'])).toThrow(/Usage: npm run deploy/);
});
