import { join } from 'node:path';
import { filesBelow, MAKEFILE, read, readAll, recipe } from './files.ts';
import type { LockedProject, Runtime } from './runtime.ts';

const MANIFEST = 'go.mod';
/** Refuses a manifest and a lock that do not fit, also where nothing imports what the manifest names. */
const CHECK = ['go', 'mod', 'tidy', '-diff'] as const;

const manager = {
  name: 'go',
  install: CHECK,
  check: { command: CHECK, refused: /\bdiff current\/go\.(mod|sum)/, project },
} as const;

export const go: Runtime = {
  name: 'Go',
  manifests: [MANIFEST],
  packageManagers: [
    { ...manager, lock: 'go.sum' },
    // Without a dependency there is nothing to lock.
    { ...manager, lock: MANIFEST, isLock: (text) => !/^require\b/m.test(text) },
  ],
  // A download changes no lock that counts: a build that comes to a module without a sum in go.sum stops.
  installs: ({ commands }) =>
    commands.flatMap((words) => {
      const [name, verb, ...rest] = words;
      const text = words.join(' ');
      if (name !== 'go') return [];
      if (verb === 'get' || rest.includes('-mod=mod')) return [{ text, isFrozen: false }];
      if (verb !== 'mod') return [];
      if (rest[0] === 'tidy') return [{ text, isFrozen: rest.includes('-diff') }];
      return rest[0] === 'download' ? [{ text, isFrozen: true }] : [];
    }),
  startCommand: (folder) => recipe(folder, 'start')?.at(-1),
  startPlace: `as the last line of the target "start" of ${MAKEFILE}`,
  preparation: (folder) => (recipe(folder, 'start') && recipe(folder, 'build') ? [['make', 'build']] : []),
  checks: () => [
    { kind: 'build', command: ['go', 'build', '-o', '/dev/null', './...'] },
    { kind: 'test', command: ['go', 'test', './...'] },
  ],
  toolEnvironment: (home) => ({
    GOPROXY: 'off',
    GOTOOLCHAIN: 'local',
    GOMODCACHE: process.env.GOMODCACHE ?? join(process.env.GOPATH ?? join(home, 'go'), 'pkg/mod'),
    GOCACHE: process.env.GOCACHE ?? join(process.env.XDG_CACHE_HOME ?? join(home, '.cache'), 'go-build'),
  }),
  needsNetwork: /disabled by GOPROXY=off/,
  linkedFolders: ['vendor'],
  builtFolders: [],
  programFolders: [],
  compilers: ['go'],
  developerTools: ['golangci-lint', 'staticcheck', 'gopls', 'dlv'],
  installers: [],
  // What is not needed is not linked into the program.
  development: () => ({ paths: [], programs: [] }),
  stackTrace: /goroutine \d+ \[/,
};

/** The module with its sources: what they import decides what the lock has to have. */
function project(folder: string): LockedProject | string {
  const manifest = read(folder, MANIFEST) ?? '';
  if (/=>\s*\.\.?\//.test(manifest)) return 'other files of the repository belong to it';
  const probe = '\nrequire twelve.invalid/probe v0.0.0\n\nreplace twelve.invalid/probe => ./twelve-probe\n';
  return {
    files: {
      ...readAll(folder, [MANIFEST, 'go.sum', ...filesBelow(folder, ['.go'])]),
      'twelve-probe/go.mod': 'module twelve.invalid/probe\n',
    },
    edited: { [MANIFEST]: `${manifest}${probe}` },
  };
}
