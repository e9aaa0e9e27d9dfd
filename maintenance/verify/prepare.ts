import { Child } from '../../contract/harness/process/child.ts';
import { describeExit } from '../../contract/harness/process/process.ts';
import { findProgram } from '../../contract/harness/process/programs.ts';
import { lastLines } from '../../contract/harness/process/quote.ts';
import { Unseen, unlessAborted } from '../../contract/harness/wait.ts';
import { findLock } from '../../contract/lockfiles.ts';
import { runtimeOf } from '../../contract/runtimes/index.ts';
import { printable, UserError } from '../../engine/core/errors.ts';
import { requireManifest } from './command-line.ts';

/** How much is shown of what a failed step printed. */
const MAX_LINES = 30;

export interface PrepareWatch {
  /** Called with what is run. */
  readonly tell: (text: string) => void;
  /** Ends it early; see the signal of `verify`. */
  readonly signal: AbortSignal;
}

/**
 * Installs what the manifest of a folder names, if nothing is installed, and builds the folder. What to run is known for
 * some languages; a folder of another is taken as it is.
 * @throws {UserError} INPUT_INVALID for a manifest that cannot be read; NOT_POSSIBLE when a step fails or takes too long,
 *   after it told the end of what was printed
 */
export async function prepare(folder: string, watch: PrepareWatch): Promise<void> {
  const runtime = runtimeOf(folder);
  if (!runtime) return;
  requireManifest(folder);
  for (const command of runtime.preparation?.(folder, findLock(runtime, folder)) ?? [])
    await run(command, folder, watch);
}

async function run(command: readonly string[], cwd: string, { tell, signal }: PrepareWatch): Promise<void> {
  const [name = '', ...args] = command;
  const file = findProgram(name);
  if (file === undefined)
    throw failed(command, `${name} is not installed`, `Install ${name}, or build by hand and give --no-build.`);
  tell(`running ${command.join(' ')}`);
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
  const child = new Child({ file, args, cwd, env });
  try {
    const exit = await unlessAborted(signal, child.exit).catch((error: unknown) => {
      if (!(error instanceof Unseen)) throw error;
      tell(end(child));
      const remedy = 'Give it more time with --timeout, or build by hand and give --no-build.';
      throw failed(command, error.message, remedy);
    });
    if (exit.code === 0) return;
    tell(end(child));
    throw failed(
      command,
      describeExit(exit),
      'Mend the build first: a service that does not build cannot be verified.',
    );
  } finally {
    await child.dispose();
  }
}

/** The last lines that it printed. */
function end({ output }: Child): string {
  const lines = lastLines(output, MAX_LINES).split('\n');
  return lines.map((line) => `  ${printable(line)}`).join('\n');
}

function failed(command: readonly string[], why: string, remedy: string): UserError {
  return new UserError('NOT_POSSIBLE', `${command.join(' ')}: ${why}`, remedy);
}
