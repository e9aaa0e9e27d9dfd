import { diffTrees, type FileChange } from '../plan.ts';
import { type AdditionRecord, recordPath, serializeRecord } from '../record/addition-record.ts';
import type { RepoPath } from '../repo-path.ts';
import type { TreeFile } from '../tree.ts';
import { MANIFEST_PATH, type Manifest, writeManifest } from './manifest.ts';

/**
 * The changes that write a manifest. Additions that a manifest of an older version has inside become files of their own.
 * @param before the file of the manifest as it is, if there is one
 * @param records the additions that have files already
 */
export function recordChanges(
  before: TreeFile | undefined,
  manifest: Manifest,
  records: readonly AdditionRecord[],
): FileChange[] {
  const there = new Set(records.map(recordPath));
  const after = new Map<RepoPath, TreeFile>([[MANIFEST_PATH, writeManifest(before, manifest)]]);
  for (const record of manifest.additions ?? [])
    if (!there.has(recordPath(record)))
      after.set(recordPath(record), { content: Buffer.from(serializeRecord(record)), mode: 0o644 });
  return diffTrees(new Map(before ? [[MANIFEST_PATH, before]] : []), after);
}
