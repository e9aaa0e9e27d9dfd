import { HarnessFailure } from '../wait.ts';
import type { Child } from './child.ts';

/** What shells, `env`, the loader and engines exit with when they could not run a program. */
const CODES: readonly (number | null | undefined)[] = [126, 127];
const SAID = /not found|no such file|permission denied|cannot execute|exec format error|shared object file/i;

/** Says that the program of a process, such as one that a shell was to run, is not one that this machine can run. */
export function cannotRun({ exited, output }: Child): HarnessFailure | undefined {
  const line = output.split('\n').find((text) => SAID.test(text));
  if (line === undefined || !CODES.includes(exited?.code)) return undefined;
  return new HarnessFailure(`its command cannot be run (exit ${exited?.code}): ${line.trim().slice(0, 300)}`);
}
