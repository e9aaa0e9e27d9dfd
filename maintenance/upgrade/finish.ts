import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../../engine/core/errors.ts';
import { BESIDE } from '../../engine/core/merge/merge-file.ts';
import { changesOf } from '../../engine/core/merge/place/changes.ts';
import type { Plan } from '../../engine/core/plan.ts';
import { parseRepoPath, type RepoPath } from '../../engine/core/repo-path.ts';
import { MANIFEST_PATH, type Manifest, parseManifest } from '../../engine/core/service/manifest.ts';
import { recordChanges } from '../../engine/core/service/record-changes.ts';
import { hashContent } from '../../engine/core/tree.ts';
import { applyPlan } from '../../engine/io/apply/apply.ts';
import { recoverTarget } from '../../engine/io/apply/undo.ts';
import { recordedChange } from '../../engine/io/apply/undo-record.ts';
import { fs, kindOf, obstacleAt, readTreeFile } from '../../engine/io/disk.ts';
import { readCommittedTree } from '../../engine/io/git/committed-tree.ts';
import { readTeamTree } from '../../engine/io/git/team-tree.ts';
import { ServiceFolder } from '../../engine/io/service/fingerprint.ts';
import { readAdditions, readManifest } from '../../engine/io/service/read-service.ts';
import { findService } from '../../engine/io/service/service.ts';
import { findStack } from '../../stacks/index.ts';
import { revertLastRun } from '../undo/revert.ts';
import { deriveFiles } from './derived.ts';
import { labelOfManifest, OURS } from './label.ts';
import type { EndOutcome } from './outcome.ts';
import type { UpgradeOptions } from './run.ts';

type Options = Pick<UpgradeOptions, 'cwd' | 'dir' | 'beforeCommit' | 'refresh'>;

/**
 * Finishes a pending upgrade: its manifest becomes the recorded one.
 * @throws {UserError} NOTHING_PENDING, or CONFLICTS_LEFT if there still is a conflict marker or a file of the other
 *   side
 */
export async function continueUpgrade(options: Options): Promise<EndOutcome> {
  const { root, manifest, recovered } = openPending(options);
  const { conflicts, next } = manifest.pending;
  const markers = [`<<<<<<< ${OURS}`, `||||||| ${labelOfManifest(manifest)}`, `>>>>>>> ${labelOfManifest(next)}`];
  const left = conflicts.filter((path) => isUnresolved(root, parseRepoPath(path), markers));
  if (left.length > 0)
    throw new UserError(
      'CONFLICTS_LEFT',
      `conflicts are left in ${left.join(', ')}`,
      `Remove the lines with <<<<<<<, |||||||, ======= and >>>>>>>, and delete files that end in ${BESIDE}. Then run npx create-twelve-service upgrade --continue.`,
    );
  const stack = findStack(manifest.answers);
  const ours = readTeamTree(root, stack.places.ignored);
  // What the upgrade wrote into the settings has not been reviewed yet: what is committed is the team's.
  const trusted = readCommittedTree(root);
  const derived = await deriveFiles(ours, [], stack, options.refresh ? 'refresh' : 'leave', {
    folder: root,
    trusted,
  });
  const before = readTreeFile(join(root, MANIFEST_PATH));
  const records = readAdditions(new ServiceFolder(root));
  const plan: Plan = {
    changes: [...changesOf(ours, derived.files), ...recordChanges(before, next, records)],
    notes: [],
    next: derived.next,
  };
  // Undo takes back the whole upgrade, together with how its conflicts were resolved.
  const record = isRecorded(root) ? 'amended' : 'dropped';
  await applyPlan(root, plan, options.beforeCommit, { record });
  const attention = derived.files.flatMap((file) => file.attention ?? []);
  return { target: root, service: String(manifest.answers.name), plan, attention, recovered };
}

/**
 * Restores every byte from before a pending upgrade.
 * @throws {UserError} NOTHING_PENDING, or NOTHING_TO_UNDO if there is no record of it (a fresh clone, another branch)
 */
export async function abortUpgrade(options: Options): Promise<EndOutcome> {
  const { root, manifest, recovered } = openPending(options);
  if (!isRecorded(root))
    throw new UserError(
      'NOTHING_TO_UNDO',
      `there is no record in ${root} of how it was before the upgrade`,
      'Take the upgrade back with git, e.g. with git restore.',
    );
  const { beforeCommit } = options;
  const { plan, attention } = await revertLastRun(root, { evenIfEdited: true, beforeCommit });
  return { target: root, service: String(manifest.answers.name), plan, attention, recovered };
}

function openPending({ cwd, dir }: Options): {
  root: string;
  manifest: Manifest & Required<Pick<Manifest, 'pending'>>;
  recovered: string[];
} {
  const root = findService(resolve(cwd, dir ?? '.'));
  const recovered = recoverTarget(root, false);
  const manifest = readManifest(new ServiceFolder(root));
  const { pending } = manifest;
  if (!pending)
    throw new UserError(
      'NOTHING_PENDING',
      `no upgrade is pending in ${root}`,
      '--continue and --abort need an upgrade with conflicts; npx create-twelve-service upgrade starts one.',
    );
  return { root, manifest: { ...manifest, pending }, recovered };
}

/**
 * Whether the record of the last run is that of the pending upgrade. In a clone there is none, and on the branch of an
 * upgrade there may be that of an earlier run. Restoring every byte of that would lose what was done since.
 */
function isRecorded(root: string): boolean {
  const change = recordedChange(root, MANIFEST_PATH);
  if (change === undefined) return false;
  const { content } = readTreeFile(join(root, MANIFEST_PATH));
  if (change.afterHash === hashContent(content)) return true;
  // The manifest may have been laid out anew since. Without what is pending it is the one from before the upgrade.
  const [before, { pending: _pending, ...left }] = [change.before.content, content].map((bytes) =>
    parseManifest(Buffer.from(bytes).toString('utf8')),
  ) as [Manifest, Manifest];
  return isDeepStrictEqual(before, left);
}

/** @param markers the conflict markers of an upgrade; lines with markers of another merge do not count */
function isUnresolved(root: string, path: RepoPath, markers: readonly string[]): boolean {
  const file = join(root, path);
  if (obstacleAt(root, path) || kindOf(file) !== 'file') return false;
  if (path.includes(BESIDE)) return true;
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  return lines.some((line) => markers.some((marker) => line.startsWith(marker)));
}
