import { join, resolve } from 'node:path';
import { UserError } from '../../engine/core/errors.ts';
import { diffTrees, type Plan } from '../../engine/core/plan.ts';
import { withAdditions } from '../../engine/core/record/additions.ts';
import { repairManifest } from '../../engine/core/repair/repair-manifest.ts';
import { isSame } from '../../engine/core/repair/settle.ts';
import { readSides, type Sides } from '../../engine/core/repair/sides.ts';
import { MANIFEST_PATH, type Manifest, writeManifest } from '../../engine/core/service/manifest.ts';
import { recordChanges } from '../../engine/core/service/record-changes.ts';
import type { TreeFile } from '../../engine/core/tree.ts';
import { applyPlan } from '../../engine/io/apply/apply.ts';
import { recoverTarget } from '../../engine/io/apply/undo.ts';
import { readTreeFile } from '../../engine/io/disk.ts';
import { ServiceFolder } from '../../engine/io/service/fingerprint.ts';
import { findService } from '../../engine/io/service/service.ts';
import type { Outcome, RunOptions } from '../../generators/outcome.ts';
import { deriveHashes } from './derive-hashes.ts';
import { fromGit, isUnmerged } from './from-git.ts';
import { repairRecords } from './records.ts';

/**
 * Derives what can be derived of a manifest and of the files of additions: from both sides of a conflict, from what git
 * has, and from the recorded version of the standard. It changes no other file.
 * @returns with what it could not derive as `attention`; then what depends on it was left as it is
 * @throws {UserError} SERVICE_NOT_FOUND; MANIFEST_UNSAFE, MANIFEST_NEWER; the service has then not changed
 */
export async function repairService(options: RunOptions): Promise<Outcome> {
  const { planOnly, beforeCommit } = options;
  const root = findManifest(resolve(options.cwd, options.dir ?? '.'));
  const recovered = recoverTarget(root, planOnly);
  const folder = new ServiceFolder(root);
  const before = readTreeFile(join(root, MANIFEST_PATH));
  const records = await repairRecords(root, folder);
  const { default: semver } = await import('semver');
  const compare = (a: string, b: string) => (semver.valid(a) && semver.valid(b) ? semver.compare(a, b) : undefined);
  const sides = await withGitBase(root, await readSides(Buffer.from(before.content).toString('utf8')));
  refuseNewer(sides);
  const repaired = repairManifest(sides, await lastCommitted(root), compare);
  const notes = [...records.notes, ...repaired.notes];
  const attention = [...records.open, ...repaired.open];
  const after = new Map(records.files);
  if (repaired.manifest) {
    const whole = joinAdditions(repaired.manifest, records.all, attention);
    const { manifest, notes: derived, open } = await deriveHashes(whole, repaired.unsure, root);
    notes.push(...derived);
    attention.push(...open);
    // A person has to look first: a manifest that is broken is better than one that is wrong.
    const isSettled = open.length === 0;
    for (const change of isSettled ? recordChanges(before, manifest, records.all) : [])
      if (change.kind !== 'delete' && !records.before.has(change.path)) after.set(change.path, change.after);
    if (isSettled && isSameManifest(before, manifest)) after.delete(MANIFEST_PATH);
  }
  const changes = [
    ...diffTrees(new Map([...records.before, [MANIFEST_PATH, before]]), after),
    ...records.renamed.map(([path, file]) => ({ kind: 'delete', path, before: file }) as const),
  ];
  const isWhole = changes.length === 0 && attention.length === 0;
  const plan: Plan = {
    changes,
    notes: isWhole ? [...notes, 'there is nothing to repair'] : notes,
    next: changes.length > 0 && isUnmerged(root) ? [`git add -- ${changes.map(({ path }) => path).join(' ')}`] : [],
  };
  const isApplied = !planOnly && changes.length > 0;
  if (isApplied) await options.confirm?.(plan);
  const cleaned = isApplied ? await applyPlan(root, plan, beforeCommit) : [];
  return {
    generator: 'repair',
    target: root,
    answers: {},
    plan,
    applied: !planOnly,
    attention,
    recovered: [...recovered, ...cleaned],
  };
}

/** @throws {UserError} SERVICE_NOT_FOUND, with the command that helps if only the work tree lacks the manifest */
function findManifest(start: string): string {
  try {
    return findService(start);
  } catch (error) {
    if (!(error instanceof UserError) || fromGit(start, 'HEAD', MANIFEST_PATH) === undefined) throw error;
    throw new UserError(
      'SERVICE_NOT_FOUND',
      `${start} has no ${MANIFEST_PATH}, but the last commit has it`,
      `Bring it back: git checkout HEAD -- ${MANIFEST_PATH}.`,
      { cause: error },
    );
  }
}

/** Whether a manifest is right: it then stays byte for byte as it is, however it is laid out. */
function isSameManifest(before: TreeFile, manifest: Manifest): boolean {
  try {
    const [old, young] = [before, writeManifest(before, manifest)].map(({ content }) =>
      JSON.parse(Buffer.from(content).toString('utf8')),
    );
    return isSame(old, young);
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** While a merge is open, git knows what was there before both sides. */
async function withGitBase(root: string, sides: Sides): Promise<Sides> {
  if (sides.base !== undefined || sides.sides.length < 2) return sides;
  const text = fromGit(root, ':1', MANIFEST_PATH);
  if (text === undefined) return sides;
  const [base] = (await readSides(text)).sides;
  return base === undefined ? sides : { ...sides, base };
}

async function lastCommitted(root: string): Promise<unknown> {
  const text = fromGit(root, 'HEAD', MANIFEST_PATH);
  return text === undefined ? undefined : (await readSides(text)).sides[0];
}

/** @throws {UserError} MANIFEST_NEWER: this version does not know what would be lost */
function refuseNewer({ sides }: Sides): void {
  for (const side of sides) {
    const schema = (Object(side) as { schema?: unknown }).schema;
    if (typeof schema === 'number' && schema > 2)
      throw new UserError(
        'MANIFEST_NEWER',
        `${MANIFEST_PATH} was written by a newer version of this program (its schema is ${schema})`,
        'Use that version: npx create-twelve-service@latest repair.',
      );
  }
}

/** Where a manifest of an older version and a file differ about an addition, the file counts, and a person has to look. */
function joinAdditions(
  manifest: Manifest,
  records: Parameters<typeof withAdditions>[1],
  attention: string[],
): Manifest {
  let joined = manifest;
  for (const record of records) {
    try {
      joined = withAdditions(joined, [record]);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      attention.push(error.message);
    }
  }
  return joined;
}
