import { matchesGlob } from '../../engine/core/glob.ts';
import { withoutMark } from '../../engine/core/text/byte-order-mark.ts';

/** What the globs of ours do not have: whether npm takes such a one for the folder is left open. */
const OTHER_SYNTAX = /[?[\]{}()]/;

/**
 * Whether a `package.json` is that of a workspace of which a folder below it is a package, as npm decides.
 * @throws {SyntaxError} for what is no JSON
 */
export function isWorkspaceMember(text: string, location: string): boolean {
  const { workspaces } = (JSON.parse(withoutMark(text)) ?? {}) as { workspaces?: unknown };
  if (workspaces === undefined) return false;
  const listed = Array.isArray(workspaces) ? workspaces : (Object(workspaces) as { packages?: unknown }).packages;
  if (!Array.isArray(listed)) return false;
  // The last pattern that matches decides, and "!" takes folders out.
  return listed.map(String).reduce((isIn, pattern) => {
    const glob = pattern
      .replace(/^!/, '')
      .replace(/^\.?\//, '')
      .replace(/\/+$/, '');
    const isMatch = matchesGlob(glob, location) || (OTHER_SYNTAX.test(glob) && !pattern.startsWith('!'));
    return isMatch ? !pattern.startsWith('!') : isIn;
  }, false);
}

/** Whether a `biome.json` is for a folder below it too: it does not take the folder out with `"!services/orders"`. */
export function isBelowBiome(text: string, location: string): boolean {
  const folders = location.split('/').map((_, index, all) => all.slice(0, index + 1).join('/'));
  return !folders.some((folder) => [`"!${folder}"`, `"!!${folder}"`].some((excluded) => text.includes(excluded)));
}
