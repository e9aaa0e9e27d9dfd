import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * The contents of a folder by relative path: text, bytes, a link or an executable. A path that ends in `/` is a folder.
 */
export type Contents = Readonly<Record<string, string | Uint8Array | { link: string } | { run: string }>>;

/** A folder of one test, outside of any repository, removed when the test is over. */
export function temporaryFolder(contents: Contents = {}): string {
  const folder = makeFolder();
  onTestFinished(() => removeFolder(folder));
  write(folder, contents);
  return folder;
}

/** Like {@link temporaryFolder}, for one round of a property. */
export async function withFolder<T>(contents: Contents, use: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = makeFolder();
  try {
    write(folder, contents);
    return await use(folder);
  } finally {
    removeFolder(folder);
  }
}

/** Like {@link temporaryFolder}, for a whole test file. The caller removes it. */
export function makeFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'twelve-')));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

export function write(folder: string, contents: Contents): void {
  for (const [path, content] of Object.entries(contents)) {
    const absolute = join(folder, path);
    mkdirSync(path.endsWith('/') ? absolute : dirname(absolute), { recursive: true });
    if (path.endsWith('/')) continue;
    if (typeof content === 'string' || content instanceof Uint8Array) writeFileSync(absolute, content);
    else if ('link' in content) symlinkSync(content.link, absolute);
    else {
      writeFileSync(absolute, content.run);
      chmodSync(absolute, 0o755);
    }
  }
}

/** Everything below a folder: `path -> "file 644 text"`, `"folder 755"`, `"link -> x"`. Links are not followed. */
export function snapshot(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (path: string): void => {
    const absolute = join(folder, path);
    const stat = lstatSync(absolute);
    const mode = (stat.mode & 0o7777).toString(8);
    if (stat.isSymbolicLink()) found[path] = `link -> ${readlinkSync(absolute)}`;
    else if (stat.isDirectory()) {
      found[path || '.'] = `folder ${mode}`;
      for (const name of readdirSync(absolute)) visit(path === '' ? name : `${path}/${name}`);
    } else found[path] = `file ${mode} ${readFileSync(absolute, 'latin1')}`;
  };
  visit('');
  return found;
}

/** The paths of the files and links below a folder. */
export function filesIn(folder: string): string[] {
  return Object.entries(snapshot(folder))
    .filter(([, what]) => !what.startsWith('folder'))
    .map(([path]) => path)
    .sort();
}
