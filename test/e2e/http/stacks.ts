import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { npmCi } from '../support/installed.ts';
import { must } from '../support/run.ts';

/** A language that a service can be in, and how one that was made becomes a program. */
export interface Stack {
  readonly name: string;
  /** What `/version` calls the version of the language. */
  readonly runtime: string;
  /** How its router writes a parameter of a path. */
  readonly parameter: (name: string) => string;
  /** Why it cannot be built here. */
  readonly missing: () => string | undefined;
  /** Builds the service in `folder`; resolves with the command that its verbs follow. */
  readonly build: (folder: string) => Promise<readonly [file: string, ...args: string[]]>;
}

/** A further language is a further row. */
export const STACKS: readonly Stack[] = [
  {
    name: 'typescript',
    runtime: 'node',
    parameter: (name) => `:${name}`,
    missing: () => undefined,
    build: async (folder) => {
      await npmCi(folder);
      await must('npm', ['run', '--silent', 'build'], { cwd: folder });
      return [process.execPath, join(folder, 'dist/main.js')];
    },
  },
  {
    name: 'go',
    runtime: 'go',
    parameter: (name) => `{${name}}`,
    missing: () => (spawnSync('go', ['version']).status === 0 ? undefined : 'Go is not installed'),
    build: async (folder) => {
      const program = join(folder, 'bin/service');
      // Some machines tell Go to leave out what it knows of the commit.
      await must('make', ['build'], { cwd: folder, env: { GOFLAGS: undefined } });
      return [program];
    },
  },
  {
    name: 'python',
    runtime: 'python',
    parameter: (name) => `{${name}}`,
    missing: () => {
      const isNew = ['-c', 'import sys; sys.exit(sys.version_info < (3, 13))'];
      return spawnSync('python3', isNew).status === 0 ? undefined : 'Python 3.13 is not installed';
    },
    build: async (folder) => {
      await must('make', ['install'], { cwd: folder });
      // As `make start` does, so that nothing is written beside the sources.
      return [join(folder, '.venv/bin/python'), '-B', '-m', 'service'];
    },
  },
];

/** The row of a language. */
export function stackNamed(name: string): Stack {
  const found = STACKS.find((stack) => stack.name === name);
  if (found === undefined) throw new Error(`no stack is called ${name}`);
  return found;
}
