import { join } from 'node:path';
import { runCommand } from '../command.ts';
import { fs, kindOf } from '../disk.ts';

/** For git to list what it ignores, in milliseconds. A `.gitignore` may be a pipe, at which git would wait for ever. */
const TIMEOUT_MS = 20_000;

/**
 * The files and folders in a folder that its `.gitignore` files and the user's own settings tell git to ignore. The
 * settings of the repository itself are not read, since they can name programs. What git tracks is not ignored.
 * @returns paths relative to the folder, without a slash at the end; none if git cannot tell
 */
export function gitIgnored(root: string): ReadonlySet<string> {
  const { tmpdir } = process.getBuiltinModule('node:os');
  const store = fs.mkdtempSync(join(tmpdir(), 'twelve-ignored-'));
  try {
    if (!runCommand('git', ['init', '--quiet', '--bare', '--template=', store], store).ok) return new Set();
    const index = join(root, '.git', 'index');
    const env = kindOf(join(root, '.git')) === 'folder' && kindOf(index) === 'file' ? { GIT_INDEX_FILE: index } : {};
    const list = ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory'];
    const listed = runCommand('git', [`--git-dir=${store}`, `--work-tree=${root}`, ...list], root, {
      env,
      timeoutMs: TIMEOUT_MS,
    });
    return new Set(listed.ok ? listed.stdout.split('\0').map((path) => path.replace(/\/$/, '')) : []);
  } finally {
    fs.rmSync(store, { recursive: true, force: true });
  }
}
