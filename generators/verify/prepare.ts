import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from '../../contract/harness/child.ts';
import { findProgram } from '../../contract/harness/programs.ts';
import { describeExit } from '../../contract/harness/service.ts';
import { UserError } from '../../engine/core/errors.ts';
import { readPackage } from './command-line.ts';

/** A lockfile, and what installs exactly what it says. */
const INSTALLS: readonly (readonly [lock: string, command: readonly string[]])[] = [
  ['package-lock.json', ['npm', 'ci']],
  ['npm-shrinkwrap.json', ['npm', 'ci']],
  ['pnpm-lock.yaml', ['pnpm', 'install', '--frozen-lockfile']],
  ['yarn.lock', ['yarn', 'install', '--immutable']],
];
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
  const install = INSTALLS.find(([lock]) => existsSync(join(folder, lock)))?.[1] ?? ['npm', 'install'];
  const [manager = 'npm'] = install;
  const needs = Object.keys({ ...dependencies, ...devDependencies }).length > 0;
  if (needs && !existsSync(join(folder, 'node_modules')) && !existsSync(join(folder, '.pnp.cjs')))
    await run(install, folder, tell);
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
