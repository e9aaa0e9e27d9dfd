import { UserError } from '../engine/core/errors.ts';
import type { Tree } from '../engine/core/tree.ts';
import type { StackCode } from '../stacks/stack.ts';

/**
 * Refuses files that would declare a name of the service once more. A file that is there already declares it itself.
 * @throws {UserError} NAME_TAKEN
 */
export function refuseClash(code: StackCode, tree: Tree, files: Tree): void {
  const added: Tree = new Map([...files].filter(([path]) => !tree.has(path)));
  const clash = code.nameClash?.(tree, added);
  if (clash !== undefined) throw new UserError('NAME_TAKEN', clash, 'Choose another name, or rename it there.');
}
