import { printable, UserError } from '../core/errors.ts';
import { ownRepository } from './command.ts';

/** Room for every file of a service. */
const MAX_BYTES = 1024 * 1024 * 1024;

/**
 * What git prints about the repository of a folder, as bytes.
 * @throws {UserError} NOT_POSSIBLE with what git said
 */
export function gitBytes(
  folder: string,
  args: readonly string[],
  { input, env = {} }: { input?: string; env?: NodeJS.ProcessEnv } = {},
): Buffer {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { error, status, stdout, stderr } = spawnSync('git', args, {
    cwd: folder,
    env: { ...ownRepository(), ...env },
    maxBuffer: MAX_BYTES,
    ...(input === undefined ? { stdio: ['ignore', 'pipe', 'pipe'] } : { input }),
  });
  if (!error && status === 0) return stdout;
  const reason = error?.message ?? stderr.toString('utf8').trim().split('\n')[0];
  throw new UserError(
    'NOT_POSSIBLE',
    `git ${args[0]} failed: ${printable(String(reason))}`,
    'Look at the repository, then run the command again.',
    { cause: error },
  );
}
