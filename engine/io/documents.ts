import { basename, dirname, isAbsolute, join, posix, relative, sep } from 'node:path';
import { UserError } from '../core/errors.ts';
import { fs } from './disk.ts';
import { readDocument } from './document.ts';

/** As many files as a document may be made of. */
const MAX_FILES = 5000;
/** As large as all of them may be. */
const MAX_TOTAL = 100 * 1024 * 1024;

/** A document and the files that it refers to. */
export interface DocumentFiles {
  readonly root: unknown;
  /** What is in the other files, by their path from the folder of the document. */
  readonly values: ReadonlyMap<string, unknown>;
  /** The file that a reference in a file leads to; the root document is ''. */
  readonly find: (from: string, address: string) => { readonly name: string } | { readonly reason: string };
}

/** A document that refers to no other file. */
export function oneDocument(root: unknown): DocumentFiles {
  return { root, values: new Map(), find: () => ({ reason: 'is in another document' }) };
}

/**
 * Reads a document, and each file below its folder that a `$ref` in it names. Nothing is fetched, and no file elsewhere is
 * read.
 * @throws {UserError} INPUT_INVALID if the document itself cannot be read, or all are too many or too large
 */
export async function readDocuments(path: string): Promise<DocumentFiles> {
  const root = await readDocument(path);
  const folder = dirname(path);
  const values = new Map<string, unknown>();
  const failures = new Map<string, string>();
  const locate = (from: string, address: string) => locateFile(from, address, basename(path));
  let total = fs.statSync(path).size;
  const open = [{ name: '', value: root }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const address of addressesIn(next.value)) {
      const found = locate(next.name, address);
      if ('reason' in found || found.name === '' || values.has(found.name) || failures.has(found.name)) continue;
      const file = join(folder, found.name);
      try {
        refuseOutside(folder, file);
        total += fs.statSync(file).size;
        const value = await readDocument(file);
        values.set(found.name, value);
        open.push({ name: found.name, value });
      } catch (error) {
        failures.set(found.name, error instanceof UserError ? 'cannot be read' : (error as Error).message);
      }
      if (total > MAX_TOTAL || values.size > MAX_FILES)
        throw new UserError(
          'INPUT_INVALID',
          `the document is made of more than ${MAX_FILES} files or ${MAX_TOTAL} bytes`,
          'Add a part of it at a time.',
        );
    }
  }
  const find: DocumentFiles['find'] = (from, address) => {
    const found = locate(from, address);
    const failure = 'name' in found ? failures.get(found.name) : undefined;
    return failure === undefined ? found : { reason: failure };
  };
  return { root, values, find };
}

/** Each other file that a `$ref` names. An example may have one too: then a file is read that nobody asks for. */
function addressesIn(value: unknown): Set<string> {
  const found = new Set<string>();
  const seen = new Set<object>();
  const open = [value];
  while (open.length > 0) {
    const here = open.pop();
    if (typeof here !== 'object' || here === null || seen.has(here)) continue;
    seen.add(here);
    const { $ref } = here as { $ref?: unknown };
    const [address = ''] = typeof $ref === 'string' ? $ref.split('#') : [];
    if (address !== '') found.add(address);
    open.push(...Object.values(here));
  }
  return found;
}

/** @param root the name of the root document */
function locateFile(from: string, address: string, root: string): ReturnType<DocumentFiles['find']> {
  if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(address)) return { reason: 'is at another address, and nothing is fetched' };
  if (isAbsolute(address)) return { reason: 'is outside the folder of the document' };
  let path = address;
  try {
    path = decodeURIComponent(address);
  } catch {
    // A "%" that begins no escape stands for itself.
  }
  const name = posix.join(posix.dirname(from), path);
  if (name.startsWith('..') || path.includes('\0') || path.includes('\\'))
    return { reason: 'is outside the folder of the document' };
  return { name: name === root ? '' : name };
}

/** A link may lead out of the folder. @throws {RangeError} */
function refuseOutside(folder: string, file: string): void {
  if (!fs.existsSync(file)) throw new RangeError('is not there');
  const inside = relative(fs.realpathSync(folder), fs.realpathSync(file));
  if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside))
    throw new RangeError('is outside the folder of the document');
  if (!fs.statSync(file).isFile()) throw new RangeError('is no file');
}
