import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../../harness/wait.ts';

/** Larger files are read no further, in bytes. */
const MOST_BYTES = 8 * 1024 * 1024;
/** A text of at most so many characters is an id, and no line. */
const WORD = 40;
const NAMED = /\.log(\.\d+)?$/;

/**
 * Files in which a service keeps a log: what is named like one, or has one of some texts that only its log can have.
 * @param folder the service's temporary folder
 */
export function findLogFiles(folder: string, texts: readonly string[]): string[] {
  return filesBelow(folder).filter((path) => {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size === 0) return false;
    if (NAMED.test(path)) return true;
    const content = size > MOST_BYTES ? '' : readFileSync(path, 'utf8');
    // A database in a file may have what was asked for. It has no whole lines of a log.
    const isBinary = content.includes('\0');
    return texts.some((text) => content.includes(text) && !(isBinary && text.length <= WORD));
  });
}

function filesBelow(folder: string): string[] {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

/** A file may go while others are looked at. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    return [];
  }
}
