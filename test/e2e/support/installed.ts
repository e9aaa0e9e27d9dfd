import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, must } from './run.ts';

/** Where the trees of this run are: see setup.ts, which makes and removes it. */
const trees = process.env.TWELVE_E2E_TREES ?? '';

/**
 * `npm ci` in a service. It is done once for each lockfile and list of dependencies, whatever suite asks first; the
 * others get hard links to that tree.
 */
export async function npmCi(folder: string, env: Record<string, string | undefined> = {}): Promise<void> {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const wanted = [JSON.stringify([dependencies, devDependencies]), readFileSync(join(folder, 'package-lock.json'))];
  const hash = createHash('sha256');
  for (const each of wanted) hash.update(each);
  const tree = join(trees, hash.digest('hex').slice(0, 16));
  const isFirst = mkdirSync(`${tree}.lock`, { recursive: true }) !== undefined;
  if (isFirst) {
    const part = join(trees, randomUUID());
    try {
      await must('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, env });
      await must('cp', ['-al', join(folder, 'node_modules'), part]);
    } catch (error) {
      rmSync(`${tree}.lock`, { recursive: true });
      throw error;
    }
    renameSync(part, tree);
    return;
  }
  // It stays away where the first one failed, which says why.
  await eventually(`another suite's npm ci for ${folder}`, async () => existsSync(tree) || undefined, {
    timeout: 250_000,
  });
  await must('cp', ['-al', tree, join(folder, 'node_modules')]);
}
