import { join } from 'node:path';
import { must } from './run.ts';
import { root } from './service.ts';

let folder: Promise<string> | undefined;

/** Path of a linter; the first call installs all of them, at the versions of .ci/linters.sh. */
export async function linter(name: string): Promise<string> {
  folder ??= must(join(root, '.ci/linters.sh'), []);
  return join(await folder, name);
}
