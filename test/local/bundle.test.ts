/** The modules that are deployed, run as they are in workerd: what is loaded when first needed must be found there. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BundledModule, bundleWorker, hotGzipBytes, largestGzipBytes } from '../../local/bundle.ts';
import { projectFolder } from '../../local/wrangler.ts';
import { newKey } from '../../src/http/routes/keys.ts';
import { startLoopbackEndpoint } from '../models/loopback-endpoint.ts';

const outdir = 'dist/bundle-test';
const adminToken = 'admin-token-of-the-tests';
let modules: readonly BundledModule[];
let worker: Miniflare;
let upstream: Awaited<ReturnType<typeof startLoopbackEndpoint>>;

beforeAll(async () => {
  modules = await bundleWorker(projectFolder, outdir);
  upstream = await startLoopbackEndpoint();
  const { baseUrl } = upstream.script([{ type: 'answers', texts: ['Call ', '555-0199.'], ends: 'stop', usage: null }]);
  const names = ['index.js', ...modules.map(({ name }) => name).filter((name) => name !== 'index.js')];
  worker = new Miniflare(
    convertV4MiniflareOptions({
      cf: false,
      modules: names.map((name) => ({ type: 'ESModule', path: join(projectFolder, outdir, name) })),
      modulesRoot: join(projectFolder, outdir),
      compatibilityDate: '2026-11-01',
      durableObjects: {
        RUNS: { className: 'Run', useSQLite: true },
        ACCOUNTS: { className: 'Account', useSQLite: true },
        KEY_DIRECTORY: { className: 'KeyDirectory', useSQLite: true },
        CAPACITY: { className: 'Capacity', useSQLite: true },
      },
      kvNamespaces: ['CACHE'],
      bindings: {
        MODEL_PROVIDER: 'openai-compatible',
        UPSTREAM_URL: baseUrl,
        UPSTREAM_MODEL: 'mock',
        UPSTREAM_CLASS: 'large',
        UPSTREAM_CONTEXT: '8192',
        ADMIN_TOKEN: adminToken,
        KEY_TAG_SECRETS: 'tag-secret-of-the-tests',
      },
    }),
  );
}, 60_000);

afterAll(async () => {
  await worker?.dispose();
  await upstream?.close();
  await rm(join(projectFolder, outdir), { recursive: true, force: true });
});

test('what every request needs is within the limit, and RE2 is not part of it', () => {
  expect(hotGzipBytes(modules)).toBeLessThanOrEqual(largestGzipBytes);
  expect(modules.some(({ hot, rawBytes }) => !hot && rawBytes > 50_000)).toBe(true);
});

test('a request that needs a pattern loads RE2 in the Worker and in the run’s object', async () => {
  const address = await worker.ready;
  const made = await worker.dispatchFetch(new URL('/v1/keys', address), {
    method: 'POST',
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'tests' }),
  });
  const { key } = newKey.parse(await made.json());
  const response = await worker.dispatchFetch(new URL('/v1/reflections', address), {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ input: 'Which number?', checks: [{ type: 'regex', pattern: '\\d{3}-\\d{4}' }] }),
  });
  expect(await response.json()).toMatchObject({ output: 'Call 555-0199.', decision: 'kept_draft_pass' });
});
