import { join } from 'node:path';
import { fs, kindOf } from '../disk.ts';
import { HELD, readJournal, removeWaste } from './journal.ts';
import { stageName } from './stage.ts';
import { amendRecord, dropRecord, placeRecord } from './undo-record.ts';

/**
 * Ends a run that has made all its changes: brings the record for undo up to date, and releases the lock. After a kill
 * at any place it can be called again.
 * @returns a line if the record could not be brought up to date; the run itself is done
 */
export function completeRun(root: string): string[] {
  const held = join(root, HELD);
  const notes: string[] = [];
  try {
    updateRecord(root, held);
  } catch (error) {
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    notes.push(`the record of this run for undo could not be kept: ${message}`);
  }
  release(root, held);
  return notes;
}

function updateRecord(root: string, held: string): void {
  switch (readJournal(held).record) {
    case 'replaced':
      fs.rmSync(join(held, 'new'), { recursive: true, force: true });
      placeRecord(root, held);
      break;
    case 'dropped':
      dropRecord(root);
      break;
    case 'amended':
      amendRecord(root);
      break;
    default:
  }
}

/** Releases the lock, if the record did not take it along. The run is done, so if that fails, the next run does it. */
function release(root: string, held: string): void {
  const waste = join(root, stageName(''));
  try {
    if (kindOf(held) !== 'folder') return;
    fs.renameSync(held, waste);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    return;
  }
  removeWaste(waste);
}
