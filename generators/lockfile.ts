import { join } from 'node:path';
import { printable, UserError } from '../engine/core/errors.ts';
import { isOdd, type TeamTree } from '../engine/core/merge/merged-file.ts';
import { redactSecrets } from '../engine/core/redact.ts';
import type { RepoPath } from '../engine/core/repo-path.ts';
import { fs } from '../engine/io/disk.ts';
import { runTool } from '../engine/io/run-tool.ts';
import { withTemporaryFolder } from '../engine/io/temporary.ts';
import type { LockRefresh, LockState, ReadText } from '../stacks/lock.ts';

/** The new lockfile, or why there is none. */
type Refreshed = { readonly content: Uint8Array } | { readonly reason: string };

const TIMEOUT_MS = 120_000;

/**
 * Lets the user's own tool write a lockfile anew: in a temporary folder, from texts alone, without running code of any package.
 * What the tool and the network do is in the result.
 * @param path of the lockfile
 */
export async function refreshLockfile(
  { files, command, reason }: LockRefresh,
  path: RepoPath,
  { env = process.env, timeout = TIMEOUT_MS }: { env?: NodeJS.ProcessEnv; timeout?: number } = {},
): Promise<Refreshed> {
  const [program, ...args] = command;
  return withTemporaryFolder(async (folder) => {
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(join(folder, name), text);
    try {
      const tool = { cwd: folder, env, deadline: AbortSignal.timeout(timeout), source: path };
      const { status, stderr } = await runTool(program, args, tool);
      if (status === 0) return { content: fs.readFileSync(join(folder, path)) };
      const said = printable(redactSecrets(reason(stderr))).slice(0, 300);
      return { reason: said || `${program} ended with ${status}` };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const isLate = error.code === 'SOURCE_UNREACHABLE';
      return { reason: isLate ? `no end within ${timeout / 1000} s` : `${program} is not installed` };
    }
  });
}

/** `LOCKFILE does not fit MANIFEST: left-pad@1.3.0 is missing` */
export function misfitText({ path, reasons }: LockState & { kind: 'misfit' }, manifest: string): string {
  const shown = reasons.slice(0, 3).map((reason) => printable(reason));
  const more = reasons.length > 3 ? [`and ${reasons.length - 3} more`] : [];
  return `${path} does not fit ${manifest}: ${[...shown, ...more].join(', ')}`;
}

/** The texts of a tree of files. */
export function readerOf(tree: TeamTree): ReadText {
  return (path) => {
    const file = tree.get(path as RepoPath);
    return file === undefined || isOdd(file) ? undefined : Buffer.from(file.content).toString('utf8');
  };
}
