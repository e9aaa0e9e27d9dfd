/** How a command of the user's own tools ended. */
export type CommandResult =
  | { readonly ok: true; readonly stdout: string }
  | {
      readonly ok: false;
      readonly reason: string;
      /** Its exit code; none for a tool that is not there, or that was stopped. */
      readonly code?: number;
    };

/**
 * Runs a tool without a shell. Node's module for that is loaded with the first tool: most of a run needs none.
 * @param show whether the tool's output goes to the user's stderr (never to stdout, which may carry JSON)
 */
export function runCommand(
  command: string,
  args: readonly string[],
  cwd: string,
  show = false,
  { input, env = {} }: { input?: Uint8Array; env?: NodeJS.ProcessEnv } = {},
): CommandResult {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  // npm is a batch file on Windows, and Node starts those through a shell only; the arguments are constants.
  const result = spawnSync(command, args, {
    cwd,
    env: { ...ownRepository(), ...env },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    ...(input ? { input } : {}),
    stdio: [input ? 'pipe' : 'ignore', show ? 2 : 'pipe', show ? 2 : 'pipe'],
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (result.error) {
    const { code } = result.error as NodeJS.ErrnoException;
    return { ok: false, reason: code === 'ENOENT' ? `${command} is not installed` : result.error.message };
  }
  if (result.signal) return { ok: false, reason: `${command} was stopped by ${result.signal}` };
  if (result.status === 0) return { ok: true, stdout: result.stdout ?? '' };
  const firstLine = (result.stderr ?? '').trim().split('\n')[0];
  const reason = firstLine || `${command} ${args[0] ?? ''} ended with exit code ${result.status}`;
  return { ok: false, reason, ...(result.status === null ? {} : { code: result.status }) };
}

/** What `git rev-parse --local-env-vars` lists: in a hook it points every git command at the hook's repository. */
const REPOSITORY_VARIABLE =
  /^GIT_(DIR|WORK_TREE|INDEX_FILE|INDEX_VERSION|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX|GRAFT_FILE|SHALLOW_FILE|NO_REPLACE_OBJECTS|REPLACE_REF_BASE|IMPLICIT_WORK_TREE|INTERNAL_SUPER_PREFIX)$/;

/** An environment in which git finds the repository of the folder that it runs in. */
export function ownRepository(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !REPOSITORY_VARIABLE.test(name)));
}
