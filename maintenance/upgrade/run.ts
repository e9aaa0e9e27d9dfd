import { join, resolve } from 'node:path';
import { UserError } from '../../engine/core/errors.ts';
import type { MergedFile } from '../../engine/core/merge/merged-file.ts';
import type { Plan } from '../../engine/core/plan.ts';
import type { SetCommand } from '../../engine/core/question.ts';
import type { AdditionRecord } from '../../engine/core/record/addition-record.ts';
import { withAdditions } from '../../engine/core/record/additions.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import { MANIFEST_PATH, type Manifest, parseManifest } from '../../engine/core/service/manifest.ts';
import { recordChanges } from '../../engine/core/service/record-changes.ts';
import type { TreeFile } from '../../engine/core/tree.ts';
import { applyPlan } from '../../engine/io/apply/apply.ts';
import { recoverTarget } from '../../engine/io/apply/undo.ts';
import { kindOf, readTreeFile } from '../../engine/io/disk.ts';
import { checkOut } from '../../engine/io/git/checkout.ts';
import { mergeWithGit } from '../../engine/io/git/git-merge.ts';
import { requireCleanTree, requireWholeCheckout } from '../../engine/io/git/repository.ts';
import { readTeamTree } from '../../engine/io/git/team-tree.ts';
import { lastCommit } from '../../engine/io/git/unstage.ts';
import { ServiceFolder } from '../../engine/io/service/fingerprint.ts';
import { readAdditions } from '../../engine/io/service/read-service.ts';
import { findService } from '../../engine/io/service/service.ts';
import { withTemporaryFolder } from '../../engine/io/temporary.ts';
import { findStack } from '../../stacks/index.ts';
import { commitToBranch, newBranch } from './branch.ts';
import { deployNotes } from './deployed-additions.ts';
import { deriveFiles } from './derived.ts';
import { nameIgnored } from './ignored.ts';
import { labelOf, mergeService, versionChanges } from './merge.ts';
import type { UpgradeOutcome } from './outcome.ts';
import { recordedSide, type Side, standardSide, unanswered } from './sides.ts';
import { readRequest, type UpgradeRequest } from './wanted.ts';
import { type WantedStandard, wantedStandard } from './wanted-standard.ts';

export interface UpgradeOptions {
  readonly cwd: string;
  readonly dir?: string;
  readonly planOnly: boolean;
  /** Commit the result to a new branch with this name, or with the default name. The checkout does not change. */
  readonly branch?: string | true;
  /** `--trust`: names of presets that may bring what tools run unasked. */
  readonly trusted: readonly string[];
  /** Whether the user's own tools may bring a lockfile in line with what was merged. */
  readonly refresh: boolean;
  /** The command that repeats the run with other answers; `isThere`: in a checkout of the branch that the run made. */
  readonly repeat: (...args: [...Parameters<SetCommand>, isThere?: boolean]) => string;
  /** The message of that commit. */
  readonly message: (outcome: UpgradeOutcome) => string;
  readonly beforeCommit?: () => Promise<void>;
  /**
   * Set where a generator adds by an answer. Versions stay as they are recorded, and so does a lockfile that nothing of it is
   * about. Git's tree need not be clean, since `undo` takes it back.
   */
  readonly adding?: {
    /**
     * Called with what would change; what it throws calls the run off.
     * @param isOurs whether the service was made with a file of that path
     */
    readonly review: (plan: Plan, files: readonly MergedFile[], isOurs: (path: RepoPath) => boolean) => Promise<void>;
  };
}

/**
 * upgrade = diff(repo, merge(render(old), repo, render(new)))
 * @throws {UserError} NOT_CLEAN, NOT_POSSIBLE, UPGRADE_PENDING (3), SOURCE_* (5, 6); the service has then not changed
 * @param scratch for a branch: an empty folder, in which the last commit is checked out and upgraded like any folder
 */
