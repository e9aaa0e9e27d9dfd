import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { read, readAll } from './files.ts';
import type { LockedProject, Runtime } from './runtime.ts';

const MANIFEST = 'go.mod';
/** The only command that refuses a manifest and a lock that do not fit: builds read less, and downloads add to go.sum. */
const CHECK = ['go', 'mod', 'tidy', '-diff'] as const;
/** What is not read to find out which packages a module imports. */
const UNREAD = /^(\.|_|testdata$|vendor$|node_modules$)/;

const manager = {
  name: 'go',
  install: CHECK,
  check: { command: CHECK, refused: /^diff current\/go\.(mod|sum)/m, undecided: /disabled by GOPROXY=off/, project },
} as const;

export const go: Runtime = {
  name: 'Go',
  manifests: [MANIFEST],
  packageManagers: [
    { ...manager, lock: 'go.sum' },
    // Without a dependency there is nothing to lock.
    { ...manager, lock: MANIFEST, isLock: (text) => !/^require\b/m.test(text) },
  ],
  installs: ({ commands }) => {
    const isChecked = commands.some((words) => words.slice(0, 4).join(' ') === CHECK.join(' '));
    return commands.flatMap((words) => {
      const [name, verb, ...rest] = words;
      const text = words.join(' ');
      if (name !== 'go') return [];
      if (verb === 'get' || rest.includes('-mod=mod')) return [{ text, isFrozen: false }];
      const isDownload = verb === 'mod' && (rest[0] === 'download' || rest[0] === 'tidy');
      return isDownload ? [{ text, isFrozen: isChecked }] : [];
    });
  },
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
  linkedFolders: [],
  programFolders: [],
  compilers: ['go'],
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
      ...readAll(folder, [MANIFEST, 'go.sum', ...sources(folder)]),
      'twelve-probe/go.mod': 'module twelve.invalid/probe\n',
    },
    edited: { [MANIFEST]: `${manifest}${probe}` },
  };
}

/** Paths of the Go files of a module. */
function sources(folder: string, below = ''): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name);
    if (entry.isDirectory()) return UNREAD.test(entry.name) ? [] : sources(folder, path);
    return entry.isFile() && entry.name.endsWith('.go') ? [path] : [];
  });
}
