import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The text of a file in a folder, without a byte order mark; nothing where there is no such file. */
export function read(folder: string, name: string): string | undefined {
  const file = join(folder, name);
  return existsSync(file) ? readFileSync(file, 'utf8').replace(/^\uFEFF/, '') : undefined;
}

/** Those of some files that a folder has, by name. */
export function readAll(folder: string, names: readonly string[]): Record<string, string> {
  const found = names.map((name) => [name, read(folder, name)] as const);
  return Object.fromEntries(found.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Names of folders that have none of a project's own sources: hidden ones, and what others wrote. */
const OTHERS = /^(\.|_|testdata$|vendor$|node_modules$)/;

/** Paths, relative to a folder, of the files of its own sources that end in one of some ways. `left` is a folder that is not read. */
export function filesBelow(folder: string, endings: readonly string[], left?: string, below = ''): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name);
    if (entry.isDirectory())
      return OTHERS.test(entry.name) || path === left ? [] : filesBelow(folder, endings, left, path);
    return entry.isFile() && endings.some((ending) => path.endsWith(ending)) ? [path] : [];
  });
}

export const MAKEFILE = 'Makefile';

/** The commands of a target of a folder's Makefile, if there is one: without what tells make how to run them. */
export function recipe(folder: string, target: string): string[] | undefined {
  const [, lines] = new RegExp(`^${target}:(?!=).*\n((?:\t.*\n?)*)`, 'm').exec(read(folder, MAKEFILE) ?? '') ?? [];
  return lines
    ?.split('\n')
    .map((line) => line.trim().replace(/^[@+-]+/, ''))
    .filter((line) => line !== '');
}
