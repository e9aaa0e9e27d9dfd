import { printable, UserError } from '../../engine/core/errors.ts';
import { findService } from '../../engine/io/service/service.ts';
import { findWorkspace } from './find-workspace.ts';

/**
 * The folder of the service that a generator adds to.
 * @throws {UserError} SERVICE_NOT_FOUND; NOT_POSSIBLE in the root of a workspace, which has no code to add to
 */
export function findGrown(start: string, generator: string): string {
  const root = findService(start);
  if (findWorkspace(start) === undefined) return root;
  throw new UserError(
    'NOT_POSSIBLE',
    `${printable(root)} is a workspace, and ${generator} adds to one service`,
    "Run it in a service's folder, or name that with --dir.",
  );
}
