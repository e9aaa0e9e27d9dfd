import { hash } from 'node:crypto';
import { fs, kindOf } from '../disk.ts';
import { hasCode } from '../failure.ts';

/** The largest file that is read, in bytes. No template writes a larger one. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;

/** The result of comparing a file with a hash. `same` allows CRLF in place of LF. */
type Comparison =
  | { readonly kind: 'same' }
  | { readonly kind: 'missing' }
  /** `note` says what is there if it is not a plain file, or is too large. */
  | { readonly kind: 'different'; readonly note?: string };

/** More than any service has. */
const MAX_FILES = 20_000;

const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;
/** Refuses a link, and does not wait for the writer of a pipe. */
const FLAGS = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;

/** One buffer for all files: a new one for each would take longer than the read itself. */
const BUFFER = Buffer.allocUnsafeSlow(256 * 1024);
const SAME: Comparison = { kind: 'same' };
const MISSING: Comparison = { kind: 'missing' };

/** The files of one service, read without following a link. The kind of each folder is read once and remembered. */
export class ServiceFolder {
  readonly #folders = new Map<string, string>();
  readonly root: string;

  constructor(root: string) {
    this.root = root;
    this.#folders.set('', 'folder');
  }

  /**
   * @param expected `sha256-<base64>`; with several, any of them is the same
   * @throws a file-system error if a file is there and cannot be read
   */
  compare(path: string, ...expected: readonly string[]): Comparison {
    const obstacle = this.obstacle(folderOf(path));
    if (obstacle === 'missing') return MISSING;
    if (obstacle !== undefined) return { kind: 'different', note: obstacle };
    const absolute = `${this.root}/${path}`;
    const found = this.#readFast(absolute);
    if (found && expected.includes(`sha256-${hash('sha256', found, 'base64')}`)) return SAME;
    const read = readPlain(absolute);
    if (read === 'missing') return MISSING;
    if (typeof read === 'string') return { kind: 'different', note: read };
    return isSameText(read, expected) ? SAME : { kind: 'different' };
  }

  /**
   * The bytes of a plain file, or what is there instead: `missing`, `a link`, `a folder`, `no file`, `larger than ...`.
   */
  read(path: string, maxBytes = MAX_FILE_BYTES): Buffer | string {
    return this.obstacle(folderOf(path)) ?? readPlain(`${this.root}/${path}`, maxBytes);
  }

  /** Whether there is a file, link or device at a path, behind no link. */
  holds(path: string): boolean {
    return (
      this.obstacle(folderOf(path)) === undefined && !['missing', 'folder'].includes(kindOf(`${this.root}/${path}`))
    );
  }

  /** Paths in a folder that are not known. Subfolders are ignored. */
  strangers(folder: string, isKnown: (path: string) => boolean): string[] {
    if (this.obstacle(folder) !== undefined) return [];
    const paths = textNames(`${this.root}/${folder}`).map((name) => `${folder}/${name}`);
    return paths.filter((path) => !isKnown(path) && kindOf(`${this.root}/${path}`) !== 'folder');
  }

  /**
   * Paths of all plain files, without those behind links.
   * @param isLeftOut for a folder that is not read
   * @returns nothing if there are more than 20,000
   */
  files(isLeftOut: (path: string) => boolean): string[] | undefined {
    const found: string[] = [];
    const list = (folder: string): void => {
      for (const entry of fs.readdirSync(`${this.root}/${folder}`, { withFileTypes: true })) {
        const path = `${folder}${entry.name}`;
        if (found.length > MAX_FILES || path.includes('\ufffd')) continue;
        if (entry.isFile()) found.push(path);
        else if (entry.isDirectory() && !isLeftOut(path)) list(`${path}/`);
      }
    };
    list('');
    return found.length > MAX_FILES ? undefined : found;
  }

  /** What a link points to, as it is written in it. Nothing for anything else. */
  linkTarget(path: string): string | undefined {
    const absolute = `${this.root}/${path}`;
    return this.obstacle(folderOf(path)) === undefined && kindOf(absolute) === 'link'
      ? fs.readlinkSync(absolute)
      : undefined;
  }

  /** Why a folder cannot be used: `missing`, or a note such as `below a link: src`. */
  obstacle(folder: string): string | undefined {
    let kind = this.#folders.get(folder);
    if (kind === undefined) {
      kind = this.obstacle(folderOf(folder)) ?? describeFolder(`${this.root}/${folder}`, folder);
      this.#folders.set(folder, kind);
    }
    return kind === 'folder' ? undefined : kind;
  }

  /** Reads a small file in one read. Returns nothing if that does not work. */
  #readFast(path: string): Buffer | undefined {
    if (O_NOFOLLOW === 0) return undefined;
    let descriptor: number | undefined;
    try {
      descriptor = fs.openSync(path, FLAGS);
      const length = fs.readSync(descriptor, BUFFER, 0, BUFFER.length, null);
      return length > 0 && length < BUFFER.length ? BUFFER.subarray(0, length) : undefined;
    } catch {
      return undefined; // The slow way finds the reason.
    } finally {
      if (descriptor !== undefined) fs.closeSync(descriptor);
    }
  }
}

/** The names in a folder. Those that are not UTF-8 are left out: they are nobody's business but the team's. */
export function textNames(folder: string): string[] {
  return fs.readdirSync(folder).filter((name) => !name.includes('\ufffd'));
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function describeFolder(absolute: string, folder: string): string {
  const kind = kindOf(absolute);
  if (kind === 'folder' || kind === 'missing') return kind;
  return `below ${kind === 'link' ? 'a link' : 'something that is not a folder'}: ${folder}`;
}

/** Checks the kind before it opens the file, and again on the open file, which may be another one by then. */
function readPlain(path: string, maxBytes = MAX_FILE_BYTES): Buffer | string {
  const kind = kindOf(path);
  if (kind !== 'file') return { missing: 'missing', link: 'a link', folder: 'a folder', other: 'no file' }[kind];
  let descriptor: number;
  try {
    descriptor = fs.openSync(path, FLAGS);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 'missing';
    if (hasCode(error, 'ELOOP')) return 'a link';
    throw error;
  }
  try {
    const stat = fs.fstatSync(descriptor);
    if (!stat.isFile()) return 'no file';
    if (stat.size > maxBytes) return `larger than ${maxBytes} bytes`;
    const bytes = Buffer.allocUnsafe(stat.size + 1);
    let length = 0;
    for (;;) {
      const read = fs.readSync(descriptor, bytes, length, bytes.length - length, null);
      length += read;
      if (read === 0 || length === bytes.length) return bytes.subarray(0, length);
    }
  } finally {
    fs.closeSync(descriptor);
  }
}

/** A checkout may have CRLF where the generator wrote LF. */
function isSameText(bytes: Buffer, expected: readonly string[]): boolean {
  if (expected.includes(`sha256-${hash('sha256', bytes, 'base64')}`)) return true;
  if (!bytes.includes('\r\n')) return false;
  const text = Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
  return expected.includes(`sha256-${hash('sha256', text, 'base64')}`);
}
