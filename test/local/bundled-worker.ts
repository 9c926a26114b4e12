/** The modules that are deployed, run as they are in workerd, over a model server that is played here. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import type * as z from 'zod/mini';
import { type BundledModule, bundleWorker } from '../../local/bundle.ts';
import { projectFolder } from '../../local/wrangler.ts';
import type { Scope } from '../../src/accounts/accounts.ts';
import { newKey } from '../../src/http/routes/keys.ts';
import { startLoopbackEndpoint } from '../models/loopback-endpoint.ts';

export interface BundledWorker {
  readonly modules: readonly BundledModule[];
  /** Where it answers, without a slash at the end. */
  readonly address: string;
  readonly adminToken: string;
  /** What it wrote to the console so far, level and words. */
  readonly log: readonly string[];
  /** A key of a new account; with the usual scopes where none are named. */
  makeKey(scopes?: readonly Scope[]): Promise<z.output<typeof newKey>>;
  /** A `POST` of JSON. */
  post(path: string, token: string, body: object): Promise<Response>;
  close(): Promise<void>;
}

const adminToken = 'admin-token-of-the-tests';

/** More calls of the model than any test makes. */
const mostCalls = 100;

/** Builds it into a folder of this `name` and starts it on a free port. Its model always says `Call 555-0199.`. */
export async function startBundledWorker(
  name: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<BundledWorker> {
  const outdir = `dist/${name}`;
  const modules = await bundleWorker(projectFolder, outdir);
  const upstream = await startLoopbackEndpoint();
  const { baseUrl } = upstream.script(
    Array.from({ length: mostCalls }, () => ({
      type: 'answers',
      texts: ['Call ', '555-0199.'],
      ends: 'stop',
      usage: null,
    })),
  );
  const names = ['index.js', ...modules.map((module) => module.name).filter((other) => other !== 'index.js')];
  const log: string[] = [];
  const worker = new Miniflare(
    convertV4MiniflareOptions({
      cf: false,
      handleStructuredLogs: ({ level, message }) => log.push(`${level} ${message}`),
      modules: names.map((path) => ({ type: 'ESModule', path: join(projectFolder, outdir, path) })),
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
        ...variables,
      },
    }),
  );
  const { origin } = await worker.ready;
  const post = (path: string, token: string, body: object): Promise<Response> =>
    fetch(`${origin}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  return {
    modules,
    address: origin,
    adminToken,
    log,
    post,
    makeKey: async (scopes) =>
      newKey.parse(await (await post('/v1/keys', adminToken, { name: 'tests', ...(scopes && { scopes }) })).json()),
    async close() {
      await worker.dispose();
      await upstream.close();
      await rm(join(projectFolder, outdir), { recursive: true, force: true });
    },
  };
}
