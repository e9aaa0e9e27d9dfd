import type { Stack } from '../stack.ts';

/**
 * The root of several services. It is a stack without a language, and nobody chooses it with `--stack`: so what keeps a service on
 * its standard keeps a workspace on it too.
 */
export const WORKSPACE: Stack = {
  id: 'workspace',
  title: 'a workspace',
  isWorkspace: true,
  places: {
    sources: { folders: ['gateway'], files: ['.env', 'services.yaml'] },
    manifest: '',
    lockfile: '',
    ignored: { inRoot: [], anywhere: ['node_modules', '.venv', '__pycache__'], services: true },
    written: (_kind, name) => `gateway/services/${name}.conf`,
    joined: ['.env', 'services.yaml'],
  },
  commands: {
    install: '',
    installQuietly: ['true'],
    sync: '',
    dev: 'docker compose up --build --wait',
    test: 'docker compose config --quiet',
    docs: '',
    verb: (words) => words,
  },
  context: () => ({}),
  load: async () => (await import('./code.ts')).WORKSPACE_CODE,
};
