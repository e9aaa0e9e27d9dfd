import { sharedHashes } from '../record/additions.ts';
import type { RepoPath } from '../repo-path.ts';
import type { Manifest, ManifestFile } from '../service/manifest.ts';
import type { RenderedFile, RenderedTree } from '../template/template.ts';
import { hashContent } from '../tree.ts';
import type { MergedFile } from './merged-file.ts';

/**
 * The manifest after a merge. It records what the new version renders, and nothing of the team's. Without conflicts it
 * has the new version. With conflicts it keeps the old version, and the next manifest is stored in it as pending.
 * @param shared paths that additions brought; they are recorded only where their additions do not say the same
 */
export function nextManifest(
  manifest: Manifest,
  head: Pick<Manifest, 'template' | 'presets' | 'answers'>,
  { base, theirs, shared }: { base: RenderedTree; theirs: RenderedTree; shared: ReadonlySet<RepoPath> },
  merged: readonly MergedFile[],
): Manifest {
  // An older manifest records files as additions left them, which says nothing about the template.
  const isPlain = manifest.schema !== 1 || manifest.additions === undefined;
  const brought = sharedHashes(manifest);
  const files = new Map<string, ManifestFile>();
  for (const [path, file] of theirs) {
    if (shared.has(path) && brought.get(path)?.has(hashOf(file))) continue;
    const recorded = Object.hasOwn(manifest.files, path) ? manifest.files[path] : undefined;
    const was = base.get(path);
    // If the template did not change a file, its recorded hash stays: the same version changes nothing.
    const isSame = was !== undefined && hashOf(was) === hashOf(file);
    files.set(path, { hash: recorded && isSame && isPlain ? recorded.hash : hashOf(file), owner: file.owner });
  }
  const { pending: _done, presets: _old, ...rest } = manifest;
  const { presets = [], ...identity } = head;
  const next: Manifest = {
    ...rest,
    ...identity,
    ...(presets.length > 0 ? { presets } : {}),
    files: Object.fromEntries([...files].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  const conflicts = merged.flatMap(({ outcome, path, beside }) =>
    outcome === 'conflict' ? [beside?.path ?? path] : [],
  );
  return conflicts.length === 0 ? next : { ...manifest, pending: { conflicts, next } };
}

function hashOf({ hash, content }: Pick<RenderedFile, 'hash' | 'content'>): string {
  return hash ?? hashContent(content);
}
