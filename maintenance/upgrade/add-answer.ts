import { printable, UserError } from '../../engine/core/errors.ts';
import type { MergedFile } from '../../engine/core/merge/merged-file.ts';
import type { Plan } from '../../engine/core/plan.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import { shortList } from '../../engine/core/text/short-list.ts';
import type { AddAnswer } from '../../generators/outcome.ts';
import { upgradeService } from './run.ts';

/** What an upgrade does with the answer, to the versions that the service has. What an upgrade would leave to a person is refused. */
export const addAnswer: AddAnswer = async ({ name, value }, generator, options) => {
  const { cwd, dir, planOnly, confirm, beforeCommit, trusted = [] } = options;
  const upgrade = `npx create-twelve-service upgrade --set ${name}=${value}`;
  const review = async (plan: Plan, files: readonly MergedFile[], isOurs: (path: RepoPath) => boolean) => {
    refuseConflicts(files, isOurs, generator, upgrade);
    if (!planOnly && plan.changes.length > 0) await confirm?.(plan);
  };
  const outcome = await upgradeService(
    { set: [`${name}=${value}`] },
    {
      cwd,
      planOnly,
      trusted,
      refresh: true,
      repeat: (answers) => ['npx create-twelve-service upgrade', ...answers.map((one) => `--set ${one}`)].join(' '),
      message: () => '',
      adding: { review },
      ...(dir === undefined ? {} : { dir }),
      ...(beforeCommit ? { beforeCommit } : {}),
    },
  );
  const { target, plan, applied, attention, files, recovered } = outcome;
  const notes = [...plan.notes, ...files.flatMap(noteOf)];
  return { generator, target, plan: { ...plan, notes }, applied, attention, recovered };
};

/** @throws {UserError} NAME_TAKEN for what is there where a new file belongs; NOT_POSSIBLE for edits in the same place */
function refuseConflicts(
  files: readonly MergedFile[],
  isOurs: (path: RepoPath) => boolean,
  generator: string,
  upgrade: string,
): void {
  const taken = files.filter(({ path, outcome }) => !isOurs(path) && ['conflict', 'merged', 'kept'].includes(outcome));
  if (taken.length > 0)
    throw new UserError(
      'NAME_TAKEN',
      `${named(taken)} is there already, and ${generator} did not write it`,
      `Move what is there, and run it again: ${generator} replaces nothing.`,
    );
  const conflicts = files.filter(({ outcome }) => outcome === 'conflict');
  if (conflicts.length > 0)
    throw new UserError(
      'NOT_POSSIBLE',
      `${named(conflicts)} was edited where ${generator} adds lines`,
      `Commit your work, and run ${upgrade}: it marks both sides, for you to choose.`,
    );
}

/** The files, or what stands on the way to them. */
function named(files: readonly MergedFile[]): string {
  const names = files.map(({ path, note }) => /^(\S+) is in the way$/.exec(note ?? '')?.[1] ?? path);
  return printable(shortList([...new Set(names)]));
}

/** What of the answer did not come, because the team has taken its place away. */
function noteOf({ path, outcome, note }: MergedFile): string[] {
  if (note === undefined || !note.endsWith('the template changed it')) return [];
  return [outcome === 'deleted by you' ? `${path} is not there: nothing was added to it` : `${path}: ${note}`];
}
