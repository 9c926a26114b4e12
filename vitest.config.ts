import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/worker/**'],
          environment: 'node',
          setupFiles: ['test/support/load-patterns.ts'],
        },
      },
      {
        plugins: [
          cloudflareTest({
            // Otherwise no test runs without a Cloudflare account.
            remoteBindings: false,
            wrangler: { configPath: './wrangler.toml' },
          }),
        ],
        test: {
          name: 'worker',
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
