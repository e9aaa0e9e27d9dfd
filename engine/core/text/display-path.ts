import { isAbsolute, relative, sep } from 'node:path';
import { quote } from './shell-word.ts';

/** `root` as a person in `cwd` would say it in a sentence. */
export function placeText(cwd: string, root: string): string {
  const path = displayPath(cwd, root);
  return path === '.' ? 'this folder' : path;
}

/** `root` as a user in `cwd` would type it. */
export function displayPath(cwd: string, root: string): string {
  const path = relative(cwd, root);
  if (path === '') return '.';
  if (path.startsWith('..') || path.length > root.length) return root;
  return path.startsWith('-') ? `./${path}` : path;
}

/** `--dir` and the folder, for a command about a service that a person in `cwd` is not in; nothing where it is. */
export function dirOption(cwd: string, service: string): string[] {
  const way = relative(service, cwd);
  const isInside = way === '' || !(isAbsolute(way) || way === '..' || way.startsWith(`..${sep}`));
  return isInside ? [] : ['--dir', quote(displayPath(cwd, service))];
}
