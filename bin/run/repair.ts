import { EXIT_NEEDS_PERSON } from '../../engine/core/errors.ts';
import { repairService } from '../../maintenance/repair/run.ts';
import { given, type Invocation } from '../command-line/command.ts';
import type { REPAIR_OPTIONS } from '../command-line/options.ts';
import type { RunContext } from '../run-context.ts';
import { finish } from './finish.ts';

/** `repair`: 4 if something could not be derived, with --plan too. */
export async function runRepair(invocation: Invocation<typeof REPAIR_OPTIONS>, context: RunContext): Promise<number> {
  const { dir, plan } = invocation.flags;
  const { cwd, beforeCommit } = context;
  const options = { cwd, beforeCommit, overwrite: false, planOnly: plan !== undefined, ...given({ dir }) };
  const outcome = await repairService(options);
  const code = await finish(outcome, undefined, invocation, context);
  return outcome.attention?.length ? EXIT_NEEDS_PERSON : code;
}
