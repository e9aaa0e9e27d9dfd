import { randomBytes } from 'node:crypto';
import { dirname, isAbsolute, join } from 'node:path';
import { admitFiles, SOURCE_LIMITS } from '../../core/preset/source-limits.ts';
import { type FileMode, hashTree, type Tree } from '../../core/tree.ts';
import { fs, kindOf } from '../disk.ts';

/**
 * The first line of a cache entry, as JSON: `path, mode, bytes` of each file. The contents follow in the same order.
 */
type Index = readonly [path: string, mode: FileMode, bytes: number][];

/** The cache file for an integrity. Nothing if there is no home folder, or if the text is not an integrity. */
export function cacheFile(integrity: string, env: NodeJS.ProcessEnv): string | undefined {
  const [, hash] = /^sha256-([A-Za-z0-9+/]{43}=)$/.exec(integrity) ?? [];
  const { XDG_CACHE_HOME = '', HOME = '' } = env;
  // A relative one is to be ignored, as the XDG specification says.
  const base = isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(HOME, '.cache');
  if (hash === undefined || !isAbsolute(base)) return undefined;
  const name = Buffer.from(hash, 'base64').toString('base64url');
  return join(base, 'create-twelve-service', 'sources', name);
}

/** The cached files of exactly this integrity. An entry with other content is removed. */
export function readCached(integrity: string, env: NodeJS.ProcessEnv): Tree | undefined {
  const file = cacheFile(integrity, env);
  if (file === undefined) return undefined;
  try {
    if (kindOf(file) === 'missing') return undefined;
    const tree = kindOf(file) === 'file' ? parseEntry(file) : undefined;
    if (tree !== undefined && hashTree(tree) === integrity) return tree;
    fs.rmSync(file, { recursive: true, force: true });
  } catch {
    // An entry that cannot be read counts as missing.
  }
  return undefined;
}

/** Writes a source to the cache. If that fails, it is not an error: the next run fetches again. */
export function keepCached(tree: Tree, integrity: string, env: NodeJS.ProcessEnv): void {
  const file = cacheFile(integrity, env);
  if (file === undefined) return;
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    if (kindOf(file) === 'file') return;
    fs.mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const index: Index = [...tree].map(([path, { mode, content }]) => [path, mode, content.length]);
    const contents = [...tree.values()].map(({ content }) => content);
    fs.writeFileSync(temporary, Buffer.concat([Buffer.from(`${JSON.stringify(index)}\n`), ...contents]), {
      flag: 'wx',
      mode: 0o600,
    });
    fs.renameSync(temporary, file);
  } catch {
    removeQuietly(temporary);
  }
}

function removeQuietly(file: string): void {
  try {
    fs.rmSync(file, { force: true });
  } catch {
    // The folder cannot be written, so the file stays.
  }
}

/** @returns nothing if the entry is not valid */
function parseEntry(file: string): Tree | undefined {
  if (fs.lstatSync(file).size > 2 * SOURCE_LIMITS.totalBytes) return undefined;
  const bytes = fs.readFileSync(file);
  let at = bytes.indexOf('\n') + 1;
  try {
    const admit = admitFiles();
    const index = JSON.parse(bytes.toString('utf8', 0, at)) as Index;
    return new Map(
      index.map(([path, mode, length]) => {
        const content = bytes.subarray(at, at + length);
        at += length;
        return [admit(path, length), { mode, content }];
      }),
    );
  } catch {
    return undefined;
  }
}
