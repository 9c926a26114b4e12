import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
import { serveModel } from './test/models/model-server.ts';

// The secrets that wrangler.toml requires; Wrangler takes them from here.
Object.assign(process.env, { ADMIN_TOKEN: 'admin-token-of-the-tests', KEY_TAG_SECRETS: 'tag-secret-of-the-tests' });

/** For a machine that does much else, and for code that is slowed down by the counting of its branches. What a test takes is not what it is about. */
const testTimeout = 30_000;

/** A minute and more of programs that try to break out: `npm run test:humaneval`. */
const sandboxed = ['test/eval/humaneval-sandbox.test.ts'];

/** Thousands of seeded lives of the whole service and of its channels: `npm run test:simulation`. */
const simulated = ['test/simulation/worlds-*.test.ts', 'test/channels/*/*-lives.test.ts'];

/** In a real browser: `npm run test:browser`. */
const inBrowser = ['test/browser/**/*.test.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          testTimeout,
          include: ['test/**/*.test.ts'],
          exclude: ['test/worker/**', ...sandboxed, ...simulated, ...inBrowser],
          environment: 'node',
          setupFiles: ['test/support/before-tests.ts'],
        },
      },
      { test: { name: 'sandbox', testTimeout, include: sandboxed, environment: 'node' } },
      {
        test: {
          name: 'simulation',
          testTimeout,
          include: simulated,
          environment: 'node',
          setupFiles: ['test/support/before-tests.ts'],
        },
      },
      { test: { name: 'browser', testTimeout, include: inBrowser, environment: 'node' } },
      {
        plugins: [
          cloudflareTest({
            // Otherwise no test runs without a Cloudflare account.
            remoteBindings: false,
            wrangler: { configPath: './wrangler.toml' },
            // What the tests fetch goes over a real connection: only on such streams does the runtime read in chunks.
            miniflare: { outboundService: { node: serveModel } },
          }),
        ],
        test: {
          name: 'worker',
          testTimeout,
          include: ['test/worker/**/*.test.ts'],
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/reflection/**/*.ts'],
      reporter: ['text-summary', 'json-summary', 'text'],
    },
  },
});
