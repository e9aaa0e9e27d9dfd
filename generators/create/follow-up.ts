import { join } from 'node:path';
import { runCommand } from '../../engine/io/command.ts';
import { findSurroundings } from '../../engine/io/surroundings.ts';
import { findStack } from '../../stacks/index.ts';
import type { Outcome } from '../outcome.ts';
import { fitLockfile, readIfThere } from './fit-lockfile.ts';

type Step = 'done' | 'skipped' | 'failed';

/** What was done after the files were written. None of it can undo them, so a failure is reported with exit 4. */
export interface FollowUp {
  readonly git: Step;
  readonly install: Step;
  readonly notes: readonly string[];
  /** What a person has to do. If there is anything, the exit code is 4. */
  readonly attention: readonly string[];
  /** The command that installs what the service needs. */
  readonly installWith: string;
}

/** Makes the first commit and installs dependencies, as far as that was wanted and makes sense where the service is. */
export async function followUp(outcome: Outcome, want: { git: boolean; install: boolean }): Promise<FollowUp> {
  const { target, answers } = outcome;
  const stack = findStack(answers);
  const { places, commands } = stack;
  const { repository, workspace } = findSurroundings(target, places.workspace);
  const notes: string[] = [];
  // It comes before the first commit, which then has it.
  const lockfile = workspace === undefined ? await fitLockfile(target, stack, want.install) : undefined;
  const attention = lockfile?.kind === 'left' ? [lockfile.text] : [];
  const isLocked = lockfile !== undefined && lockfile.kind !== 'left' && lockfile.kind !== 'unlocked';
  const installWith = isLocked ? commands.install : commands.sync;
  let git: Step = 'skipped';
  if (repository !== undefined) notes.push(`it is inside the git repository ${repository}, so none was made`);
  else if (want.git) git = initRepository(target, notes);

  let install: Step = 'skipped';
  if (workspace !== undefined)
    notes.push(`it is inside the ${places.workspace.title} ${workspace}: run ${commands.sync} there`);
  else if (want.install && attention.length > 0) install = 'failed';
  else if (want.install) {
    const [program, ...args] = commands.installQuietly;
    const result = runCommand(program, args, target, true);
    install = result.ok ? 'done' : 'failed';
    if (result.ok) notes.push(...(await stack.load()).heldBack((path) => readIfThere(join(target, path))));
    else notes.push(`dependencies are not installed: ${result.reason}; run ${installWith}`);
  }
  return { git, install, notes, attention, installWith };
}

function initRepository(target: string, notes: string[]): Step {
  // The user's templates and hooks are theirs; a generated first commit should not depend on either.
  const git = (...args: string[]) =>
    runCommand(
      'git',
      ['-c', `core.hooksPath=${join(target, '.git', 'no-hooks')}`, '-c', 'commit.gpgSign=false', ...args],
      target,
    );
  const init = git('init', '--quiet', '--initial-branch=main', '--template=');
  if (!init.ok) {
    notes.push(`no git repository was made: ${init.reason}`);
    return 'failed';
  }
  const identity = git('var', 'GIT_COMMITTER_IDENT');
  if (!identity.ok) {
    notes.push('nothing is committed: git does not know your name yet (git config user.name and user.email)');
    return 'done';
  }
  const added = git('add', '--all');
  const commit = added.ok
    ? git('commit', '--quiet', '--message', 'Create the service with create-twelve-service')
    : added;
  if (commit.ok) return 'done';
  notes.push(`the first commit failed: ${commit.reason}`);
  return 'failed';
}
