import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Test files that match begin first: one of them that began last would run alone while a worker has nothing to do. */
export function longestFirst(long: RegExp): typeof BaseSequencer {
  return class extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      const sorted = await super.sort(files);
      return sorted.sort((a, b) => Number(long.test(b.moduleId)) - Number(long.test(a.moduleId)));
    }
  };
}
