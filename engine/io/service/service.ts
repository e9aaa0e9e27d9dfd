import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { isSafe, type RepoPath } from '../../core/repo-path.ts';
import type { Service } from '../../core/service/addition.ts';
import { MANIFEST_PATH, type Manifest } from '../../core/service/manifest.ts';
import type { TreeFile } from '../../core/tree.ts';
import { fs, kindOf, readTreeFile } from '../disk.ts';
import { hasCode } from '../failure.ts';
import { ServiceFolder } from './fingerprint.ts';
import { nearestService } from './nearest-service.ts';
import { readManifest } from './read-service.ts';

/** Folders that additions read, in any language. They read nothing else below the root. */
const FOLDERS = ['migrations', 'docs', '.github/workflows', 'deploy/base'];
const ROOT_FILES = /^(\.twelve\.json|\.env\.example|docker-compose.*\.ya?ml|\.gitlab-ci\.yml)$/;

/** What a language adds to these. */
export interface Sources {
  readonly folders: readonly string[];
  /** Names of files in the root. */
  readonly files: readonly string[];
}

/** More than any service has. A folder with more files is not a service, and reading it would take too long. */
const MAX_FILES = 20_000;

/**
 * The folder of the service that `start` is in: the nearest one, upwards, with a manifest.
 * @throws {UserError} SERVICE_NOT_FOUND
 */
export function findService(start: string): string {
  const folder = nearestService(start);
  if (folder !== undefined) return folder;
  throw new UserError(
    'SERVICE_NOT_FOUND',
    `${start} is not in a service: there is no ${MANIFEST_PATH} in it or above it`,
    'Run this in the folder of a service, or name it with --dir.',
  );
}

/**
 * Reads a service's manifest and lists its sources. Each source is read on first use. Follows no link.
 * @param root a folder with a manifest
 * @param sourcesOf answers of the manifest -> where a service made from them has its sources
 * @throws {UserError} MANIFEST_*
 */
export function openService(root: string, sourcesOf: (answers: Manifest['answers']) => Sources): Service {
  const manifest = readManifest(new ServiceFolder(root));
  if (manifest.pending)
    throw new UserError(
      'UPGRADE_PENDING',
      'an upgrade of this service is pending',
      'Finish it first: npx create-twelve-service upgrade --continue, or upgrade --abort.',
    );
  const { folders, files } = sourcesOf(manifest.answers);
  const tree = new Map<RepoPath, TreeFile>();
  const list = (folder: string): void => {
    for (const entry of fs.readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (folder !== '' && isSafe(path)) list(path);
      } else if (entry.isFile() && (folder !== '' || ROOT_FILES.test(path) || files.includes(path)) && isSafe(path))
        tree.set(path, lazyFile(join(root, path)));
      if (tree.size > MAX_FILES)
        throw new UserError(
          'TARGET_UNUSABLE',
          `${root} has more than ${MAX_FILES} files`,
          'Run this in the folder of a service; it has none of the files that tools make.',
        );
    }
  };
  list('');
  for (const folder of [...folders, ...FOLDERS]) if (kindOf(join(root, folder)) === 'folder') list(folder);
  return { manifest, tree };
}

/** A file that is read on first use. Reading throws UserError TARGET_CHANGED if the file is gone by then. */
export function lazyFile(path: string): TreeFile {
  let file: TreeFile | undefined;
  const read = (): TreeFile => {
    try {
      file ??= readTreeFile(path);
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
      throw new UserError('TARGET_CHANGED', `${path} was removed in the meantime`, 'Run the command again.', {
        cause: error,
      });
    }
    return file;
  };
  return {
    get content() {
      return read().content;
    },
    get mode() {
      return read().mode;
    },
  };
}
