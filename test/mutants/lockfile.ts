import type { Mutant } from './mutants.ts';

/** Gates of the lockfile, which follows what was upgraded. */
export const LOCKFILE: readonly Mutant[] = [
  {
    gate: 'lockfile: what does not fit is called good',
    in: 'deriveLockfile',
    search: "if (state.kind === 'fits') return",
    replace: "if (state.kind === 'fits' || state.kind === 'misfit') return",
    red: 'upgrade/lockfile.test.ts',
    only: 'the registry is down, as json',
  },
  {
    gate: 'lockfile: scripts run',
    in: 'REFRESH_FLAGS',
    search: "'--ignore-scripts',",
    replace: '',
    red: 'core/lockfile.test.ts',
    only: 'is a command that runs no code',
  },
  {
    gate: 'lockfile: any setting is used',
    in: 'safeSettings',
    search: 'return isHarmless || ',
    replace: 'return true || isHarmless || ',
    red: 'core/lockfile.test.ts',
    only: 'takes settings that change the lockfile',
  },
  {
    gate: 'lockfile: a variable of the environment goes to a new registry',
    in: 'safeSettings',
    search: "(isKnown || !line.includes('${'))",
    replace: 'line.length > 0',
    red: 'core/lockfile.test.ts',
    only: 'from the team alone',
  },
  {
    gate: 'lockfile: what a package needs is not looked at',
    in: 'checkLockfile',
    search: 'seen.add(link',
    replace: 'void (link',
    red: 'core/lockfile.test.ts',
    only: 'what a package needs is missing',
  },
  {
    gate: 'lockfile: a plan asks the registry',
    in: 'upgradeService',
    search: "options.planOnly ? 'foretell' : 'refresh'",
    replace: "'refresh'",
    red: 'upgrade/lockfile.test.ts',
    only: 'a plan asks nobody',
  },
  {
    gate: 'lockfile: an end without the lockfile is called good',
    in: 'endUpgrade',
    search: 'outcome.attention.length > 0 ? EXIT_NEEDS_PERSON : 0',
    replace: '0',
    red: 'upgrade/lockfile.test.ts',
    only: 'a registry that is down finishes',
  },
];
