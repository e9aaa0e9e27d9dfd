import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { longestFirst } from './test/support/longest-first.ts';

/** Where `.ci/run` wants the counts. */
const report = process.env.VITEST_REPORT;

/** Some of them take minutes in `npm run test:rest`. */
const LongestFirst = longestFirst(
  /laws\/(7-nothing-lost|2-all-or-nothing)|faults\/(upgrade-kills|add-endpoint)|contract\/(hostile|slow-signal|log-lines)|cli\/(verify|add-script|rehearse)\./,
);

/** What a test says of itself, for the modes below. */
const tags = [
  { name: 'long', description: 'not in `npm test`: others of its kind are quick enough' },
  { name: 'sampled', description: 'a quarter of them is in `npm test`, chosen by the commit' },
  { name: 'wider', description: 'tries a sample in `npm test`, and far more in `npm run test:rest`' },
  { name: 'node', description: 'depends on Node itself, and runs on every version' },
];

const setupFiles = ['test/support/sampling.ts'];

/** What `npm test`, `npm run test:rest` and `npm run test:node` run. Without a mode it is every test. */
const MODES: Record<string, object> = {
  short: { tagsFilter: ['!long'], setupFiles, env: { TWELVE_SAMPLE: 'only' } },
  rest: {
    tagsFilter: ['long || sampled || wider'],
    setupFiles,
    env: { TWELVE_SAMPLE: 'others', TWELVE_CAMPAIGN_SECONDS: '8' },
  },
  node: { tagsFilter: ['node'], setupFiles, env: { TWELVE_SAMPLE: 'only' } },
};

/** What needs neither Docker nor a server. The slower suites are in `test/e2e/`, with a config of their own. */
export default defineConfig(({ mode }) => ({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**', 'node_modules/**'],
    tags,
    ...MODES[mode],
    // Guards against a hang alone: tests that start fifty processes take their time on a busy machine.
    testTimeout: 240_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Half of the time a test waits for a process of its own.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    // Real processes on a machine that others use: a test that fails once and then passes is shown as retried.
    retry: report || process.env.CI ? 1 : 0,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
  },
}));
