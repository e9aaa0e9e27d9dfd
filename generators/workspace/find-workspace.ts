import { dirname, join } from 'node:path';
import { UserError } from '../../engine/core/errors.ts';
import { MANIFEST_PATH } from '../../engine/core/service/manifest.ts';
import { fs } from '../../engine/io/disk.ts';
import { ServiceFolder } from '../../engine/io/service/fingerprint.ts';
import { nearestService } from '../../engine/io/service/nearest-service.ts';
import { readManifest } from '../../engine/io/service/read-service.ts';
import { WORKSPACE } from '../../stacks/workspace/index.ts';

/**
 * The workspace that a folder is in, or is: the folder of the nearest record upwards, if that is the record of one.
 * @param start an absolute path, which need not exist
 * @throws {UserError} MANIFEST_* for the record of a workspace that cannot be read
 */
export function findWorkspace(start: string): string | undefined {
  const root = nearestService(start);
  return root !== undefined && isWorkspace(root) ? root : undefined;
}

/** The folder of the service that a folder is in, if it is in one. The root of a workspace is none: services are made there. */
export function serviceAround(start: string): string | undefined {
  return findWorkspace(start) === undefined ? nearestService(start) : undefined;
}

/** The workspace around a new service. */
export function workspaceAround(target: string): string | undefined {
  return findWorkspace(dirname(target));
}

function isWorkspace(root: string): boolean {
  try {
    return readManifest(new ServiceFolder(root)).answers.stack === WORKSPACE.id;
  } catch (error) {
    // The record of a service around a new one is nobody's business here, whatever is wrong with it.
    if (!(error instanceof UserError)) throw error;
    if (fs.readFileSync(join(root, MANIFEST_PATH), 'utf8').includes(`"${WORKSPACE.id}"`)) throw error;
    return false;
  }
}
