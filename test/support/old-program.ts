import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './program.ts';

/** The last commit of each version that services may have been made with, and that a test upgrades from. */
const LAST_COMMIT = { '0.1.0': '231c1c2888a10d54c7d1452bee921a6623e74011' } as const;

interface OldProgram {
  /** Where it was built. */
  readonly folder: string;
  readonly bin: string;
  /** As a registry has it. */
  readonly tarball: Buffer;
}

/**
 * Builds and packs an old version of this program from the history of the repository.
 * @param folder where it is built: an empty folder
 * @returns nothing in a clone that does not have that commit, such as a shallow one
 */
export function buildOldProgram(version: keyof typeof LAST_COMMIT, folder: string): OldProgram | undefined {
  const commit = LAST_COMMIT[version];
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 2 ** 28 });
  try {
    git('cat-file', '-e', `${commit}^{tree}`);
  } catch {
    return undefined;
  }
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-x', '-C', folder], { input: git('archive', commit) });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], { cwd: folder });
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts'], { cwd: folder });
  return {
    folder,
    bin: join(folder, 'dist/bin.cjs'),
    tarball: readFileSync(join(folder, `create-twelve-service-${version}.tgz`)),
  };
}
