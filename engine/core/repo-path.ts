import { printable } from './errors.ts';

declare const brand: unique symbol;

/** A path relative to the service's root, with `/` between segments, that cannot leave it. Made by {@link parseRepoPath} alone. */
export type RepoPath = string & { readonly [brand]: 'RepoPath' };

/** Device names that Windows reserves in every folder, with any extension. */
const WINDOWS_DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;

export function isWindowsDevice(segment: string): boolean {
  return WINDOWS_DEVICE.test(segment);
}

/** The usual case, told without the Unicode tables that the other patterns load. */
const PLAIN_SEGMENT = /^\.?[A-Za-z0-9_-]([A-Za-z0-9._-]*[A-Za-z0-9_-])?$/;
const GIT_FOLDER = /^\.git$/i;

/** Why a segment may not be part of a path that we write, or nothing if it may. */
function segmentProblem(segment: string): string | undefined {
  if (segment === '') return 'an empty segment';
  if (segment === '.' || segment === '..') return `the segment "${segment}"`;
  if (PLAIN_SEGMENT.test(segment) && !GIT_FOLDER.test(segment) && !isWindowsDevice(segment)) return undefined;
  // Git and Windows both fold case, and Windows drops trailing dots and spaces; HFS+ drops format characters.
  const folded = segment
    .normalize('NFKC')
    .replace(/[\p{Cf}]/gu, '')
    .toLowerCase();
  if (/^\.git[. ]*$/.test(folded) || folded === 'git~1') return 'a .git folder';
  if (isWindowsDevice(segment)) return `the device name "${segment}"`;
  if (/[. ]$/.test(segment)) return 'a segment that ends in a dot or a space';
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(segment)) return 'a control or invisible character';
  if (/[\\:*?"<>|]/.test(segment)) return 'a character that Windows does not allow';
  return undefined;
}

/**
 * The one gate between a template's text and a path on disk (law 9).
 * @throws {RangeError} naming what is wrong; callers add which template file it came from.
 */
export function parseRepoPath(text: string): RepoPath {
  for (const segment of text.split('/')) {
    const problem = segmentProblem(segment);
    if (problem) throw new RangeError(`the path "${printable(text)}" has ${problem}`);
  }
  if (text.length > 400)
    throw new RangeError(`the path "${printable(text.slice(0, 60))}..." is longer than 400 characters`);
  return text as RepoPath;
}
