import { basename } from 'node:path';
import { ImageFiles } from '../../harness/image/image-files.ts';
import type { Wrap } from '../../harness/launch.ts';
import { ofAll } from '../../runtimes/index.ts';
import type { ImageTarget } from '../../target.ts';

/** What a service must do without: such tools are there because the base image has them. */
const TOOLS = ['curl', 'bash', 'apk', 'apt-get', ...ofAll(({ installers }) => installers)];
/** One program with many names: to hide it under one name would hide the shell too. */
export const MANY_NAMES = new Set(['busybox', 'toybox', 'coreutils']);

/**
 * How to run an image without curl, bash and package managers.
 * @returns also the paths of what is hidden; none if the image has none of these tools
 */
export async function withoutTools(target: ImageTarget): Promise<{ wrap: Wrap; hidden: readonly string[] }> {
  const files = await ImageFiles.of(target);
  const hidden = files.programsAnywhere(TOOLS).filter((path) => !MANY_NAMES.has(basename(path)));
  // Each is covered by a file that cannot be executed.
  return { wrap: { kind: 'docker', args: hidden.flatMap((path) => ['-v', `/dev/null:${path}:ro`]) }, hidden };
}
