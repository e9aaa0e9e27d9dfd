import { dirname, resolve } from 'node:path';
import { printable, UserError } from '../../core/errors.ts';
import { fs } from '../disk.ts';

/**
 * Reads a list of service folders, one per line. A line that starts with `#` is a comment.
 * @param from a file, whose lines are relative to its folder; or `-` for standard input, relative to `cwd`
 * @throws {UserError} INPUT_INVALID if it cannot be read
 */
export function readServiceList(from: string, cwd: string): { name: string; base: string }[] {
  const file = resolve(cwd, from);
  const base = from === '-' ? cwd : dirname(file);
  return readText(from, file)
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((name) => ({ name, base }));
}

function readText(from: string, file: string): string {
  try {
    return fs.readFileSync(from === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new UserError(
      'INPUT_INVALID',
      `the list of services ${printable(from)} cannot be read: ${code}`,
      'Name a file with one folder a line, or "-" for standard input.',
      { cause: error },
    );
  }
}
