import { withoutMark } from '../core/text/byte-order-mark.ts';
import { fs } from './disk.ts';

/** What a shell makes of `<(command)`: something writes to it already. */
const OF_SHELL = /^\/(dev|proc\/self)\/fd\/\d+$|^\/dev\/stdin$/;

/**
 * Reads a text file that a person named on the command line, without its byte order mark.
 * @param path absolute
 * @throws {Error} with a reason that follows "cannot be read"
 */
export function readGiven(path: string, maxBytes: number): string {
  const stat = fs.statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new Error('there is no such file');
  if (stat.isDirectory()) throw new Error('it is a folder');
  // A named pipe that nobody writes to would be waited for without an end, and some devices have none.
  if (!stat.isFile() && !OF_SHELL.test(path)) throw new Error('it is a pipe or a device, and not a file');
  const bytes = stat.size > maxBytes ? undefined : fs.readFileSync(path);
  if (!bytes || bytes.length > maxBytes) throw new Error(`it is larger than ${maxBytes} bytes`);
  return withoutMark(bytes.toString('utf8'));
}

/** Reads all of standard input, without its byte order mark. */
export function readStandardInput(): string {
  return withoutMark(fs.readFileSync(0, 'utf8'));
}
