import { join } from 'node:path';
import { ignoredAttention } from '../../engine/io/git/unshared.ts';
import { findSurroundings } from '../../engine/io/surroundings.ts';
import { waitingFor } from '../../engine/io/waiting.ts';
import { findStack } from '../../stacks/index.ts';
import type { Stack } from '../../stacks/stack.ts';
import type { Outcome } from '../outcome.ts';
import { makeFirstCommit } from './first-commit.ts';
import { fitLockfile } from './fit-lockfile.ts';
import { install } from './install.ts';
import type { Step } from './step.ts';

/** What was done after the files were written. None of it can undo them, so a failure is reported with exit 4. */
export interface FollowUp {
  readonly git: Step;
  readonly install: Step;
  readonly notes: readonly string[];
  /** What a person has to do. If there is anything, the exit code is 4. */
  readonly attention: readonly string[];
  /** What is left to run, if a step asks for it. */
  readonly next: readonly string[];
  /** What a tool that failed printed, for a person to read. */
  readonly said: string;
  /** The command that installs what the service needs. */
  readonly installWith: string;
}

interface Wanted {
  readonly git: boolean;
  readonly install: boolean;
  /** A signal to the program: ends what runs. Its reason is the name of the signal. */
  readonly stop: AbortSignal;
}

/** Makes the first commit and installs dependencies, as far as that was wanted and makes sense where the service is. */
export async function followUp(outcome: Outcome, want: Wanted): Promise<FollowUp> {
  const { answers } = outcome;
  const target = outcome.folder ?? outcome.target;
  const stack = findStack(answers);
  const { places, commands } = stack;
  const { repository, workspace } = findSurroundings(target, places.workspace);
  const notes: string[] = [];
  // It comes before the first commit, which then has it.
  const lockfile = workspace === undefined ? await fitLockfile(target, stack, want.install, want.stop) : undefined;
  const misfit = lockfile?.kind === 'left' ? [lockfile.text] : [];
  const isLocked = lockfile !== undefined && lockfile.kind !== 'left' && lockfile.kind !== 'unlocked';
  const installWith = isLocked ? commands.install : commands.sync;
  const attention = [...misfit, ...quarrels(outcome, places)];
  let git: Step = 'skipped';
  if (repository !== undefined) {
    notes.push(`it is inside the git repository ${repository}, so none was made`);
    attention.push(...ignoredAttention(outcome.target, writtenFiles(outcome)));
  } else if (want.git && outcome.folder !== undefined)
    notes.push(
      `the workspace is in no git repository, and a service in it gets none of its own: git init ${outcome.target}`,
    );
  else if (want.git) {
    const what = outcome.generator === 'workspace' ? 'workspace' : 'service';
    const commit = makeFirstCommit(target, what, madeFiles(outcome), want.stop);
    const made = await waitingFor('making the first commit', commit);
    git = made.step;
    notes.push(...made.notes);
    attention.push(...made.attention);
  }

  let installed: Step = 'skipped';
  let said = '';
  if (workspace !== undefined)
    notes.push(`it is inside the ${places.workspace?.title} ${workspace}: run ${commands.sync} there`);
  else if (want.install && misfit.length > 0) installed = 'failed';
  else if (want.install) {
    const result = await install(target, stack, installWith, want.stop);
    installed = result.step;
    notes.push(...result.notes);
    said = result.said;
  }
  const next = misfit.length > 0 || installed === 'failed' ? [installWith] : [];
  return { git, install: installed, notes, attention, next, said, installWith };
}

/** Files above the service that do not get on with those of the service. */
function quarrels(outcome: Outcome, { quarrels: known = [] }: Stack['places']): string[] {
  const made = madeFiles(outcome);
  return known.flatMap(({ file, above, isMember, help }) => {
    if (!made.includes(file)) return [];
    return above.flatMap((name) => {
      const { workspace } = findSurroundings(outcome.folder ?? outcome.target, { file: name, isMember });
      return workspace === undefined ? [] : [`${join(workspace, name)} is above this service. ${help}`];
    });
  });
}

/** What was written in the folder that changed: the service, and what the workspace around it got. */
function writtenFiles(outcome: Outcome): readonly string[] {
  if (outcome.folder === undefined) return madeFiles(outcome);
  return outcome.plan.changes.flatMap(({ kind, path }) => (kind === 'delete' ? [] : [path]));
}

/** What the service itself consists of: no backup of what was there. */
function madeFiles({ made, plan }: Outcome): readonly string[] {
  if (made !== undefined) return made;
  const written = plan.changes.filter(({ kind }) => kind !== 'delete').map(({ path }) => path);
  return written.filter((path) => !path.startsWith('.twelve-backup/'));
}
