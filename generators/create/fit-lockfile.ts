import { join, sep } from 'node:path';
import { MANIFEST_PATH, parseManifest } from '../../engine/core/service/manifest.ts';
import { fs, kindOf } from '../../engine/io/disk.ts';
import type { Stack } from '../../stacks/stack.ts';
import { type Followed, followLockfile } from '../lockfile.ts';

/**
 * Brings the lockfile of a new service in line, if presets gave its manifest what the lockfile lacks. That of the built-in template
 * fits, and is not looked at.
 * @param isWanted whether the user's own tool may be asked
 * @param stop ends it
 */
export async function fitLockfile(
  target: string,
  stack: Stack,
  isWanted: boolean,
  stop: AbortSignal,
): Promise<Followed> {
  const { presets } = parseManifest(readIfThere(join(target, MANIFEST_PATH)));
  if (presets === undefined) return { kind: 'fits' };
  const read = Object.assign((path: string) => readIfThere(join(target, path)) || undefined, {
    paths: () => fs.readdirSync(target, { recursive: true, encoding: 'utf8' }).map((path) => path.split(sep).join('/')),
  });
  // All its settings come from presets: no login among them is the user's.
  const followed = await followLockfile(stack, read, () => undefined, isWanted ? 'refresh' : 'leave', target, stop);
  if (followed.kind === 'refreshed') {
    const written = join(target, '.twelve-lockfile');
    fs.writeFileSync(written, followed.content);
    fs.renameSync(written, join(target, followed.path));
  }
  return followed;
}

/** The text of a file of the service, empty where there is no plain file. */
export function readIfThere(path: string): string {
  return kindOf(path) === 'file' ? fs.readFileSync(path, 'utf8') : '';
}
