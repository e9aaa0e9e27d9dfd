import { managedFolders } from '../../core/audit/drift.ts';
import { UserError } from '../../core/errors.ts';
import { ADDITIONS_FOLDER, type AdditionRecord } from '../../core/record/addition-record.ts';
import {
  isRecordName,
  MAX_RECORD_BYTES,
  readRecords,
  sharedHashes,
  withAdditions,
} from '../../core/record/additions.ts';
import { unsafeRecord } from '../../core/record/parse-record.ts';
import { MANIFEST_PATH, type Manifest, type ManifestFile, parseManifest } from '../../core/service/manifest.ts';
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
 * What was generated in a service: the files of its manifest, and those that its additions share.
 * `hashes` are those of the shared files: additions of several versions of this program may have brought one.
 */
export function generatedFiles(manifest: Manifest): {
  files: Readonly<Record<string, ManifestFile>>;
  hashes: ReadonlyMap<string, ReadonlySet<string>>;
} {
  const { files } = manifest;
  const hashes = sharedHashes(manifest);
  const shared = [...hashes].filter(([path]) => !Object.hasOwn(files, path));
  if (shared.length === 0) return { files, hashes };
  const more = shared.map(([path, [hash = '']]): [string, ManifestFile] => [path, { hash, owner: 'managed' }]);
  return { files: { ...files, ...Object.fromEntries(more) }, hashes };
}

/**
 * Compares every file of a service with its manifest. Follows no link, runs nothing, waits for no pipe.
 * @throws {UserError} SERVICE_NOT_FOUND, MANIFEST_*; or what the file system says
 */
export function readServiceFiles(root: string): ServiceFiles {
  const names = textNames(root);
  const folder = new ServiceFolder(root);
  const manifest = readManifest(folder);
  const effective = effectiveManifest(manifest);
  const { files, hashes } = generatedFiles(effective);
  const missing: string[] = [];
  const different: [path: string, note?: string][] = [];
  for (const path in files) {
    const isOurs = Object.hasOwn(effective.files, path);
    const expected = isOurs ? [files[path]?.hash ?? ''] : [...(hashes.get(path) ?? [])];
    const found = folder.compare(path, ...expected);
    if (found.kind === 'missing') missing.push(path);
    else if (found.kind === 'different') different.push(found.note === undefined ? [path] : [path, found.note]);
  }
  // Additions own files of the team too, so only a folder of the standard itself can have strangers.
  const strangers = [...managedFolders(effective.files)].flatMap((below) =>
    folder.strangers(below, (path) => Object.hasOwn(files, path)),
  );
  return { names, manifest, missing, different, strangers };
}

/**
 * The manifest of a service, with its additions. Follows no link.
 * @throws {UserError} SERVICE_NOT_FOUND, MANIFEST_*
 */
export function readManifest(folder: ServiceFolder): Manifest {
  const bytes = folder.read(MANIFEST_PATH, MAX_MANIFEST_BYTES);
  if (bytes === 'missing')
    throw new UserError('SERVICE_NOT_FOUND', `there is no ${MANIFEST_PATH}`, 'Name the folder of a service.');
  if (typeof bytes === 'string') throw unsafeRecord(MANIFEST_PATH, `is ${bytes}`);
  return withAdditions(parseManifest(bytes.toString('utf8')), readAdditions(folder));
}

/**
 * The additions that are files of their own.
 * @throws {UserError} MANIFEST_*
 */
export function readAdditions(folder: ServiceFolder): AdditionRecord[] {
  const obstacle = folder.obstacle(ADDITIONS_FOLDER);
  if (obstacle === 'missing') return [];
  if (obstacle !== undefined) throw unsafeRecord(ADDITIONS_FOLDER, `is ${obstacle}`);
  const names = textNames(`${folder.root}/${ADDITIONS_FOLDER}`).filter(isRecordName).sort();
  return readRecords(names.map((name) => [name, folder.read(`${ADDITIONS_FOLDER}/${name}`, MAX_RECORD_BYTES)]));
}
