import { UserError } from '../../engine/core/errors.ts';
import { sharedHashes } from '../../engine/core/record/additions.ts';
import type { Manifest, ManifestFile } from '../../engine/core/service/manifest.ts';
import { hashContent } from '../../engine/core/tree.ts';
import { recordedSide } from '../upgrade/sides.ts';

interface Derived {
  readonly manifest: Manifest;
  readonly notes: readonly string[];
  readonly open: readonly string[];
}

/**
 * Derives the hashes of a manifest: renders the version that it records, with its answers. A managed file has the hash of
 * what is rendered. So has every file of which the sides differ, and every file of a manifest of schema 1 with additions,
 * which recorded what additions had written. Any other keeps its hash: an older version of this program may have merged
 * layers in other words, and an addition of another version may have brought a shared file.
 * @param unsure files of which the sides differ
 */
export async function deriveHashes(manifest: Manifest, unsure: ReadonlySet<string>, root: string): Promise<Derived> {
  if (manifest.pending)
    return { manifest, notes: ['an upgrade is pending, so the hashes are as they were'], open: openHashes(unsure) };
  let side: Awaited<ReturnType<typeof recordedSide>>;
  try {
    side = await recordedSide({ ...manifest, files: {} }, root);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const reason = `the hashes were not derived, because the recorded version cannot be rendered: ${error.message}`;
    // Out of reach today, or a folder of somebody's: then a manifest that is whole may stay as it is.
    const isOutOfReach = error.exit === 5 || error.code === 'NOT_POSSIBLE';
    const isNeeded = !isOutOfReach || unsure.size > 0 || Object.keys(manifest.files).length === 0;
    return { manifest, notes: isNeeded ? [] : [reason], open: isNeeded ? [reason] : [] };
  }
  const isMixed = manifest.schema === 1 && manifest.additions !== undefined;
  const brought = sharedHashes(manifest);
  const files: Record<string, ManifestFile> = {};
  let changed = 0;
  for (const [path, { owner, hash, content }] of [...side.tree].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const rendered = hash ?? hashContent(content);
    const recorded = Object.hasOwn(manifest.files, path) ? manifest.files[path] : undefined;
    if (side.shared.has(path) && !recorded && (brought.get(path)?.has(rendered) || !isMixed)) continue;
    const isExempt = side.shared.has(path) || (owner !== 'managed' && !isMixed);
    const isKept = recorded && isExempt && !unsure.has(path);
    files[path] = isKept ? { ...recorded, owner } : { hash: rendered, owner };
    if (files[path]?.hash !== recorded?.hash || recorded?.owner !== owner) changed += 1;
  }
  const gone = Object.keys(manifest.files).filter((path) => !Object.hasOwn(files, path)).length;
  const what = [changed > 0 ? `${changed} derived` : '', gone > 0 ? `${gone} taken out` : '']
    .filter(Boolean)
    .join(', ');
  return { manifest: { ...manifest, files }, notes: what ? [`entries of files: ${what}`] : [], open: [] };
}

function openHashes(unsure: ReadonlySet<string>): string[] {
  return unsure.size === 0 ? [] : [`both sides have other hashes for ${[...unsure].slice(0, 5).join(', ')}`];
}
