import { filesBelow, read, readAll } from './files.ts';
import type { LockedProject, Runtime } from './runtime.ts';

const MANIFEST = 'Cargo.toml';
const LOCK = 'Cargo.lock';
const BUILT = 'target';
/** Verbs that read the lock, and write it anew where it does not fit. */
const VERBS = /^(build|b|run|r|test|t|check|c|fetch|rustc|install)$/;

export const rust: Runtime = {
  name: 'Rust',
  manifests: [MANIFEST],
  packageManagers: [
    {
      name: 'cargo',
      lock: LOCK,
      install: ['cargo', 'build', '--release', '--locked'],
      check: {
        command: ['cargo', 'metadata', '--locked', '--offline', '--format-version', '1'],
        refused: /because --locked was passed/,
        project,
      },
    },
  ],
  isWorkspace: (folder) => /^\[workspace\]/m.test(read(folder, MANIFEST) ?? ''),
  installs: ({ commands }) =>
    commands.flatMap((words) => {
      const [name, ...rest] = words;
      const verb = rest.find((word) => !/^[-+]/.test(word)) ?? '';
      if (name !== 'cargo' || !VERBS.test(verb)) return [];
      // Tools of the image itself.
      if (verb === 'install' && !rest.includes('--path')) return [];
      return [{ text: words.join(' '), isFrozen: rest.includes('--locked') || rest.includes('--frozen') }];
    }),
  checks: () => [
    { kind: 'build', command: ['cargo', 'build', '--offline'] },
    { kind: 'test', command: ['cargo', 'test', '--offline'] },
  ],
  toolEnvironment: (home) => ({
    CARGO_NET_OFFLINE: 'true',
    CARGO_HOME: process.env.CARGO_HOME ?? `${home}/.cargo`,
    RUSTUP_HOME: process.env.RUSTUP_HOME ?? `${home}/.rustup`,
  }),
  needsNetwork: /--offline was specified|using offline mode/,
  linkedFolders: [],
  builtFolders: [BUILT],
  programFolders: ['target/release', 'target/debug'],
  compilers: ['rustc', 'cargo'],
  installers: [],
  // What is not needed is not linked into the program.
  development: () => ({ paths: [], programs: [] }),
  stackTrace: /thread '[^']*'(?: \(\d+\))? panicked at/,
};

/** The crate with the names of its sources, without which no manifest is read. */
function project(folder: string): LockedProject | string {
  const manifest = read(folder, MANIFEST) ?? '';
  const isElsewhere = /\bpath\s*=\s*"\.\.|\bworkspace\s*=/.test(manifest) || !/^\[package\]/m.test(manifest);
  if (isElsewhere) return 'other files of the repository belong to it';
  const sources = filesBelow(folder, ['.rs'], BUILT).map((path) => [path, '']);
  return {
    files: {
      ...Object.fromEntries(sources),
      ...readAll(folder, [...filesBelow(folder, [MANIFEST], BUILT), LOCK]),
      'twelve-probe/Cargo.toml': '[package]\nname = "twelve-probe"\nversion = "1.0.0"\n',
      'twelve-probe/src/lib.rs': '',
    },
    edited: { [MANIFEST]: `${manifest}\n[dependencies.twelve-probe]\npath = "twelve-probe"\n` },
  };
}
