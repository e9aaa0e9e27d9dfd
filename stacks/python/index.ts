import type { Stack } from '../stack.ts';
import { MAKE_ENVIRONMENT } from './environment.ts';
import { featureModule } from './feature.ts';

const WRITTEN = {
  endpoint: (folder: string) => `src/service/features/${featureModule(folder)}.py`,
  client: (name: string) => `src/service/clients/${name.replaceAll('-', '_')}.py`,
  flag: (name: string) => `src/service/flags/${name.replaceAll('-', '_')}.py`,
  task: (name: string) => `src/service/tasks/${name.replaceAll('-', '_')}.py`,
  worker: (name: string) => `src/service/workers/${name.replaceAll('-', '_')}.py`,
};

/** Python: FastAPI with pydantic, and uv or pip. */
export const PYTHON: Stack = {
  id: 'python',
  title: 'Python',
  places: {
    sources: {
      folders: ['src', 'tests'],
      files: ['pyproject.toml', 'requirements.txt', 'requirements-dev.txt', 'requirements-local.txt'],
    },
    manifest: 'pyproject.toml',
    lockfile: 'requirements.txt',
    furtherLockfiles: ['requirements-dev.txt', 'requirements-local.txt'],
    ignored: { inRoot: ['.venv', '.cache', '.local'], anywhere: ['__pycache__'] },
    written: (kind, name) => WRITTEN[kind](name),
  },
  commands: {
    install: 'make install',
    installQuietly: ['python3', '-I', '-c', MAKE_ENVIRONMENT],
    sync: 'make lock',
    dev: 'make dev',
    test: 'make test',
    docs: 'make docs',
    verb: (words) => `.venv/bin/python -m service ${words}`,
  },
  context: () => ({ lockfile: 'requirements.txt', runOnce: 'npx', telemetry: false }),
  load: async () => (await import('./code.ts')).PYTHON_CODE,
};
