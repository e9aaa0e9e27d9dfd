import type { Stack } from '../stack.ts';
import { isOutsideWorkspace } from './workspace.ts';

const WRITTEN = {
  client: (name: string) => `internal/clients/${name.replaceAll('-', '')}/client.go`,
  endpoint: (folder: string) => `internal/features/${folder}.go`,
  flag: (name: string) => `internal/flags/${name}.go`,
  task: (name: string) => `internal/tasks/${name}.go`,
  worker: (name: string) => `internal/workers/${name}.go`,
};

/** Go: net/http with huma, and the tools that come with Go. */
export const GO: Stack = {
  id: 'go',
  title: 'Go',
  places: {
    sources: { folders: ['internal'], files: ['go.mod', 'go.sum', 'tasks.go', 'workers.go'] },
    manifest: 'go.mod',
    lockfile: 'go.sum',
    ignored: { inRoot: ['bin', '.cache', '.local'], anywhere: [] },
    written: (kind, name) => WRITTEN[kind](name),
    quarrels: [
      {
        file: 'go.mod',
        above: ['go.work'],
        isMember: isOutsideWorkspace,
        help: 'Go takes it for every folder below it: run go work use for the folder of the service',
      },
    ],
  },
  commands: {
    install: 'go mod download',
    installQuietly: ['go', 'mod', 'download'],
    sync: 'go mod tidy',
    dev: 'make dev',
    test: 'go test ./...',
    docs: 'make docs',
    verb: (words) => `bin/service ${words}`,
  },
  context: () => ({ lockfile: 'go.sum', runOnce: 'npx', telemetry: false }),
  load: async () => (await import('./code.ts')).GO_CODE,
};
