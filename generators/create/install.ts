import { join } from 'node:path';
import { printable } from '../../engine/core/errors.ts';
import { redactSecrets } from '../../engine/core/text/redact.ts';
import { waitingFor } from '../../engine/io/waiting.ts';
import type { Stack } from '../../stacks/stack.ts';
import { readIfThere } from './fit-lockfile.ts';
import { runStep, type Step } from './step.ts';

/** What became of the dependencies. */
interface Installed {
  readonly step: Step;
  readonly notes: readonly string[];
  /** What the tool printed, if a person has to read it. */
  readonly said: string;
}

/**
 * Installs what a new service needs, with the user's own tool.
 * @param again the command with which a person does that
 * @param stop ends the tool
 */
export async function install(target: string, stack: Stack, again: string, stop: AbortSignal): Promise<Installed> {
  const code = await stack.load();
  const { installQuietly, fromCache } = stack.commands;
  const [program, ...args] = installQuietly;
  const run = (more: readonly string[]) => runStep(program, [...args, ...more], { cwd: target, stop });
  const installing = async () => {
    const end = await run(fromCache ?? []);
    return fromCache && !end.ok && code.installed(end.stderr ?? '').isUnknown ? run([]) : end;
  };
  const end = await waitingFor(`installing the dependencies (${again})`, installing());
  const { isWhole, reason, said } = code.installed(end.stderr ?? '');
  if (end.ok && isWhole)
    return { step: 'done', notes: code.heldBack((path) => readIfThere(join(target, path))), said: '' };
  const why = end.ok ? `${program} could not write every file: ${reason}` : reason || end.reason;
  const shown = printable(redactSecrets(why)).slice(0, 300);
  const first = !end.ok && end.isMissing ? `install ${program} first, then ` : '';
  return { step: 'failed', notes: [`dependencies are not installed: ${shown}; ${first}run ${again}`], said };
}
