import type { RepoPath } from '../repo-path.ts';
import type { Manifest, ManifestFile } from '../service/manifest.ts';
import type { RenderedFile, RenderedTree } from '../template/template.ts';
import { hashContent } from '../tree.ts';
import { isOdd, type MergedFile, type TeamTree } from './merged-file.ts';

/**
 * The manifest after a merge. Without conflicts it has the new version. With conflicts it keeps the old version, and
 * the next manifest is stored in it as pending.
 */
export function nextManifest(
  manifest: Manifest,
  head: Pick<Manifest, 'template' | 'presets' | 'answers'>,
  { ours, base, theirs }: { ours: TeamTree; base: RenderedTree; theirs: RenderedTree },
  merged: readonly MergedFile[],
): Manifest {
  const results = new Map(merged.map((file) => [file.path, file]));
  const files = new Map<string, ManifestFile>();
  for (const [path, file] of Object.entries(manifest.files)) if (!base.has(path as RepoPath)) files.set(path, file); // Additions: the template does not have them.
  for (const [path, file] of theirs) {
    const { owner } = file;
    const recorded = Object.hasOwn(manifest.files, path) ? manifest.files[path] : undefined;
    const own = ours.get(path);
    const result = results.get(path);
    const isUntouched = recorded && own && !isOdd(own) && hashContent(own.content) === recorded.hash;
    // If only this program edited a file, with an addition, the merged file counts as unedited too.
    const after = owner === 'merged' && isUntouched && result?.outcome === 'merged' ? result.after : undefined;
    const was = base.get(path);
    // If the template did not change a file, its recorded hash stays: the same version changes nothing.
    const isSame = was !== undefined && hashOf(was) === hashOf(file);
    const hash = recorded && isSame ? recorded.hash : hashOf(file);
    files.set(path, { hash: after ? hashContent(after.content) : hash, owner });
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
