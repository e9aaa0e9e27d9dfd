import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A package manager of npm's packages, as far as its lock goes. */
export interface PackageManager {
  readonly name: string;
  readonly lock: string;
  /** Installs exactly what the lock says, or fails. */
  readonly install: readonly string[];
  /** Compares package.json with the lock, without a network and without installing; nothing where it cannot. */
  readonly check?: { readonly command: readonly [string, ...string[]]; readonly refused: RegExp };
}

const NPM = {
  name: 'npm',
  install: ['npm', 'ci'],
  check: { command: ['npm', 'ci', '--dry-run', '--ignore-scripts', '--offline'], refused: /in sync|EUSAGE/ },
} as const;
const FROZEN = '--frozen-lockfile';
const PNPM_FLAGS = [FROZEN, '--lockfile-only', '--ignore-scripts', '--offline'];

/** In the order in which they count where a folder has several. */
export const PACKAGE_MANAGERS: readonly PackageManager[] = [
  { ...NPM, lock: 'package-lock.json' },
  { ...NPM, lock: 'npm-shrinkwrap.json' },
  {
    name: 'pnpm',
    lock: 'pnpm-lock.yaml',
    install: ['pnpm', 'install', FROZEN],
    check: { command: ['pnpm', 'install', ...PNPM_FLAGS], refused: /OUTDATED_LOCKFILE/ },
  },
  { name: 'yarn', lock: 'yarn.lock', install: ['yarn', 'install', '--immutable'] },
  { name: 'bun', lock: 'bun.lock', install: ['bun', 'install', FROZEN] },
];

/** Whose lock a folder has. */
export function managerOf(folder: string): PackageManager | undefined {
  return PACKAGE_MANAGERS.find(({ lock }) => existsSync(join(folder, lock)));
}

/** A lock, and the folder in which it is. */
export interface FoundLock {
  readonly folder: string;
  readonly manager: PackageManager;
}

/** The lock of a folder: its own, or that of the workspace that it belongs to in the same repository. */
export function findLock(folder: string): FoundLock | undefined {
  const own = managerOf(folder);
  if (own) return { folder, manager: own };
  const root = foldersAbove(folder).find((above) => isWorkspace(above) && managerOf(above));
  const manager = root === undefined ? undefined : managerOf(root);
  return root === undefined || manager === undefined ? undefined : { folder: root, manager };
}

/** Up to the root of the repository; none where there is no repository. */
function foldersAbove(folder: string): string[] {
  const above: string[] = [];
  for (let at = folder; !existsSync(join(at, '.git')); above.push(at)) {
    if (dirname(at) === at) return [];
    at = dirname(at);
  }
  return above;
}

function isWorkspace(folder: string): boolean {
  if (existsSync(join(folder, 'pnpm-workspace.yaml'))) return true;
  const file = join(folder, 'package.json');
  return existsSync(file) && /"workspaces"\s*:/.test(readFileSync(file, 'utf8'));
}

/** A command that installs a project's packages, and whether it takes nothing but what the lock says. */
export interface Install {
  readonly text: string;
  readonly isFrozen: boolean;
}

/** What may stand before a command: the instruction, options of it, variables, a shell. */
const BEFORE = /^(RUN|CMD|ENTRYPOINT|--\w+=\S+|\w+=\S*|then|do|else|exec|sudo|\(|(\/bin\/)?(ba|da)?sh -\w+)\s+/i;
const VERBS = /^(ci|clean-install|install|i|add)$/;
const GLOBAL = /^(-g|--global|--location=global|global)$/;

/** The installs of a Dockerfile; tools of the image itself (`--global`) are none. */
export function installsOf(dockerfile: string): Install[] {
  const plain = dockerfile
    .replace(/^\s*#.*$/gm, '')
    .replace(/\\\r?\n/g, ' ')
    .replace(/["',[\]]/g, ' ');
  // In CI, which a Dockerfile may say that it is, pnpm takes the lock as it is.
  const isCi = /\bCI[ =](true|1)\b/.test(plain);
  return plain.split(/\n|&&|[|;]/).flatMap((part) => {
    let text = part.trim().replace(/\s+/g, ' ');
    while (BEFORE.test(text)) text = text.replace(BEFORE, '');
    const [name = '', ...words] = text.split(' ');
    if (!PACKAGE_MANAGERS.some((manager) => manager.name === name) || words.some((word) => GLOBAL.test(word)))
      return [];
    const verb = words.find((word) => VERBS.test(word));
    const isBare = name === 'yarn' && words.every((word) => /^--(?!version)/.test(word));
    if (verb === undefined && !isBare) return [];
    const isTold = words.includes(FROZEN) || words.includes('--immutable') || (name === 'pnpm' && isCi);
    const isFrozen = verb === 'ci' || verb === 'clean-install' || (name !== 'npm' && verb !== 'add' && isTold);
    return [{ text, isFrozen }];
  });
}
