import { join } from 'node:path';
import { UserError } from '../../engine/core/errors.ts';
import { isOdd, type TeamTree } from '../../engine/core/merge/merged-file.ts';
import { MANIFEST_PATH, type Manifest } from '../../engine/core/service/manifest.ts';
import { fs, kindOf } from '../../engine/io/disk.ts';
import { gitIgnored } from '../../engine/io/git/ignored.ts';
import { readTeamTree } from '../../engine/io/git/team-tree.ts';
import { ServiceFolder } from '../../engine/io/service/fingerprint.ts';
import { readManifest } from '../../engine/io/service/read-service.ts';
import { STACKS } from '../../stacks/index.ts';

/**
 * The manifest of a service that has one.
 * @throws {UserError} MANIFEST_* if it is broken
 */
export function readOwnManifest(target: string): Manifest | undefined {
  const path = join(target, MANIFEST_PATH);
  const kind = kindOf(path);
  if (kind === 'missing') return undefined;
  const remedy = `Run npx create-twelve-service repair; or remove ${MANIFEST_PATH} and run adopt again.`;
  if (kind !== 'file')
    throw new UserError(
      'MANIFEST_BROKEN',
      `${target} already has a ${MANIFEST_PATH}, which is not a file`,
      `Restore ${MANIFEST_PATH} from git, or remove it and run adopt again.`,
    );
  try {
    return readManifest(new ServiceFolder(target));
  } catch (error) {
    if (!(error instanceof UserError) || error.code === 'MANIFEST_NEWER') throw error;
    throw new UserError(error.code, `the manifest of ${target} is broken: ${error.message}`, remedy, { cause: error });
  }
}

/** A larger file is not a source, and could fill the memory. */
const MAX_BYTES = 10 * 1024 * 1024;

/** Whatever the language may be. */
const IGNORED = {
  inRoot: STACKS.flatMap(({ places }) => places.ignored.inRoot),
  anywhere: STACKS.flatMap(({ places }) => places.ignored.anywhere),
};

/** What git does not ignore in a folder, without the content of files that are too large. */
export function readableTree(root: string): TeamTree {
  const empty = { content: new Uint8Array(), mode: 0o644 } as const;
  const isLarge = (path: string) => fs.lstatSync(join(root, path)).size > MAX_BYTES;
  return new Map(
    [...readTeamTree(root, IGNORED, { skipped: gitIgnored(root) })].map(([path, file]) => [
      path,
      !isOdd(file) && isLarge(path) ? empty : file,
    ]),
  );
}
