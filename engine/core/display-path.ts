import { relative } from 'node:path';

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
