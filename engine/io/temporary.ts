import { join } from 'node:path';
import { fs } from './disk.ts';

/** Runs `use` with a new temporary folder. The folder is removed at the end, and also when the process exits early. */
export async function withTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const { tmpdir } = process.getBuiltinModule('node:os');
  const folder = fs.mkdtempSync(join(fs.realpathSync(tmpdir()), 'twelve-fetch-'));
  const remove = (): void => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  process.once('exit', remove);
  try {
    return await use(folder);
  } finally {
    process.removeListener('exit', remove);
    remove();
  }
}
