import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { must } from './run.ts';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The generator under test; TWELVE_BIN names another one, an installed package's say. */
export const bin = process.env.TWELVE_BIN ?? join(root, 'dist/bin.cjs');

export type Options = {
  database: 'postgres' | 'none';
  cache: 'redis' | 'none';
  ci?: 'github' | 'gitlab' | 'none';
  deploy?: 'kubernetes' | 'none';
  registry?: string;
  port?: number;
  stack?: string;
};

type Product = Required<Pick<Options, 'database' | 'cache'>>;

/** The option sets that change what runs, each with its title. */
export const products: readonly (readonly [title: string, product: Product])[] = (
  [
    { database: 'postgres', cache: 'redis' },
    { database: 'postgres', cache: 'none' },
    { database: 'none', cache: 'redis' },
    { database: 'none', cache: 'none' },
  ] as const
).map((product) => [`database ${product.database}, cache ${product.cache}`, product]);

/** Makes a service in `dir`, which must not exist, by the command that a user would run. */
export async function makeService(name: string, dir: string, options: Options): Promise<void> {
  const { database, cache, ci = 'none', deploy, registry, port, stack } = options;
  const args = [
    bin,
    name,
    '--dir',
    dir,
    '--database',
    database,
    '--cache',
    cache,
    '--ci',
    ci,
    '--no-git',
    '--no-install',
  ];
  if (deploy !== undefined) args.push('--deploy', deploy);
  if (registry !== undefined) args.push('--registry', registry);
  if (port !== undefined) args.push('--port', String(port));
  if (stack !== undefined) args.push('--stack', stack);
  await must(process.execPath, [...args, '--yes']);
}

/** Makes the folder a repository with one commit, and resolves with that commit. */
export async function commit(dir: string): Promise<string> {
  const identity = ['-c', 'user.name=e2e', '-c', 'user.email=e2e@example.org'];
  await must('git', ['init', '--quiet', '--initial-branch', 'main'], { cwd: dir });
  await must('git', ['add', '--all'], { cwd: dir });
  await must('git', [...identity, 'commit', '--quiet', '--message', 'made'], { cwd: dir });
  return must('git', ['rev-parse', 'HEAD'], { cwd: dir });
}

/** A folder for one suite, and the function that removes it. */
export function workFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'twelve-e2e-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
