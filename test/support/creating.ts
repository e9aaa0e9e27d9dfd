import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Contents, temporaryFolder } from './folder.ts';
import { execute, plainEnvironment, programWith, type RunResult, run } from './program.ts';

/** New services in a home of their own: with a real git, and an npm that writes down how it was started. */

const NPM = {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell reads it
  run: '#!/bin/sh\nprintf "%s\\n" "npm $* in $PWD" >> "$HOME/npm-ran"\nprintf "%b" "$NPM_SAYS" >&2\nexit ${NPM_EXIT:-0}\n',
};

/** The program with a template of three files, one of which its own `.gitignore` names. */
export const smallService = (): ReturnType<typeof programWith> =>
  programWith({ files: { 'base/README.md': '# Made\n', 'base/.gitignore': 'ignored\n', 'base/ignored': 'x' } });

export const IDENTITY = '[user]\n\tname = Jo\n\temail = jo@example.com\n';

/** A home with these files, where only `bin/` of it and plain folders are on the PATH. */
export function homeWith(
  files: Contents,
  extra: NodeJS.ProcessEnv = {},
): { readonly cwd: string; readonly env: NodeJS.ProcessEnv } {
  const cwd = temporaryFolder({ 'bin/npm': NPM, ...files });
  const env = plainEnvironment({ HOME: cwd, GIT_CONFIG_NOSYSTEM: '1', ...extra });
  env.PATH = extra.PATH ?? `${join(cwd, 'bin')}:${env.PATH}`;
  return { cwd, env };
}

interface Created extends RunResult {
  readonly cwd: string;
  /** What npm was asked, one run a line. */
  readonly npmRan: string;
}

/** Makes a service in such a home, and reports as JSON. */
export async function createIn(
  program: string,
  args: readonly string[],
  files: Contents,
  extra: NodeJS.ProcessEnv = {},
): Promise<Created> {
  const { cwd, env } = homeWith(files, extra);
  const result = await run([...args, '--yes', '--format', 'json'], { cwd, env, program });
  return { ...result, cwd, npmRan: npmRan(cwd) };
}

function npmRan(home: string): string {
  try {
    return readFileSync(join(home, 'npm-ran'), 'utf8');
  } catch {
    return '';
  }
}

/** What git prints, or its exit code. */
export async function gitSays(cwd: string, ...args: string[]): Promise<string> {
  const result = await execute('git', args, { cwd });
  return result.code === 0 ? result.stdout.trim() : `exit ${result.code}`;
}
