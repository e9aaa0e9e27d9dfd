import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from '../../contract/harness/process/child.ts';
import { describeExit } from '../../contract/harness/process/process.ts';
import { findProgram } from '../../contract/harness/process/programs.ts';
import { Unseen, unlessAborted } from '../../contract/harness/wait.ts';
import { findLock } from '../../contract/lockfiles.ts';
import { printable, UserError } from '../../engine/core/errors.ts';
import { readPackage } from './command-line.ts';

/** Without a lock: verifying a folder must not give it one. */
const UNLOCKED = ['npm', 'install', '--no-package-lock'];

/** Of what a failed step printed. */
const MAX_LINES = 30;

export interface PrepareWatch {
  /** Is told what is run. */
  readonly tell: (text: string) => void;
  /** Ends it; see the signal of `verify`. */
  readonly signal: AbortSignal;
}

/**
 * Installs what package.json names, if nothing is installed, and builds with its own script `build`. A folder without a
 * package.json is taken as it is.
 * @throws {UserError} NOT_POSSIBLE when a step fails or takes too long, after it told the end of what was printed
 */
export async function prepare(folder: string, watch: PrepareWatch): Promise<void> {
  const manifest = readPackage(folder);
  if (!manifest) return;
  const { scripts, dependencies, devDependencies } = manifest;
  const lock = findLock(folder);
  const install = lock?.manager.install ?? UNLOCKED;
  const [manager = 'npm'] = install;
  const needs = Object.keys({ ...dependencies, ...devDependencies }).length > 0;
  const installed = [folder, lock?.folder ?? folder].flatMap((at) => [join(at, 'node_modules'), join(at, '.pnp.cjs')]);
  if (needs && !installed.some((path) => existsSync(path))) await run(install, folder, watch);
  if ('build' in scripts) await run([manager, 'run', 'build'], folder, watch);
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
    throw failed(command, describeExit(exit), 'Mend it first: what does not build cannot be verified.');
  } finally {
    await child.dispose();
  }
}

/** What it printed last. */
function end({ output }: Child): string {
  const lines = output.trim().split(/\r?\n/).slice(-MAX_LINES);
  return lines.map((line) => `  ${printable(line)}`).join('\n');
}

function failed(command: readonly string[], why: string, remedy: string): UserError {
  return new UserError('NOT_POSSIBLE', `${command.join(' ')}: ${why}`, remedy);
}