export async function upgradeService(
  request: UpgradeRequest,
  options: UpgradeOptions,
  scratch?: string,
): Promise<UpgradeOutcome> {
  if (options.branch !== undefined && scratch === undefined)
    return withTemporaryFolder((empty) => upgradeService(request, options, empty));
  const root = findService(resolve(options.cwd, options.dir ?? '.'));
  // This must come first: git would report the files that a killed run left as uncommitted changes.
  const recovered = recoverTarget(root, options.planOnly);
  // Read only once: if another run changes the manifest in the meantime, that is noticed before anything is written.
  const present = readFinished(root);
  if (!options.planOnly && !options.adding) requireCleanTree(root);
  const checkout = scratch === undefined ? undefined : checkOut(root, scratch);
  const folder = checkout?.folder ?? root;
  const { before, manifest, records } = checkout ? readFinished(folder) : present;
  const branch = options.branch === undefined || options.planOnly ? undefined : newBranch(root, options.branch);
  const stack = findStack(manifest.answers);
  const { trusted } = options;
  const wanted = await readRequest(request, manifest, root);
  const old = await recordedSide(manifest, root);
  const { standard, templates, notes, recordAs } = options.adding
    ? asRecorded(old)
    : await wantedStandard(wanted, old, manifest, root);
  const about = {
    target: root,
    service: String(manifest.answers.name),
    versions: versionChanges(old.standard, standard),
    standard: labelOf(standard),
  };
  const questions = branch === undefined ? [] : unanswered(manifest, standard, wanted.answers);
  if (branch !== undefined && questions.length > 0)
    return askOnBranch({ ...about, questions, branch, recovered }, checkout?.commit ?? 'HEAD', options);
  const next = await standardSide(manifest, standard, templates, wanted.answers, options.repeat);
  const written = [...old.tree.keys(), ...next.tree.keys()];
  const ours = readTeamTree(folder, stack.places.ignored, { written });
  if (!checkout)
    requireWholeCheckout(
      root,
      [...old.tree.keys()].filter((path) => !ours.has(path)),
      options.planOnly || options.adding !== undefined,
    );
  const { prepared, names, result } = await mergeService({ manifest, ours, root, trusted }, old, next, recordAs);
  const [merged] = prepared.lines ? await mergeWithGit([prepared.lines], names) : [];
  const changesWith = (files: readonly MergedFile[]) => {
    const { changes, manifest: after } = result(files);
    return { changes: [...changes, ...recordChanges(before, after, records)], after };
  };
  const finished = await prepared.finish(merged);
  // Also where nothing else changes: an earlier run may have left a lockfile that does not fit.
  const follow = !options.refresh ? 'leave' : options.planOnly ? 'foretell' : 'refresh';
  const { manifest: packages, lockfile } = stack.places;
  const isDerived = !options.adding || finished.some(({ path, after }) => after && [packages, lockfile].includes(path));
  const derived = isDerived
    ? await deriveFiles(ours, finished, stack, follow, { folder: root })
    : { files: finished, notes: [], next: [] };
  const files = nameIgnored(root, derived.files, checkout !== undefined);
  const { changes, after } = changesWith(files);
  const conflicts = after.pending?.conflicts ?? [];
  const attention = files.flatMap((file) => file.attention ?? []);
  const plan: Plan = {
    changes,
    notes: [...notes, ...next.notes, ...prepared.notes, ...deployNotes({ manifest, ours, next }), ...derived.notes],
    next: [...(conflicts.length > 0 ? ['npx create-twelve-service upgrade --continue'] : []), ...derived.next],
  };
  const outcome = {
    ...about,
    answers: changedAnswers(manifest.answers, next.answers),
    files,
    plan,
    conflicts,
    attention,
    questions: [],
    applied: !options.planOnly,
  };
  await options.adding?.review(plan, files, (path) => old.tree.has(path));
  // What only a person can mend is told by a branch too, without a change: nobody else reads a weekly job.
  const isTold = branch !== undefined && attention.length > 0;
  if (options.planOnly || (plan.changes.length === 0 && !isTold)) return { ...outcome, recovered };
  const commit = checkout || options.adding ? undefined : lastCommit(root);
  const cleaned = await applyPlan(folder, plan, options.beforeCommit, { record: 'replaced', commit });
  if (checkout && branch !== undefined) {
    const commit = { parent: checkout.commit, tree: checkout.store(plan.changes) };
    commitToBranch(root, branch, commit, `${options.message({ ...outcome, recovered })}\n`);
    return { ...outcome, branch, recovered };
  }
  return { ...outcome, recovered: [...recovered, ...cleaned] };
}

/** The standard that a service has. */
function asRecorded({ standard, templates }: Side): WantedStandard {
  return { standard, templates, notes: [] };
}

/** Commits a message that asks the team, and no change: a job that runs every week can open a pull request with it. */
async function askOnBranch(
  asked: Pick<UpgradeOutcome, 'target' | 'service' | 'versions' | 'standard' | 'questions' | 'recovered'> & {
    branch: string;
  },
  parent: string,
  { message, repeat, beforeCommit }: UpgradeOptions,
): Promise<UpgradeOutcome> {
  const names = asked.questions.map(({ name }) => name);
  const set = names.map((name) => `${name}=VALUE`);
  const plan: Plan = { changes: [], notes: [], next: [repeat(set, names, true)] };
  const outcome = { ...asked, answers: [], files: [], plan, conflicts: [], attention: [], applied: true };
  await beforeCommit?.();
  commitToBranch(asked.target, asked.branch, { parent, tree: `${parent}^{tree}` }, `${message(outcome)}\n`);
  return outcome;
}

function changedAnswers(before: Manifest['answers'], after: Manifest['answers']): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => String(before[name]) !== String(after[name]));
}

/** @throws {UserError} UPGRADE_PENDING; NOT_POSSIBLE without a manifest; MANIFEST_* */
function readFinished(folder: string): {
  before: TreeFile;
  manifest: Manifest;
  /** Those that have files of their own. */
  records: readonly AdditionRecord[];
} {
  if (kindOf(join(folder, MANIFEST_PATH)) !== 'file')
    throw new UserError('NOT_POSSIBLE', `the last commit has no ${MANIFEST_PATH}`, 'Commit the service first.');
  const before = readTreeFile(join(folder, MANIFEST_PATH));
  const records = readAdditions(new ServiceFolder(folder));
  const manifest = withAdditions(parseManifest(Buffer.from(before.content).toString('utf8')), records);
  if (!manifest.pending) return { before, manifest, records };
  throw new UserError(
    'UPGRADE_PENDING',
    `an upgrade is pending, with conflicts in ${manifest.pending.conflicts.join(', ')}`,
    'Resolve them and run npx create-twelve-service upgrade --continue, or undo the upgrade with upgrade --abort.',
  );
}
