import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from '../../contract/harness/child.ts';
import { findProgram } from '../../contract/harness/programs.ts';
import { describeExit } from '../../contract/harness/service.ts';
import { findLock } from '../../contract/lockfiles.ts';
import { UserError } from '../../engine/core/errors.ts';
import { readPackage } from './command-line.ts';

/** Without a lock: verifying a folder must not give it one. */
const UNLOCKED = ['npm', 'install', '--no-package-lock'];
const STEP_MS = 600_000;

/**
 * Installs what package.json names, if nothing is installed, and builds with its own script `build`. A folder without a
 * package.json is taken as it is.
 * @param tell says what is run
 * @throws {UserError} NOT_POSSIBLE when a step fails, with the end of what it printed
 */
export async function prepare(folder: string, tell: (text: string) => void): Promise<void> {
  const manifest = readPackage(folder);
  if (!manifest) return;
  const { scripts = {}, dependencies = {}, devDependencies = {} } = manifest;
  const lock = findLock(folder);
  const install = lock?.manager.install ?? UNLOCKED;
  const [manager = 'npm'] = install;
  const needs = Object.keys({ ...dependencies, ...devDependencies }).length > 0;
  const installed = [folder, lock?.folder ?? folder].flatMap((at) => [join(at, 'node_modules'), join(at, '.pnp.cjs')]);
  if (needs && !installed.some((path) => existsSync(path))) await run(install, folder, tell);
  if ('build' in scripts) await run([manager, 'run', 'build'], folder, tell);
}

async function run(command: readonly string[], cwd: string, tell: (text: string) => void): Promise<void> {
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
    const exit = await child.ended(STEP_MS);
    if (exit.code === 0) return;
    const said = child.output.trim().split('\n').slice(-15).join('\n');
    throw failed(command, `${describeExit(exit)}\n${said}`, 'Mend it first: what does not build cannot be verified.');
  } finally {
    await child.dispose();
  }
}

function failed(command: readonly string[], why: string, remedy: string): UserError {
  return new UserError('NOT_POSSIBLE', `${command.join(' ')}: ${why}`, remedy);
}
