import type { Stack } from '../stack.ts';

const WRITTEN = {
  client: (name: string) => `src/service/clients/${name.replaceAll('-', '_')}/client.py`,
  endpoint: (folder: string) => `src/service/features/${folder.replaceAll('-', '_')}.py`,
  flag: (name: string) => `src/service/flags/${name.replaceAll('-', '_')}.py`,
  task: (name: string) => `src/service/tasks/${name.replaceAll('-', '_')}.py`,
  worker: (name: string) => `src/service/workers/${name.replaceAll('-', '_')}.py`,
};

/** Python: FastAPI with pydantic, and uv or pip. */
export const PYTHON: Stack = {
  id: 'python',
  title: 'Python',
  places: {
    sources: { folders: ['src', 'tests'], files: ['pyproject.toml', 'requirements.txt', 'requirements-dev.txt'] },
    manifest: 'pyproject.toml',
    lockfile: 'requirements.txt',
    ignored: { inRoot: ['.venv', '.cache', '.local'], anywhere: ['__pycache__'] },
    written: (kind, name) => WRITTEN[kind](name),
  },
  commands: {
    install: 'uv pip sync --require-hashes requirements-dev.txt',
    installQuietly: ['uv', 'pip', 'sync', '--quiet', '--require-hashes', 'requirements-dev.txt'],
    sync: 'uv pip compile pyproject.toml --universal --generate-hashes -o requirements.txt',
    dev: 'python -m service.dev',
    test: 'pytest',
    docs: 'python -m service config --example > .env.example',
    verb: (words) => `python -m service ${words}`,
  },
  context: () => ({ lockfile: 'requirements.txt', runOnce: 'npx', telemetry: false }),
  load: async () => (await import('./code.ts')).PYTHON_CODE,
};
