import { writeSync } from 'node:fs';
import { UserError } from '../engine/core/errors.ts';
import { clearWaiting } from './waiting.ts';

/** Where text goes: `data` is what was asked for (stdout), `chatter` is everything else (stderr). */
export interface Output {
  /** Writes and returns exit code 0, since whoever prints what was asked for is done. */
  data(text: string): number;
  chatter(text: string): void;
}

export const systemOutput: Output = {
  data(text) {
    write(1, text);
    return 0;
  },
  chatter(text) {
    write(2, text);
  },
};

/** Straight to the file descriptor: `process.stdout` and `process.stderr` load Node's streams first. */
function write(descriptor: 1 | 2, text: string): void {
  clearWaiting();
  const bytes = Buffer.from(`${text}\n`);
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A reader that went away (`| head`) is no error; there is just nobody left to tell.
      if (code === 'EPIPE' || code === 'EBADF') return;
      // A pipe that somebody made non-blocking is full; wait for its reader.
      if (code !== 'EAGAIN') {
        if (descriptor === 2) return; // There is nowhere to say so.
        throw new UserError(
          'OUTPUT_FAILED',
          `the result could not be printed: standard output answered ${code}`,
          'Check the disk or the program that the output goes to.',
          { cause: error },
        );
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
