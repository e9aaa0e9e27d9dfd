import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Where `.ci/run` wants the counts. */
const report = process.env.VITEST_REPORT;

/** Take longest, some of them minutes with TWELVE_EVERY_CALL: started last, one of them would run alone. */
const LONGEST =
  /laws\/(7-nothing-lost|2-all-or-nothing)|faults\/(upgrade-kills|add-endpoint)|contract\/(hostile|slow-signal|framework-services)|cli\/verify\./;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => Number(LONGEST.test(b.moduleId)) - Number(LONGEST.test(a.moduleId)));
  }
}

/** `npm test`: what needs neither Docker nor a server. The slower suites are in `test/e2e/`, with a config of their own. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**', 'node_modules/**'],
    // Guards against a hang alone: tests that start fifty processes take their time on a busy machine.
    testTimeout: 240_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Half of the time a test waits for a process of its own.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    // Real processes on a machine that others use: a test that fails once and then passes is shown as retried.
    retry: report || process.env.CI ? 1 : 0,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
  },
});
