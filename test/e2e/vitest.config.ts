import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Where `.ci/run` wants the counts. */
const report = process.env.VITEST_REPORT;

/** The end-to-end suites: generated services as products. Heavy, so one file at a time, and each says how long it took. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['**/*.e2e.ts'],
    globalSetup: ['support/setup.ts'],
    fileParallelism: false,
    // Real services on a machine that others use: a test that fails once and then passes is shown as retried.
    retry: process.env.CI ? 1 : 0,
    reporters: report ? ['verbose', ['json', { outputFile: report }]] : ['verbose'],
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
