import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ofAll } from '../runtimes/index.ts';
import type { ProcessTarget, Target } from '../target.ts';

/** Not copied: dependencies are linked, and history is not part of the program. */
const LINKED = ofAll(({ linkedFolders }) => linkedFolders);
const LEFT_OUT = new Set([...LINKED, '.git']);

/** Not sockets and pipes, which a program may have left there. */
function isCopied(path: string): boolean {
  const stat = lstatSync(path);
  return stat.isFile() || stat.isDirectory() || stat.isSymbolicLink();
}

/**
 * A copy of a program's folder with files added or replaced; its dependencies are linked.
 * @throws for an image, whose files cannot be changed
 */
export function copyArtifact(target: Target, temp: string, files: Readonly<Record<string, string>>): ProcessTarget {
  if (target.kind !== 'process') throw new Error('only a program in a folder can be copied');
  const folder = join(temp, `artifact-${randomUUID().slice(0, 8)}`);
  mkdirSync(folder);
  for (const name of readdirSync(target.folder).filter((entry) => !LEFT_OUT.has(entry))) {
    cpSync(join(target.folder, name), join(folder, name), {
      recursive: true,
      verbatimSymlinks: true,
      filter: isCopied,
    });
  }
  for (const name of LINKED.filter((linked) => existsSync(join(target.folder, linked))))
    symlinkSync(join(target.folder, name), join(folder, name));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const command = target.command.map((part) =>
    part.startsWith(`${target.folder}/`) ? join(folder, part.slice(target.folder.length)) : part,
  );
  return { ...target, folder, command };
}
