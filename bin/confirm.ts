import { UserError } from '../engine/core/errors.ts';
import type { Plan } from '../engine/core/plan.ts';
import inquirer from '../engine/io/inquirer.ts';
import type { Output } from './output.ts';

/**
 * Shows what would change and asks whether it shall.
 * @throws {UserError} INTERRUPTED where it shall not
 */
export async function confirmPlan(plan: Plan, cwd: string, output: Output): Promise<void> {
  output.chatter(plan.changes.map(({ kind, path }) => `  ${kind.padEnd(6)} ${path}`).join('\n'));
  const { apply } = await inquirer.prompt([
    { type: 'confirm', name: 'apply', message: `Change these files in ${cwd}?` },
  ]);
  if (apply !== true)
    throw new UserError('INTERRUPTED', 'not wanted; nothing was written', 'Run the command again with other answers.');
}
