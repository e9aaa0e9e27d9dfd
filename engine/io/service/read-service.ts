import { managedFolders } from '../../core/audit/drift.ts';
import { UserError } from '../../core/errors.ts';
import { MANIFEST_PATH, type Manifest, parseManifest } from '../../core/service/manifest.ts';
import { ServiceFolder, textNames } from './fingerprint.ts';

/** In bytes: larger than the manifest of any service. */
const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

/** What an audit reads from a service's folder. */
export interface ServiceFiles {
  /** Names in its root folder. */
  readonly names: readonly string[];
  readonly manifest: Manifest;
  /** Files of the manifest that are missing. */
  readonly missing: readonly string[];
  /**
   * Files of the manifest that differ from what was generated. The note says what is there if it is not a plain file.
   */
  readonly different: readonly (readonly [path: string, note?: string])[];
  /** Files that the manifest does not have, in folders in which every recorded file is managed. */
  readonly strangers: readonly string[];
}

/** While an upgrade is pending, the files on disk are already those of the next version. */
export function effectiveManifest(manifest: Manifest): Manifest {
  return manifest.pending?.next ?? manifest;
}

/**
 * Compares every file of a service with its manifest. Follows no link, runs nothing, waits for no pipe.
 * @throws {UserError} SERVICE_NOT_FOUND, MANIFEST_*; or what the file system says
 */
export function readServiceFiles(root: string): ServiceFiles {
  const names = textNames(root);
  const folder = new ServiceFolder(root);
  const manifest = readManifest(folder);
  const { files } = effectiveManifest(manifest);
  const missing: string[] = [];
  const different: [path: string, note?: string][] = [];
  for (const path in files) {
    const found = folder.compare(path, files[path]?.hash ?? '');
    if (found.kind === 'missing') missing.push(path);
    else if (found.kind === 'different') different.push(found.note === undefined ? [path] : [path, found.note]);
  }
  const strangers = [...managedFolders(files)].flatMap((below) =>
    folder.strangers(below, (path) => Object.hasOwn(files, path)),
  );
  return { names, manifest, missing, different, strangers };
}

/**
 * Follows no link.
 * @throws {UserError} SERVICE_NOT_FOUND, MANIFEST_*
 */
export function readManifest(folder: ServiceFolder): Manifest {
  const bytes = folder.read(MANIFEST_PATH, MAX_MANIFEST_BYTES);
  if (bytes === 'missing')
    throw new UserError('SERVICE_NOT_FOUND', `there is no ${MANIFEST_PATH}`, 'Name the folder of a service.');
  if (typeof bytes === 'string')
    throw new UserError('MANIFEST_UNSAFE', `${MANIFEST_PATH} is ${bytes}`, `Restore ${MANIFEST_PATH} from git.`);
  return parseManifest(bytes.toString('utf8'));
}
