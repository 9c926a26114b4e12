/** The tests that mutants are held against: in plain Node, and without the suites that take long for what they see. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/reflection/*.test.ts', 'test/reflection/{rules,steps}/*.test.ts', 'test/accounts/*.test.ts'],
    exclude: [
      'test/accounts/million.test.ts',
      'test/reflection/computing.test.ts',
      'test/reflection/rules/content-gate.test.ts',
      'test/reflection/tokens.test.ts',
    ],
    environment: 'node',
    setupFiles: ['test/support/before-tests.ts'],
    testTimeout: 20_000,
  },
});
