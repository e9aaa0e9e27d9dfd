import type { FileCounts, FileReport } from '../../engine/core/audit/audit.ts';
import { stateOf } from '../../engine/core/audit/drift.ts';
import type { Manifest } from '../../engine/core/service/manifest.ts';
import type { HashedFile } from '../../engine/core/template/memo-render.ts';
import type { ServiceFolder } from '../../engine/io/service/fingerprint.ts';
import type { ServiceFiles } from '../../engine/io/service/read-service.ts';

/** What the current standard renders, and what the recorded one did. */
export interface Renderings {
  /** Absent: the same as recorded. */
  readonly current?: ReadonlyMap<string, HashedFile>;
  /** Absent: it cannot be had, and the manifest's hashes stand for it. */
  readonly recorded?: ReadonlyMap<string, HashedFile>;
}

export interface FilesAudit {
  readonly counts: FileCounts;
  /** All that are not `unchanged`, by path. */
  readonly files: readonly FileReport[];
}

/** Every file of a manifest, and what lies where only the standard has any business. */
export function auditFiles(
  manifest: Manifest,
  read: ServiceFiles,
  folder: ServiceFolder,
  renderings: Renderings,
): FilesAudit {
  const counts = { ...NO_COUNTS };
  const files: FileReport[] = [];
  const report = (file: FileReport): void => {
    counts[file.state] += 1;
    if (file.state !== 'unchanged') files.push(file);
  };
  const missing = new Set(read.missing);
  const different = new Map(read.different.map(([path, note]) => [path, note]));
  const grows = Object.keys(manifest.additions ?? {}).length > 0;
  for (const path in manifest.files) {
    const recorded = manifest.files[path];
    if (!recorded) continue;
    const { hash, owner } = recorded;
    const isMoved = renderings.current !== undefined && moved(path, hash, grows, renderings);
    const note = different.get(path);
    report({
      path,
      owner,
      state: stateOf({ isThere: !missing.has(path), isEdited: different.has(path), isMoved }),
      ...(note === undefined ? {} : { note }),
    });
  }
  const extra = new Set<string>(read.strangers);
  for (const path of renderings.current?.keys() ?? []) {
    if (Object.hasOwn(manifest.files, path)) continue;
    if (folder.read(path, 0) === 'missing') counts.new += 1;
    else extra.add(path);
  }
  for (const path of extra) report({ path, state: 'extra' });
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { counts, files };
}

export const NO_COUNTS: FileCounts = {
  unchanged: 0,
  edited: 0,
  behind: 0,
  'conflict-ahead': 0,
  missing: 0,
  extra: 0,
  new: 0,
};

/**
 * Whether the standard would write something else. Where generators added to the service, a recorded hash is that of a
 * grown file, and what no standard has is theirs: then renderings are compared with each other.
 */
function moved(path: string, hash: string, grows: boolean, { current, recorded }: Renderings): boolean {
  const now = current?.get(path)?.hash;
  if (!grows) return now !== hash;
  if (recorded) return now !== recorded.get(path)?.hash;
  return now !== undefined && now !== hash;
}
