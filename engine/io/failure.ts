import { UserError } from '../core/errors.ts';

/**
 * Turns an error of the operating system into one that a user can act on. Any other error is our bug and is not
 * changed.
 */
export function diskError(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException)?.code;
  const failure = (kind: 'DISK_FULL' | 'DISK_READ_ONLY' | 'DISK_FAILED', message: string, remedy: string) =>
    new UserError(kind, `${message}: ${path}`, `${remedy} Nothing was left behind.`, { cause: error });
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return failure('DISK_FULL', 'the disk is full', 'Make room and run the command again.');
    case 'EROFS':
      return failure('DISK_READ_ONLY', 'the file system is read-only', 'Choose another place with --dir.');
    case 'EACCES':
    case 'EPERM':
      return failure(
        'DISK_READ_ONLY',
        'no permission to write',
        'Choose another place with --dir, or change its permissions.',
      );
    default:
      if ((error as NodeJS.ErrnoException)?.syscall === undefined) return error;
      return failure(
        'DISK_FAILED',
        `the disk failed with ${code}`,
        'Check the path and the disk, then run the command again.',
      );
  }
}

/** What a tool says when it cannot write: it ends as it does for any other reason. */
const SAID: readonly (readonly [code: string, said: RegExp])[] = [
  ['ENOSPC', /no space left on device|out of diskspace|\bENOSPC\b/i],
  ['EDQUOT', /disk quota exceeded|\bEDQUOT\b/i],
  ['EROFS', /read-only file system|\bEROFS\b/i],
];

/** What git says when it cannot write, without a reason. */
const UNSAID = /unable to (write|create)|write error|failed to write/i;
/** Less than this is too little for any of its files. */
const LITTLE_BYTES = 256 * 1024;

/**
 * The error of a tool that could not write, if it says so.
 * @param said what it printed
 * @param tool and what it was asked: `git fetch`
 * @param folder where it writes: how much is free there decides if it does not say why
 */
export function diskErrorSaid(said: string, tool: string, folder?: string): UserError | undefined {
  const isFull = folder !== undefined && UNSAID.test(said) && freeBytes(folder) < LITTLE_BYTES;
  const code = SAID.find(([, text]) => text.test(said))?.[0] ?? (isFull ? 'ENOSPC' : undefined);
  if (code === undefined) return undefined;
  return diskError(Object.assign(new Error(said), { code, syscall: 'write' }), tool) as UserError;
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = process.getBuiltinModule('node:fs').statfsSync(folder);
  return bavail * bsize;
}

/** Whether an error of the file system has one of these codes. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException)?.code ?? '');
}
