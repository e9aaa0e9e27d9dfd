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

/** Whether an error of the file system has one of these codes. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException)?.code ?? '');
}
