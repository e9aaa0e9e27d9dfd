import { join, relative } from 'node:path';
import { MANIFESTS, ofAll } from '../../contract/runtimes/index.ts';
import { MANIFEST_PATH } from '../../engine/core/service/manifest.ts';
import { kindOf } from '../../engine/io/disk.ts';

/** Files that say what a service is, the most telling first. */
const CANDIDATES = [MANIFEST_PATH, 'Dockerfile', ...MANIFESTS, ...ofAll(({ signs = [] }) => signs), 'README.md'];

/**
 * The file of a service that a code host shows its broken rules at.
 * @returns its path relative to `cwd`, or nothing where the folder has none of those that are looked for
 */
export function locationOf(folder: string, cwd: string): string | undefined {
  const found = CANDIDATES.find((path) => kindOf(join(folder, path)) === 'file');
  return found === undefined ? undefined : relative(cwd, join(folder, found));
}
