import { printable } from './errors.ts';

declare const brand: unique symbol;

/**
 * A path relative to the service's root, with `/` between segments. It cannot leave the root. See {@link
 * parseRepoPath}.
 */
export type RepoPath = string & { readonly [brand]: 'RepoPath' };

/** Device names that Windows reserves in every folder, with any extension. */
const WINDOWS_DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;

export function isWindowsDevice(segment: string): boolean {
  return WINDOWS_DEVICE.test(segment);
}

/** The usual case. This fast check avoids the Unicode tables that the other patterns load. */
const PLAIN_SEGMENT = /^\.?[A-Za-z0-9_-]([A-Za-z0-9._-]*[A-Za-z0-9_-])?$/;
const GIT_FOLDER = /^\.git$/i;

/** Why a segment may not be part of a path that we write. Nothing if it may. */
function segmentProblem(segment: string): string | undefined {
  if (segment === '') return 'an empty segment';
  if (segment === '.' || segment === '..') return `the segment "${segment}"`;
  if (PLAIN_SEGMENT.test(segment) && !GIT_FOLDER.test(segment) && !isWindowsDevice(segment)) return undefined;
  // Git and Windows ignore case. Windows drops dots and spaces at the end. HFS+ drops format characters.
  const folded = segment
    .normalize('NFKC')
    .replace(/[\p{Cf}]/gu, '')
    .toLowerCase();
  if (/^\.git[. ]*$/.test(folded) || folded === 'git~1') return 'a .git folder';
  if (isWindowsDevice(segment)) return `the device name "${segment}"`;
  if (segment.includes('\ufffd')) return 'bytes that are not UTF-8';
  if (/[. ]$/.test(segment)) return 'a segment that ends in a dot or a space';
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(segment)) return 'a control or invisible character';
  if (/[\\:*?"<>|]/.test(segment)) return 'a character that Windows does not allow';
  return undefined;
}

/**
 * Checks a path before it is used on disk (law 9). Only this function makes a RepoPath.
 * @throws {RangeError} with the reason; callers add the template file
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

/** The folders of a path, the topmost first. */
export function foldersAbove<T extends string>(path: T): T[] {
  const folders: T[] = [];
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) folders.push(path.slice(0, at) as T);
  return folders;
}

/** Whether a path could be written by a template. Other paths are ignored, because we never write to them. */
export function isSafe(path: string): path is RepoPath {
  try {
    parseRepoPath(path);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
