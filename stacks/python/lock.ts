import { parseRepoPath, type RepoPath } from '../../engine/core/repo-path.ts';
import type { LockCode, LockState, ReadText } from '../lock.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { isInRange, type Pin, readPins } from './pins.ts';

const MANIFEST = 'pyproject.toml';
const RUNTIME = 'requirements.txt';

/** Lockfiles, each after those whose versions it takes over, with what uv makes it from. */
const LOCKFILES = [
  { file: RUNTIME, list: 'project', takes: [], source: [MANIFEST] },
  { file: 'requirements-dev.txt', list: 'dev', takes: [RUNTIME], source: ['--group', 'dev'] },
  {
    file: 'requirements-local.txt',
    list: 'local',
    takes: [RUNTIME, 'requirements-dev.txt'],
    source: ['--group', 'local'],
  },
] as const satisfies readonly {
  readonly file: string;
  readonly list: keyof Manifest;
  readonly takes: readonly string[];
  readonly source: readonly string[];
}[];

/** Whether the lockfiles have what pyproject.toml names, each package once and with hashes. The first one that does not counts. */
async function check(read: ReadText): Promise<LockState> {
  const text = read(MANIFEST);
  if (text === undefined) return { kind: 'none' };
  const manifest = readManifest(text);
  if (manifest === undefined) return { kind: 'unreadable' };
  const locked = read(RUNTIME);
  const isLocked = locked !== undefined && (locked.includes('--hash=') || manifest.project?.requirements.length === 0);
  if (!isLocked) {
    const isElsewhere = ['uv.lock', 'poetry.lock', 'pdm.lock', 'Pipfile.lock'].some((path) => read(path) !== undefined);
    return { kind: isElsewhere || manifest.project === undefined ? 'none' : 'unlocked' };
  }
  for (const lockfile of LOCKFILES) {
    const reasons = reasonsOf(lockfile, manifest, read);
    if (reasons.length > 0) return { kind: 'misfit', path: parseRepoPath(lockfile.file), reasons, isShared: false };
  }
  return { kind: 'fits', path: parseRepoPath(RUNTIME) };
}

function reasonsOf({ file, list, takes }: (typeof LOCKFILES)[number], manifest: Manifest, read: ReadText): string[] {
  const wanted = manifest[list]?.requirements ?? [];
  const text = read(file);
  if (text === undefined) return wanted.length > 0 ? ['it is missing'] : [];
  const { pins, odd } = readPins(text);
  const others = takes.flatMap((path) => readPins(read(path) ?? '').pins.map((pin) => ({ ...pin, path })));
  return [
    ...odd.map((line) => `it has a line that is no version: ${line}`),
    ...pins.filter(({ hasHash }) => !hasHash).map((pin) => `${said(pin)} has no hash`),
    ...pins.flatMap((pin, at) => {
      const first = pins.findIndex(({ name, marker }) => name === pin.name && marker === pin.marker);
      return first < at ? [`${said(pin)} beside ${pins[first]?.version}`] : [];
    }),
    ...wanted.flatMap(({ name, range }) => {
      const own = pins.filter((pin) => pin.name === name);
      if (own.length === 0) return [`${name}${range} is missing`];
      return own.some(({ version }) => isInRange(version, range))
        ? []
        : own.map((pin) => `${name}${range}: it has ${said(pin)}`);
    }),
    ...pins.flatMap((pin) => {
      const other = others.find(({ name, marker }) => name === pin.name && marker === pin.marker);
      return other === undefined || other.version === pin.version
        ? []
        : [`${said(pin)}, and ${said(other)} in ${other.path}`];
    }),
  ];
}

const said = ({ name, version }: Pin): string => `${name}==${version}`;

export const LOCK: LockCode = {
  check,
  refresh: async (read) => {
    const state = await check(read);
    const lockfile = LOCKFILES.find(({ file }) => state.kind === 'misfit' && file === (state.path as RepoPath));
    if (lockfile === undefined) return 'there is nothing to go by';
    const { file, takes, source } = lockfile;
    const words = [...source, ...takes.flatMap((path) => ['-c', path]), '-o', file];
    // What is locked and whole stays at its version.
    const kept = readPins(read(file) ?? '').pins.filter(({ hasHash }) => hasHash);
    return {
      files: {
        [MANIFEST]: read(MANIFEST) ?? '',
        ...Object.fromEntries(takes.map((path) => [path, read(path) ?? ''])),
        [file]: kept.map(({ text }) => `${text}\n`).join(''),
      },
      // No package is built, since that would run its code. The head of the file is that of `make lock`.
      command: [
        'uv',
        'pip',
        'compile',
        '--quiet',
        '--no-build',
        '--custom-compile-command',
        `uv pip compile ${words.join(' ')}`,
        ...words,
      ],
      reason: reasonOf,
    };
  },
};

/** What uv or pip said, but for hints and warnings. */
export function reasonOf(stderr: string): string {
  const lines = stderr
    .split(/\r?\n/)
    .map((line) => line.trim().replace(/^(error|cause|ERROR):\s*|^×\s*|^╰─▶\s*/i, ''))
    .filter((line) => line !== '' && !/^(hint|warning|DEPRECATION|\[notice\])/i.test(line));
  return [...new Set(lines)].slice(0, 3).join('; ');
}
