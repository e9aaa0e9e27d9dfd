import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The path of a program in `folders` or on the PATH of this process, or `undefined`. */
export function findProgram(name: string, folders: readonly string[] = []): string | undefined {
  const path = (process.env.PATH ?? '').split(delimiter);
  return [...folders, ...path, '/usr/sbin', '/sbin']
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
}
