import { type FolderMove, findFolderMoves, movedPath, moveOf } from '../../engine/core/merge/place/folder-moves.ts';
import { linkResolver } from '../../engine/core/merge/place/follow-links.ts';
import type { Manifest } from '../../engine/core/service/manifest.ts';
import { count } from '../../engine/core/text/count.ts';
import type { ServiceFolder } from '../../engine/io/service/fingerprint.ts';
import { generatedFiles, type ServiceFiles } from '../../engine/io/service/read-service.ts';
import { findStack } from '../../stacks/index.ts';

/** What an audit read, with the files of folders that moved as a whole compared at their new place. */
interface FollowedFiles {
  readonly read: ServiceFiles;
  readonly notes: readonly string[];
}

/**
 * Finds files where the team has them, as an upgrade does: in a folder that moved as a whole, or behind a link to a folder
 * of the service. These files are neither missing nor edited.
 */
export function followFolders(manifest: Manifest, read: ServiceFiles, folder: ServiceFolder): FollowedFiles {
  const isBelowLink = ([, note = '']: ServiceFiles['different'][number]) => note.startsWith('below a link');
  const linked = read.different.filter(isBelowLink);
  if (read.missing.length === 0 && linked.length === 0) return { read, notes: [] };
  const { files } = generatedFiles(manifest);
  const missing: string[] = [];
  const different = read.different.filter((file) => !isBelowLink(file));
  const notes = new Set<string>();
  /** Compares a file at the place where the team has it. */
  const compareAt = (path: string, place: string): void => {
    const found = folder.compare(place, files[path]?.hash ?? '');
    if (found.kind === 'missing') missing.push(path);
    else if (found.kind === 'different') different.push([path, found.note ?? `now ${place}`]);
  };
  const resolve = linkResolver({
    targetOf: (path) => folder.linkTarget(path),
    isFolder: (path) => folder.obstacle(path) === undefined,
  });
  for (const file of linked) {
    const { found, link, target } = resolve(file[0]);
    if (link === undefined || Object.hasOwn(files, found)) different.push(file);
    else {
      compareAt(file[0], found);
      notes.add(`${link} is a link to ${target}; its files are compared there`);
    }
  }
  const moves = read.missing.length === 0 ? [] : movedFolders(manifest, read, folder);
  for (const path of read.missing) {
    const move = moveOf(path, moves);
    if (move) compareAt(path, movedPath(path, move));
    else missing.push(path);
  }
  for (const { from, to, files: moved } of moves) {
    const place = to === '' ? 'the root' : `${to}/`;
    notes.add(`${from}/ was moved to ${place} (${count(moved, 'file')}); its files are compared there`);
  }
  return { read: { ...read, missing, different }, notes: [...notes].sort() };
}

function movedFolders(manifest: Manifest, read: ServiceFiles, folder: ServiceFolder): FolderMove[] {
  const gone = new Set(read.missing);
  const { files } = generatedFiles(manifest);
  return findFolderMoves(new Map(Object.entries(files).map(([path, { hash }]) => [path, hash])), {
    own: () => ownFiles(manifest, folder),
    has: (path) => (Object.hasOwn(files, path) ? !gone.has(path) : folder.read(path, 0) !== 'missing'),
    isSame: (path, hash) => folder.compare(path, hash).kind === 'same',
  });
}

/** The team's files that the manifest does not have. None, if there are more than a service has. */
function ownFiles(manifest: Manifest, folder: ServiceFolder): string[] {
  const { inRoot, anywhere } = findStack(manifest.answers).places.ignored;
  const isLeftOut = (path: string) =>
    inRoot.includes(path) || ['.git', ...anywhere].includes(path.slice(path.lastIndexOf('/') + 1));
  return (folder.files(isLeftOut) ?? []).filter((path) => !Object.hasOwn(manifest.files, path));
}
