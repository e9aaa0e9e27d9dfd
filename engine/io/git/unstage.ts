import { join } from 'node:path';
import { printable } from '../../core/errors.ts';
import type { RepoPath } from '../../core/repo-path.ts';
import { quote } from '../../core/text/shell-word.ts';
import { runCommand } from '../command.ts';
import { kindOf } from '../disk.ts';
import { NO_HOOKS } from './git.ts';

/** What git did not do, and the command that does it. */
interface Left {
  readonly reason: string;
  readonly command: string;
}

/**
 * Gives paths the entries of the last commit in git's index, if a run that is about to be undone was staged there. Does
 * nothing without git, or outside of a repository.
 * @param paths that the run changed, and that are still as it left them
 * @param commit the one that work tree and index were equal to before the run. The paths then get its entries, whatever
 *   was staged since; if it is no longer the last commit, nothing changes. Without it, a person may have staged something
 *   before the run: only a path that is staged as it now is in the work tree gets its entry back.
 * @returns what is left to do if git failed
 */
export function unstage(root: string, paths: readonly RepoPath[], commit: string | undefined): Left | undefined {
  const prefix = runCommand('git', ['rev-parse', '--show-prefix'], root);
  if (!prefix.ok) return isStopped(prefix) ? leftOf(prefix.reason, paths) : undefined;
  if (commit !== undefined) {
    const head = runCommand('git', HEAD, root);
    if (!head.ok && isStopped(head)) return leftOf(head.reason, paths);
    if (!head.ok || head.stdout.trim() !== commit) return undefined;
  }
  const listed = runCommand('git', [...NO_HOOKS, ...STATUS, '--', '.'], root, {
    env: { GIT_OPTIONAL_LOCKS: '0' },
  });
  if (!listed.ok) return leftOf(listed.reason, paths);
  const inside = prefix.stdout.replace(/\n$/, '');
  const states = new Map(listed.stdout.split('\0').map((line) => [line.slice(3), line.slice(0, 2)]));
  const staged = paths.filter((path) => {
    const state = states.get(`${inside}${path}`) ?? '  ';
    if (state.startsWith(' ') || UNMERGED.test(state)) return false;
    if (commit !== undefined) return true;
    return state === 'D ' ? kindOf(join(root, path)) === 'missing' : state.endsWith(' ');
  });
  if (staged.length === 0) return undefined;
  const reset = runCommand('git', [...NO_HOOKS, ...RESET], root, {
    input: Buffer.from(staged.map((path) => `${path}\0`).join('')),
    env: { GIT_LITERAL_PATHSPECS: '1' },
  });
  return reset.ok ? undefined : leftOf(reset.reason, staged);
}

/** The name of the last commit, if there is one. */
export function lastCommit(root: string): string | undefined {
  const head = runCommand('git', HEAD, root);
  return head.ok ? head.stdout.trim() : undefined;
}

/** Whether git was stopped on its way. Otherwise it is not there, or said that there is nothing. */
function isStopped({ code, reason }: { readonly code?: number; readonly reason: string }): boolean {
  return code === undefined && reason !== 'git is not installed';
}

const HEAD = ['rev-parse', '--verify', '--quiet', 'HEAD'];

const STATUS = ['status', '--porcelain', '-z', '--untracked-files=no', '--no-renames', '--ignore-submodules=all'];
const RESET = ['reset', '--quiet', '--pathspec-from-file=-', '--pathspec-file-nul'];

/** States of a path that a person is about to merge. */
const UNMERGED = /U|AA|DD/;

function leftOf(reason: string, paths: readonly RepoPath[]): Left {
  return {
    reason: `git's index still has files of that run: ${printable(reason)}`,
    command: `git reset -q -- ${[...paths].sort().map(quote).join(' ')}`,
  };
}
