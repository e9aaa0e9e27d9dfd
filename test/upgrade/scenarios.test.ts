import { beforeAll, describe, expect, it } from 'vitest';
import { type Upgraded, upgradeAll, visible } from '../support/merging.ts';
import { readScenarios } from './scenario.ts';

/**
 * Small upgrades. `template` and `template-next` are the files of two versions of a standard, `team` is the service
 * before the upgrade, `expected` is the service after it, byte for byte.
 */
const SCENARIOS = readScenarios();

let results: readonly Upgraded[];
let repeated: readonly Upgraded[];

beforeAll(async () => {
  const version = (which: 'old' | 'next') => (scenario: (typeof SCENARIOS)[number]) => {
    const preset = which === 'old' ? scenario.preset : scenario.presetNext;
    return { files: scenario[which], ...(preset ? { preset } : {}) };
  };
  results = await upgradeAll(
    SCENARIOS.map((scenario) => ({
      old: version('old')(scenario),
      next: version('next')(scenario),
      team: (rendered) => scenario.team ?? rendered,
    })),
  );
  repeated = await upgradeAll(
    SCENARIOS.map((scenario, index) => ({
      old: version('next')(scenario),
      next: version('next')(scenario),
      team: (rendered) => results[index]?.tree ?? rendered,
    })),
  );
});

it('there are at least 60', () => expect(SCENARIOS.length).toBeGreaterThanOrEqual(60));

describe.each(SCENARIOS.map((scenario, index) => ({ ...scenario, index })))(
  '$name: $title',
  ({ index, exit, outcomes, expected }) => {
    it('gives the expected tree, outcomes and exit code', () => {
      const { tree, files, exit: code, manifest } = results[index] as Upgraded;
      expect(visible(tree)).toEqual(visible(expected));
      const told = files.filter(({ outcome }) => outcome !== 'unchanged').map(({ path, outcome }) => [path, outcome]);
      expect(Object.fromEntries(told)).toEqual(outcomes);
      expect(code).toBe(exit);
      expect(manifest.pending === undefined || code === 4).toBe(true);
    });

    it('changes nothing the second time', () => {
      expect(visible((repeated[index] as Upgraded).tree)).toEqual(visible(expected));
    });
  },
);
