import type { Stack } from '../stack.ts';
import { isBelowBiome, isWorkspaceMember } from './workspace.ts';

const WRITTEN = {
  client: (name: string) => `src/clients/${name}/client.ts`,
  endpoint: (folder: string) => `src/features/${folder}/handler.ts`,
  flag: (name: string) => `src/flags/${name}.ts`,
  task: (name: string) => `src/tasks/${name}.ts`,
  worker: (name: string) => `src/workers/${name}.ts`,
};

/** Node.js with TypeScript: Fastify, zod, npm. */
export const TYPESCRIPT: Stack = {
  id: 'typescript',
  title: 'TypeScript',
  places: {
    sources: { folders: ['src'], files: ['package.json', 'package-lock.json'] },
    manifest: 'package.json',
    lockfile: 'package-lock.json',
    ignored: { inRoot: ['dist', 'coverage'], anywhere: ['node_modules'] },
    written: (kind, name) => WRITTEN[kind](name),
    workspace: {
      title: 'npm workspace',
      file: 'package.json',
      isMember: isWorkspaceMember,
    },
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
    install: 'npm ci',
    // NODE_ENV=production would leave out what `npm run dev` and `npm test` need. A file that npm cannot write is but a warning.
    installQuietly: ['npm', 'ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=warn'],
    sync: 'npm install',
    dev: 'npm run dev',
    test: 'npm test',
    docs: 'npm run docs',
    verb: (words) => `node dist/main.js ${words}`,
  },
  context: ({ name }) => ({ packageName: String(name) }),
  load: async () => (await import('./code.ts')).TYPESCRIPT_CODE,
};
