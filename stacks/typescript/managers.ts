import type { Stack } from '../stack.ts';
import { isWorkspaceMember } from './workspace.ts';

/** What differs between the programs that install packages. */
interface Manager {
  readonly lockfile: string;
  readonly workspace?: Stack['places']['workspace'];
  readonly commands: Pick<Stack['commands'], 'install' | 'installQuietly' | 'fromCache' | 'sync'>;
  /** Runs a program that is not installed. */
  readonly runOnce: string;
  /** What stands before the arguments of a script. */
  readonly separator: string;
}

const NPM: Manager = {
  lockfile: 'package-lock.json',
  workspace: { title: 'npm workspace', file: 'package.json', isMember: isWorkspaceMember },
  commands: {
    install: 'npm ci',
    // NODE_ENV=production would leave out what `npm run dev` and `npm test` need. A file that npm cannot write is but a warning.
    installQuietly: ['npm', 'ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=warn'],
    // The lockfile has no addresses: npm asks the registry for that of each package, and whether what it knows is of today.
    fromCache: ['--prefer-offline'],
    sync: 'npm install',
  },
  runOnce: 'npx',
  separator: ' --',
};

/** A service has settings of its own for pnpm, so it is no package of a workspace around it. */
const PNPM: Manager = {
  lockfile: 'pnpm-lock.yaml',
  commands: {
    install: 'pnpm install --frozen-lockfile',
    installQuietly: [
      'pnpm',
      'install',
      '--frozen-lockfile',
      '--prod=false',
      '--ignore-scripts',
      '--reporter=append-only',
    ],
    sync: 'pnpm install',
  },
  runOnce: 'pnpm dlx',
  separator: '',
};

export const MANAGERS = { npm: NPM, pnpm: PNPM } as const;

export type ManagerName = keyof typeof MANAGERS;

export function isManager(name: unknown): name is ManagerName {
  return typeof name === 'string' && Object.hasOwn(MANAGERS, name);
}
