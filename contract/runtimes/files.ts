import { existsSync, readFileSync } from 'node:fs';
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
