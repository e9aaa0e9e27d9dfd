import { read, readAll } from './files.ts';
import type { DockerCommands, Install, LockCheck, LockedProject, PackageManager } from './runtime.ts';

const FROZEN = '--frozen-lockfile';
/** Lines of an .npmrc; what is left changes what a manifest means (`legacy-peer-deps`). */
const CREDENTIALS = /^.*(_auth|_password|:username|:certfile|:keyfile).*$/gim;
/** Versions that are folders beside the manifest. */
const LOCAL = /^(file|link|portal|workspace):/;
/** In what a package manager is told: other folders, and patches. */
const OTHERS = /^packages:|"workspaces"|patchedDependencies/m;

const npm = {
  name: 'npm',
  install: ['npm', 'ci'],
  check: {
    command: ['npm', 'ci', '--dry-run', '--ignore-scripts', '--offline'],
    refused: /in sync|EUSAGE/,
    project,
  } satisfies LockCheck,
} as const;

export const NODE_PACKAGE_MANAGERS: readonly PackageManager[] = [
  { ...npm, lock: 'package-lock.json' },
  { ...npm, lock: 'npm-shrinkwrap.json' },
  {
    name: 'pnpm',
    lock: 'pnpm-lock.yaml',
    install: ['pnpm', 'install', FROZEN],
    check: {
      command: ['pnpm', 'install', FROZEN, '--lockfile-only', '--ignore-scripts', '--offline'],
      refused: /OUTDATED_LOCKFILE/,
      project,
    },
  },
  { name: 'yarn', lock: 'yarn.lock', install: ['yarn', 'install', '--immutable'] },
  { name: 'bun', lock: 'bun.lock', install: ['bun', 'install', FROZEN] },
];

/** The manifest and its lock, if nothing else of the repository belongs to them. */
function project(folder: string, lock: string): LockedProject | string {
  const settings = readAll(folder, ['package.json', 'pnpm-workspace.yaml', '.npmrc']);
  const manifest = JSON.parse(settings['package.json'] ?? '{}');
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  const versions = Object.values({ ...dependencies, ...devDependencies, ...optionalDependencies }).map(String);
  const told = `${settings['package.json']}\n${settings['pnpm-workspace.yaml']}`;
  if (OTHERS.test(told) || versions.some((version) => LOCAL.test(version)))
    return 'other files of the repository belong to it';
  const npmrc = settings['.npmrc'];
  const edited = { ...manifest, dependencies: { ...dependencies, 'twelve-probe': 'file:./twelve-probe' } };
  return {
    files: {
      ...settings,
      ...(npmrc === undefined ? {} : { '.npmrc': npmrc.replace(CREDENTIALS, '') }),
      [lock]: read(folder, lock) ?? '',
      'twelve-probe/package.json': '{"name":"twelve-probe","version":"1.0.0"}',
    },
    edited: { 'package.json': JSON.stringify(edited) },
  };
}

const VERBS = /^(ci|clean-install|install|i|add)$/;
const GLOBAL = /^(-g|--global|--location=global|global)$/;

export function installs({ commands, isCi }: DockerCommands): Install[] {
  return commands.flatMap((command) => {
    const [name = '', ...words] = command;
    if (!NODE_PACKAGE_MANAGERS.some((manager) => manager.name === name) || words.some((word) => GLOBAL.test(word)))
      return [];
    const verb = words.find((word) => VERBS.test(word));
    const isBare = name === 'yarn' && words.every((word) => /^--(?!version)/.test(word));
    if (verb === undefined && !isBare) return [];
    // In CI pnpm takes the lock as it is.
    const isTold = words.includes(FROZEN) || words.includes('--immutable') || (name === 'pnpm' && isCi);
    const isFrozen = verb === 'ci' || verb === 'clean-install' || (name !== 'npm' && verb !== 'add' && isTold);
    return [{ text: command.join(' '), isFrozen }];
  });
}
