import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { longestFirst } from '../support/longest-first.ts';

/** Where `.ci/run` wants the counts. */
const report = process.env.VITEST_REPORT;

/** They wait for registries, or for one command after another. */
const LongestFirst = longestFirst(/\/(foreign|pipeline-run|readme|grow)\.e2e/);

const files = (...names: string[]) => names.map((name) => `${name}.e2e.ts`);

/** Suites whose result no busy machine changes; two of them use the engine. */
const SIDE_BY_SIDE = files(
  'add',
  'clients',
  'endpoints',
  'fleet',
  'foreign',
  'grow',
  'http',
  'kubernetes',
  'pipeline',
  'pipeline-run',
  'postgres',
  'readme',
  'registry',
  'reports',
);

/** Most of their time containers start, become healthy or stop, and the machine has nothing to do. */
const WAITING = files('compose', 'compose-rolling', 'dockerfile', 'gateway', 'tutorial');

/**
 * The end-to-end suites: generated services as products. Heavy, and each says how long it took. What is in none of the
 * lists above wants the machine to itself, one suite after another.
 */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    globalSetup: ['support/setup.ts'],
    // Real services on a machine that others use: a test that fails once and then passes is shown as retried.
    retry: report || process.env.CI ? 1 : 0,
    reporters: report ? ['verbose', ['json', { outputFile: report }]] : ['verbose'],
    // These and the limits of the suites end a hang alone: no busy machine is that slow.
    testTimeout: 480_000,
    hookTimeout: 480_000,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: { name: 'side by side', include: SIDE_BY_SIDE, maxWorkers: 3, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: { name: 'two at a time', include: WAITING, maxWorkers: 2, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ['*.e2e.ts'],
          exclude: [...SIDE_BY_SIDE, ...WAITING],
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
