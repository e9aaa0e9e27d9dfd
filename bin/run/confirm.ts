import { UserError } from '../../engine/core/errors.ts';
import type { Plan } from '../../engine/core/plan.ts';
import { ask } from '../../engine/io/inquirer.ts';
import type { Output } from '../output.ts';

/**
 * Shows what would change and asks whether to do it.
 * @throws {UserError} INTERRUPTED if not
 */
export function confirmWith(output: Output, cwd: string): (plan: Plan) => Promise<void> {
  return async ({ changes }) => {
    output.chatter(changes.map(({ kind, path }) => `  ${kind.padEnd(6)} ${path}`).join('\n'));
    const { apply } = await ask([{ type: 'confirm', name: 'apply', message: `Change these files in ${cwd}?` }]);
    if (apply !== true)
      throw new UserError('INTERRUPTED', 'cancelled; nothing was written', 'Run the command again with other answers.');
  };
}
