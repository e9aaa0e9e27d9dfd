import { dirname, join, relative, sep } from 'node:path';
import { printable, UserError } from '../engine/core/errors.ts';
import { isOdd, type TeamTree } from '../engine/core/merge/merged-file.ts';
import type { RepoPath } from '../engine/core/repo-path.ts';
import { redactSecrets } from '../engine/core/text/redact.ts';
import { fs, kindOf } from '../engine/io/disk.ts';
import { runTool } from '../engine/io/run-tool.ts';
import { findSurroundings } from '../engine/io/surroundings.ts';
import { withTemporaryFolder } from '../engine/io/temporary.ts';
import type { LockRefresh, LockState, ReadText, WorkspaceRoot } from '../stacks/lock.ts';
import type { Stack } from '../stacks/stack.ts';

/**
 * What is done about a lockfile that does not fit: `refresh` writes it anew, `foretell` says that it would be, `leave` leaves it to
 * a person.
 */
export type Derive = 'refresh' | 'foretell' | 'leave';

/** What became of a lockfile. `text` is for a person. */
export type Followed =
  | { readonly kind: 'none' | 'unlocked' | 'unreadable' | 'fits' }
  | { readonly kind: 'refreshed'; readonly path: RepoPath; readonly content: Uint8Array; readonly text: string }
  | { readonly kind: 'foretold' | 'left'; readonly path: RepoPath; readonly text: string };

/**
 * Makes a lockfile follow its manifest. It never throws for what the user's tool or the network does.
 * @param read the service as it will be
 * @param before the service as its team has it
 * @param folder where it is: it may be a package of a workspace
 * @param stop ends the tool early; its reason is the name of a signal
 */
export async function followLockfile(
  { places, load }: Stack,
  read: ReadText,
  before: ReadText,
  derive: Derive,
  folder: string,
  stop?: AbortSignal,
): Promise<Followed> {
  const { lock } = await load();
  const workspace = workspaceAround(folder, places);
  const state = await lock.check(read, workspace);
  if (state.kind !== 'misfit') return { kind: state.kind };
  const { path } = state;
  const problem = misfitText(state, places.manifest);
  if (derive === 'leave') return { kind: 'left', path, text: problem };
  if (state.isShared)
    return { kind: 'left', path, text: `${problem} (it is that of the ${places.workspace?.title} around it)` };
  const recipe = await lock.refresh(read, before);
  if (typeof recipe === 'string') return { kind: 'left', path, text: `${problem} (${redactSecrets(recipe)})` };
  const [tool] = recipe.command;
  if (derive === 'foretell') return { kind: 'foretold', path, text: `${problem}; ${tool} will bring it in line` };
  const refreshed = await refreshLockfile(recipe, path, stop);
  if ('reason' in refreshed) return { kind: 'left', path, text: `${problem}; ${tool}: ${refreshed.reason}` };
  const text = `${tool} brought it in line with ${places.manifest}`;
  return { kind: 'refreshed', path, content: refreshed.content, text };
}

function workspaceAround(folder: string, { workspace: sign }: Stack['places']): WorkspaceRoot | undefined {
  const { workspace } = findSurroundings(folder, sign);
  if (workspace === undefined) return undefined;
  const read = (path: string) => {
    const file = join(workspace, path);
    return kindOf(file) === 'file' ? fs.readFileSync(file, 'utf8') : undefined;
  };
  return { read, location: relative(workspace, folder).split(sep).join('/') };
}

/** The new lockfile, or why there is none. */
type Refreshed = { readonly content: Uint8Array } | { readonly reason: string };

const TIMEOUT_MS = 120_000;

/**
 * Lets the user's own tool write a lockfile anew: in a temporary folder, from texts alone, without running code of any package.
 * What the tool and the network do is in the result.
 * @param path of the lockfile
 */
async function refreshLockfile(
  { files, command, reason }: LockRefresh,
  path: RepoPath,
  stop?: AbortSignal,
): Promise<Refreshed> {
  const [program, ...args] = command;
  return withTemporaryFolder(async (folder) => {
    for (const [name, text] of Object.entries(files)) {
      fs.mkdirSync(dirname(join(folder, name)), { recursive: true });
      fs.writeFileSync(join(folder, name), text);
    }
    try {
      const deadline = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(stop ? [stop] : [])]);
      const doing = `${program} brings ${path} in line`;
      const tool = { cwd: folder, env: process.env, deadline, source: path, doing };
      const { status, stderr } = await runTool(program, args, tool);
      if (status === 0) {
        const content = fs.readFileSync(join(folder, path));
        return content.toString('utf8') === files[path] ? { reason: 'it was left as it was' } : { content };
      }
      const said = printable(redactSecrets(reason(stderr))).slice(0, 300);
      return { reason: said || `${program} ended with ${status}` };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (stop?.aborted) return { reason: `it was stopped by ${stop.reason}` };
      const isLate = error.code === 'SOURCE_UNREACHABLE';
      return { reason: isLate ? `no end within ${TIMEOUT_MS / 1000} s` : `${program} is not installed` };
    }
  });
}

/** `LOCKFILE does not fit MANIFEST: left-pad@1.3.0 is missing` */
function misfitText({ path, reasons }: LockState & { kind: 'misfit' }, manifest: string): string {
  const shown = reasons.slice(0, 3).map((reason) => printable(redactSecrets(reason)));
  const more = reasons.length > 3 ? [`and ${reasons.length - 3} more`] : [];
  return `${path} does not fit ${manifest}: ${[...shown, ...more].join(', ')}`;
}

/** The texts of a tree of files. */
export function readerOf(tree: TeamTree): ReadText {
  const read = (path: string) => {
    const file = tree.get(path as RepoPath);
    return file === undefined || isOdd(file) ? undefined : Buffer.from(file.content).toString('utf8');
  };
  return Object.assign(read, { paths: () => tree.keys() });
}
