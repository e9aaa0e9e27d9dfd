import { count } from '../../engine/core/count.ts';
import { findFolderMoves, movedPath, moveOf } from '../../engine/core/merge/place/folder-moves.ts';
import type { Manifest } from '../../engine/core/service/manifest.ts';
import type { ServiceFolder } from '../../engine/io/service/fingerprint.ts';
import type { ServiceFiles } from '../../engine/io/service/read-service.ts';
import { findStack } from '../../stacks/index.ts';

/** What an audit read, with the files of folders that moved as a whole compared at their new place. */
interface FollowedFiles {
  readonly read: ServiceFiles;
  readonly notes: readonly string[];
}

/** Finds folders that the team moved as a whole, as an upgrade does: their files are not missing. */
export function followFolders(manifest: Manifest, read: ServiceFiles, folder: ServiceFolder): FollowedFiles {
  if (read.missing.length === 0) return { read, notes: [] };
  const gone = new Set(read.missing);
  const moves = findFolderMoves(new Map(Object.entries(manifest.files).map(([path, { hash }]) => [path, hash])), {
    own: () => ownFiles(manifest, folder),
    has: (path) => (Object.hasOwn(manifest.files, path) ? !gone.has(path) : folder.read(path, 0) !== 'missing'),
    isSame: (path, hash) => folder.compare(path, hash).kind === 'same',
  });
  const missing: string[] = [];
  const different = [...read.different];
  for (const path of read.missing) {
    const move = moveOf(path, moves);
    const place = move && movedPath(path, move);
    const found = place === undefined ? undefined : folder.compare(place, manifest.files[path]?.hash ?? '');
    if (!found || found.kind === 'missing') missing.push(path);
    else if (found.kind === 'different') different.push([path, found.note ?? `now ${place}`]);
  }
  const notes = moves.map(({ from, to, files }) => {
    const place = to === '' ? 'the root' : `${to}/`;
    return `${from}/ was moved to ${place} (${count(files, 'file')}); its files are compared there`;
  });
  return { read: { ...read, missing, different }, notes };
}

/** The team's files that the manifest does not have. None, if there are more than a service has. */
function ownFiles(manifest: Manifest, folder: ServiceFolder): string[] {
  const { inRoot, anywhere } = findStack(manifest.answers).places.ignored;
  const isLeftOut = (path: string) =>
    inRoot.includes(path) || ['.git', ...anywhere].includes(path.slice(path.lastIndexOf('/') + 1));
  return (folder.files(isLeftOut) ?? []).filter((path) => !Object.hasOwn(manifest.files, path));
}
