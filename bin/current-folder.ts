import { diskError } from '../engine/io/failure.ts';

/** @throws {UserError} DISK_* for a folder that is gone */
export function currentFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw diskError(error, 'the current folder');
  }
}
