import type { Stack } from '../stack.ts';
import { isManager, MANAGERS, type ManagerName } from './managers.ts';
import { isBelowBiome } from './workspace.ts';

const WRITTEN = {
  client: (name: string) => `src/clients/${name}/client.ts`,
  endpoint: (folder: string) => `src/features/${folder}/handler.ts`,
  flag: (name: string) => `src/flags/${name}.ts`,
  task: (name: string) => `src/tasks/${name}.ts`,
  worker: (name: string) => `src/workers/${name}.ts`,
};

function managedBy(packageManager: ManagerName): Stack {
  const { lockfile, workspace, commands, runOnce, separator } = MANAGERS[packageManager];
  const docs = `${packageManager} run docs`;
  return {
    id: 'typescript',
    title: 'TypeScript',
    packageManagers: Object.keys(MANAGERS),
    managedBy: (name) => (isManager(name) ? STACKS[name] : undefined),
    places: {
      sources: { folders: ['src'], files: ['package.json', lockfile] },
      manifest: 'package.json',
      lockfile,
      ignored: { inRoot: ['dist', 'coverage'], anywhere: ['node_modules'] },
      written: (kind, name) => WRITTEN[kind](name),
      ...(workspace ? { workspace } : {}),
      quarrels: [
        {
          file: 'biome.json',
          above: ['biome.json', 'biome.jsonc', '.biome.json', '.biome.jsonc'],
          isMember: isBelowBiome,
          help: 'Biome takes one root: write "root": false into the biome.json of the service',
        },
      ],
    },
    commands: {
      ...commands,
      dev: `${packageManager} run dev`,
      test: `${packageManager} test`,
      docs,
      verb: (words) => `node dist/main.js ${words}`,
    },
    context: ({ name }) => ({
      packageName: String(name),
      packageManager,
      pnpm: packageManager === 'pnpm',
      lockfile,
      install: commands.install,
      sync: commands.sync,
      runOnce,
      separator,
      telemetry: true,
    }),
    load: async () => (await import('./code.ts')).TYPESCRIPT_CODE[packageManager],
  };
}

const STACKS: Readonly<Record<ManagerName, Stack>> = { npm: managedBy('npm'), pnpm: managedBy('pnpm') };

/** Node.js with TypeScript: Fastify, zod, and npm unless a service says otherwise. */
export const TYPESCRIPT: Stack = STACKS.npm;
