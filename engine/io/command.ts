/** The result of one of the user's own tools. */
type CommandResult =
  | { readonly ok: true; readonly stdout: string }
  | {
      readonly ok: false;
      readonly reason: string;
      /** Its exit code. Not set if the tool is not installed, or was stopped by a signal. */
      readonly code?: number;
      /** What it printed before it failed, if it ran. */
      readonly stdout?: string;
    };

/**
 * Runs a tool without a shell. `node:child_process` is loaded with the first tool, because many runs need none.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  cwd: string,
  { input, env = {}, timeoutMs }: { input?: Uint8Array; env?: NodeJS.ProcessEnv; timeoutMs?: number } = {},
): CommandResult {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  // npm is a batch file on Windows, and Node starts batch files only through a shell. The arguments are constants.
  const result = spawnSync(command, args, {
    cwd,
    env: { ...ownRepository(), ...IN_ENGLISH, ...env },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    ...(input ? { input } : {}),
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs, killSignal: 'SIGKILL' as const }),
    stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
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
  return { ok: false, reason, stdout: result.stdout ?? '', ...(result.status === null ? {} : { code: result.status }) };
}

/** Tools say it in words that are looked at. The encoding of texts stays that of the user. */
export const IN_ENGLISH = { LANGUAGE: 'C' };

/**
 * The variables of `git rev-parse --local-env-vars`. In a hook they make every git command use the hook's repository.
 */
const REPOSITORY_VARIABLE =
  /^GIT_(DIR|WORK_TREE|INDEX_FILE|INDEX_VERSION|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX|GRAFT_FILE|SHALLOW_FILE|NO_REPLACE_OBJECTS|REPLACE_REF_BASE|IMPLICIT_WORK_TREE|INTERNAL_SUPER_PREFIX)$/;

/** The environment without these variables: git finds the repository of the folder that it runs in. */
export function ownRepository(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !REPOSITORY_VARIABLE.test(name)));
}
