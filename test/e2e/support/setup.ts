import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker, noEngine } from './docker.ts';
import { must } from './run.ts';
import { bin, root } from './service.ts';

/** Names the run that uses the engine now: what that one has made is not left over. */
const marker = join(tmpdir(), 'twelve-e2e.pid');

/** Builds the generator once, so that every suite makes its services with what would be published. */
export default async function setup(): Promise<() => void> {
  if (process.env.TWELVE_BIN === undefined) await must('npm', ['run', '--silent', 'build'], { cwd: root });
  if (!existsSync(bin)) throw new Error(`there is no generator at ${bin}`);
  // What was installed once, for every suite: see installed.ts.
  const trees = mkdtempSync(join(tmpdir(), 'twelve-e2e-trees-'));
  process.env.TWELVE_E2E_TREES = trees;
  const isOurs = noEngine === undefined && !anotherRuns();
  if (isOurs) {
    writeFileSync(marker, String(process.pid));
    await sweep();
  }
  return () => {
    rmSync(trees, { recursive: true, force: true });
    if (isOurs) rmSync(marker, { force: true });
  };
}

function anotherRuns(): boolean {
  if (!existsSync(marker)) return false;
  try {
    return process.kill(Number(readFileSync(marker, 'utf8')), 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Removes what a run that was killed has left in the engine. */
async function sweep(): Promise<void> {
  const kinds = [
    { list: ['ps', '--all'], remove: ['rm', '--force', '--volumes'] },
    { list: ['network', 'ls'], remove: ['network', 'rm'] },
    { list: ['volume', 'ls'], remove: ['volume', 'rm'] },
  ];
  for (const { list, remove } of kinds) {
    const left = (await docker(...list, '--quiet', '--filter', 'name=^/?twelve-e2e-')).split('\n').filter(Boolean);
    if (left.length > 0) await docker(...remove, ...left);
  }
}
