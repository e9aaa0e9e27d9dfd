import type { FileCounts, FileReport } from '../../engine/core/audit/audit.ts';
import { stateOf } from '../../engine/core/audit/drift.ts';
import type { Manifest, ManifestFile } from '../../engine/core/service/manifest.ts';
import type { HashedFile } from '../../engine/core/template/memo-render.ts';
import type { ServiceFolder } from '../../engine/io/service/fingerprint.ts';
import { generatedFiles, type ServiceFiles } from '../../engine/io/service/read-service.ts';
import { grownFiles } from '../../generators/grown-files.ts';

/** The files of the current standard and of the recorded one. */
export interface Renderings {
  /** Not set if it is the same as the recorded one. */
  readonly current?: ReadonlyMap<string, HashedFile>;
  /** Not set if it cannot be loaded. The hashes of the manifest are used instead. */
  readonly recorded?: ReadonlyMap<string, HashedFile>;
  /** The files that additions share, in this version of the program. */
  readonly shared?: ReadonlyMap<string, ManifestFile>;
}

export interface FilesAudit {
  readonly counts: FileCounts;
  /** Files that are not `unchanged`, sorted by path. */
  readonly files: readonly FileReport[];
}

/** Finds the state of every file of a manifest, and extra files in folders in which every file is managed. */
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
  const isMixed = hasMixedHashes(manifest);
  const grown = grownFiles(manifest);
  const { files: generated, hashes } = generatedFiles(manifest);
  for (const path in generated) {
    const recorded = generated[path];
    if (!recorded) continue;
    const { hash, owner } = recorded;
    const shared = renderings.current?.has(path) ? undefined : renderings.shared?.get(path);
    const isBrought = shared !== undefined || !Object.hasOwn(manifest.files, path);
    const isMoved = isBrought
      ? shared !== undefined && shared.hash !== hash && !hashes.get(path)?.has(shared.hash)
      : renderings.current !== undefined && moved(path, hash, isMixed, renderings);
    const by = different.has(path) && !isMixed ? grown.get(path) : undefined;
    const note = different.get(path) ?? (by && `${by} put lines in`);
    report({
      path,
      owner: shared?.owner ?? owner,
      state: stateOf({ isThere: !missing.has(path), isEdited: different.has(path), isMoved }),
      ...(note === undefined ? {} : { note }),
    });
  }
  const extra = new Set<string>(read.strangers);
  for (const path of renderings.current?.keys() ?? []) {
    if (Object.hasOwn(generated, path)) continue;
    if (folder.holds(path)) extra.add(path);
    else counts.new += 1;
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

/** Whether the recorded hashes may include lines that additions wrote: manifests of schema 1 had such hashes. */
export function hasMixedHashes({ schema, additions }: Manifest): boolean {
  return schema === 1 && additions !== undefined;
}

/**
 * Whether the current standard would write other content. If the hashes are mixed, the two renderings are compared with
 * each other: then a file may also belong to an addition.
 */
function moved(path: string, hash: string, isMixed: boolean, { current, recorded }: Renderings): boolean {
  const now = current?.get(path)?.hash;
  if (!isMixed) return now !== hash;
  if (recorded) return now !== recorded.get(path)?.hash;
  return now !== undefined && now !== hash;
}
