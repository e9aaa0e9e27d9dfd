import { randomUUID } from 'node:crypto';
import {
  cpSync,
  type Dirent,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ofAll } from '../runtimes/index.ts';
import type { ProcessTarget, Target } from '../target.ts';

const LINKED = new Set(ofAll(({ linkedFolders }) => linkedFolders));
const SIGNS = ofAll(({ linkedSign }) => (linkedSign === undefined ? [] : [linkedSign]));
const BUILT = new Set(ofAll(({ builtFolders }) => builtFolders));

export interface ArtifactOptions {
  /** Texts of files that are added or replaced, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Whether it will be built, so that what a build makes has to be its own. */
  readonly isBuilt?: boolean;
}

/**
 * A copy of a program's folder without its history. Folders of dependencies, and of what a build made, are links: they are
 * large, and starting a program does not change them.
 * @throws for an image, whose files cannot be changed
 */
export function copyArtifact(
  target: Target,
  temp: string,
  { files = {}, isBuilt = false }: ArtifactOptions = {},
): ProcessTarget {
  if (target.kind !== 'process') throw new Error('only a program in a folder can be copied');
  const folder = join(temp, `artifact-${randomUUID().slice(0, 8)}`);
  copyFolder({ from: target.folder, to: folder, path: '', changed: Object.keys(files), isBuilt });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return { ...target, folder, command: commandIn(target.command, target.folder, folder) };
}

/** A command whose files below one folder are those of another, such as a copy of it. */
export function commandIn(command: readonly string[], from: string | undefined, to: string): readonly string[] {
  if (from === undefined || from === to) return command;
  return command.map((part) => (part.startsWith(`${from}/`) ? join(to, part.slice(from.length)) : part));
}

interface Copy {
  readonly from: string;
  readonly to: string;
  /** The folder that is copied now, relative to both. */
  readonly path: string;
  /** Paths of files that the copy has otherwise. */
  readonly changed: readonly string[];
  readonly isBuilt: boolean;
}

function copyFolder(copy: Copy): void {
  const { from, to, path, changed, isBuilt } = copy;
  mkdirSync(join(to, path));
  for (const entry of readdirSync(join(from, path), { withFileTypes: true })) {
    if (entry.name === '.git') continue;
    const below = join(path, entry.name);
    const [source, target] = [join(from, below), join(to, below)];
    const within = changed.flatMap((file) => (file.startsWith(`${below}/`) ? [file.slice(below.length + 1)] : []));
    const isOwn = within.length > 0 || (isBuilt && BUILT.has(entry.name));
    if (!isOwn && isFolder(entry, source) && isLinked(below, source)) symlinkSync(realpathSync(source), target);
    else if (isOwn && isFolder(entry, source))
      copyFolder({ from: realpathSync(source), to: target, path: '', changed: within, isBuilt });
    else if (entry.isDirectory()) copyFolder({ ...copy, path: below });
    // Not sockets and pipes, which a program may have left there. Times tell a build what it need not make again.
    else if (entry.isFile() || entry.isSymbolicLink())
      cpSync(source, target, { verbatimSymlinks: true, preserveTimestamps: true });
  }
}

/** Whether a copy of a folder has none of its own of an entry of it. */
export const isLeftOut = (entry: Dirent, path: string): boolean =>
  entry.name === '.git' || (isFolder(entry, path) && isLinked(entry.name, path));

/** Whether a copy has a link in place of a folder. @param path where the folder is */
export function isLinked(name: string, path: string): boolean {
  const last = basename(name);
  return LINKED.has(last) || BUILT.has(last) || SIGNS.some((sign) => existsSync(join(path, sign)));
}

/** A folder, or a link to one, as a copy of a folder has them. */
const isFolder = (entry: Dirent, path: string): boolean =>
  entry.isDirectory() || (entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true);
