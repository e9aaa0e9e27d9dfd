import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../../contract/harness/process/programs.ts';
import { run } from '../support/run.ts';
import type { Stranger } from './catalogue.ts';

/** Where packages are kept between runs: their installation takes minutes. */
const cache = process.env.TWELVE_STRANGERS ?? '';
/** Why nothing is installed, if that is so. */
export const noCache = cache ? undefined : 'TWELVE_STRANGERS names no folder for what is installed from six registries';
/** A crate is compiled. What was compiled until then is kept, so a later run goes on. */
const INSTALL_MS = 180_000;

/**
 * Puts a stranger into a folder as somebody who deploys it has it, with packages that are linked from the cache.
 * @returns why it cannot be had here, or nothing
 */
export async function install(stranger: Stranger, folder: string): Promise<string | undefined> {
  const { name, from, packages } = stranger;
  const hash = createHash('sha256').update(packages.join(' ')).digest('hex').slice(0, 8);
  const kept = join(cache, `${name}-${hash}`);
  const done = join(kept, '.installed');
  if (!existsSync(done)) {
    mkdirSync(kept, { recursive: true });
    const reason = await CLIENTS[from](packages, kept);
    if (reason !== undefined) return reason;
    writeFileSync(done, '');
  }
  const own = join(import.meta.dirname, name);
  if (existsSync(own)) cpSync(own, folder, { recursive: true });
  for (const entry of readdirSync(kept, { withFileTypes: true }).filter((one) => one.name !== '.installed')) {
    const [source, target] = [join(kept, entry.name), join(folder, entry.name)];
    if (entry.isDirectory() || entry.isSymbolicLink()) symlinkSync(source, target);
    else cpSync(source, target);
  }
  return undefined;
}

type Client = (packages: readonly string[], folder: string) => Promise<string | undefined>;

const CLIENTS: Readonly<Record<Stranger['from'], Client>> = {
  npm: (packages, folder) => {
    const versions = packages.map((text) => [text.slice(0, text.lastIndexOf('@')), text.split('@').at(-1)]);
    const manifest = { name: 'app', version: '1.0.0', type: 'module', dependencies: Object.fromEntries(versions) };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    return tell('npm', ['install', '--no-audit', '--no-fund'], folder);
  },
  PyPI: async (packages, folder) => {
    writeFileSync(join(folder, 'requirements.txt'), `${packages.join('\n')}\n`);
    const reason = await tell('python3', ['-m', 'venv', '.venv'], folder);
    return reason ?? tell(join(folder, '.venv/bin/pip'), ['install', '--quiet', '-r', 'requirements.txt'], folder);
  },
  Go: (packages, folder) => tell('go', ['install', ...packages], folder, { GOBIN: join(folder, 'bin') }),
  'crates.io': (packages, folder) =>
    tell('cargo', ['install', '--locked', '--root', folder, ...packages], folder, {
      CARGO_TARGET_DIR: join(cache, 'cargo-target'),
      // How fast it answers is nothing that is looked at, and a crate that is optimised takes ten times as long to compile.
      CARGO_PROFILE_RELEASE_LTO: 'off',
      CARGO_PROFILE_RELEASE_OPT_LEVEL: '0',
      CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
    }),
  'Maven Central': ([artifact], folder) =>
    tell('mvn', ['--quiet', 'dependency:copy', `-Dartifact=${artifact}`, '-DoutputDirectory=.'], folder),
  Debian: async ([name = '']) => (findProgram(name) ? undefined : `${name} is not installed`),
};

/** @returns why a client did not install something, or nothing */
async function tell(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<string | undefined> {
  if (findProgram(program) === undefined && !existsSync(program)) return `needs ${program}, which is not installed`;
  const { code, stdout, stderr } = await run(program, args, { cwd, env, timeout: INSTALL_MS });
  if (code === 0) return undefined;
  if (code === 124) return `${program} takes more than ${INSTALL_MS / 1000} s`;
  return `${program}: exit ${code}: ${(stderr || stdout).trim().slice(-300)}`;
}
