import { resolve } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { formatSourceSpec, parseSourceSpec, type SourceSpec } from '../../core/preset/source-spec.ts';
import { hashTree, type Tree } from '../../core/tree.ts';
import { fs } from '../disk.ts';
import type { ToolRun } from '../run-tool.ts';
import { fetchGit } from './fetch-git.ts';
import { fetchNpm } from './fetch-npm.ts';
import { findInHistory } from './folder-history.ts';
import { readFolderTree } from './read-folder.ts';
import { keepCached, readCached } from './source-cache.ts';
import { changedError } from './source-error.ts';

/** A source as it was fetched. */
export interface Fetched {
  /** The files that count. Paths are relative to the root of the package, the repository or the folder. */
  readonly files: Tree;
  /** Everything that came. */
  readonly all: Tree;
  /** The canonical spec of exactly these files: the version of a package, a commit, or the folder. */
  readonly resolved: string;
  /** {@link hashTree} of the files that count. */
  readonly integrity: string;
  /** {@link hashTree} of everything, which earlier versions recorded of a preset. A pin may have it. */
  readonly formerIntegrity: string;
}

/** Which files of a source count. The result has to be the same for its own result. */
export type Select = (files: Tree) => Promise<Tree>;

/** What a manifest records of a {@link Fetched}. */
export type Pin = Pick<Fetched, 'resolved' | 'integrity'>;

export interface FetchOptions {
  /** What a relative folder is relative to, and where npm looks for a `.npmrc`. */
  readonly cwd: string;
  /** Fetch exactly this content: from the cache if it is there, otherwise from the source. */
  readonly pin?: Pin;
  /** Whether this version is in use already, as that of a pin is: then npm's settings about the age of versions do not hold. */
  readonly isInUse?: boolean;
  /** Without it, all files count. */
  readonly select?: Select;
  /** Milliseconds for the whole fetch. */
  readonly timeout?: number;
  /** The user's environment. */
  readonly env?: NodeJS.ProcessEnv;
}

const TIMEOUT_MS = 30_000;

/**
 * Fetches a source. Without a pin it always asks the source itself and does not use the cache.
 * @throws {UserError} SOURCE_UNREACHABLE, SOURCE_DENIED, SOURCE_NOT_FOUND (5); SOURCE_CHANGED: not the pin's files,
 *   TEMPLATE_UNSAFE, TEMPLATE_BROKEN (6); NOT_POSSIBLE: no git, no npm (3); INPUT_INVALID: no such folder (2)
 */
export async function fetchSource(spec: SourceSpec, options: FetchOptions): Promise<Fetched> {
  const { cwd, pin, timeout = TIMEOUT_MS, env = process.env, select = selectAll, isInUse = false } = options;
  const kept = pin && readCached(pin.integrity, env);
  if (kept) return countFiles(kept, pin.resolved, select);
  const tool = { cwd, env, deadline: AbortSignal.timeout(timeout) };
  const { files, resolved } = pin ? await fetchPinned(spec, pin, tool, select) : await fetchFresh(spec, tool, isInUse);
  const fetched = await countFiles(files, resolved, select);
  if (pin && !isPinned(fetched, pin)) throw changedError(pin.resolved, pin.integrity, fetched.integrity);
  keepCached(fetched.files, fetched.integrity, env);
  if (pin && pin.integrity !== fetched.integrity) keepCached(files, pin.integrity, env);
  return fetched;
}

const selectAll: Select = async (files) => files;

/** Counts the files of a source. */
export async function countFiles(all: Tree, resolved: string, select: Select): Promise<Fetched> {
  const files = await select(all);
  return { files, all, resolved, integrity: hashTree(files), formerIntegrity: hashTree(all) };
}

function isPinned({ integrity, formerIntegrity }: Fetched, pin: Pin): boolean {
  return pin.integrity === integrity || pin.integrity === formerIntegrity;
}

type Found = Pick<Fetched, 'files' | 'resolved'>;
type Tool = Omit<ToolRun, 'source'>;

async function fetchFresh(spec: SourceSpec, tool: Tool, isInUse = false): Promise<Found> {
  switch (spec.kind) {
    case 'folder':
      return { files: readFolderTree(folderOf(spec.path, tool.cwd)), resolved: formatSourceSpec(spec) };
    case 'npm':
      return fetchNpm(spec, tool, isInUse);
    case 'git':
      return fetchGit(spec, tool);
  }
}

/** Fetches the resolved spec of a pin. If a git server refuses a single commit, it is asked for the tag or branch. */
async function fetchPinned(spec: SourceSpec, pin: Pin, tool: Tool, select: Select): Promise<Found> {
  const exact = parseSourceSpec(pin.resolved);
  if (exact.kind === 'folder') return fetchFolder(exact, pin, tool, select);
  if (exact.kind === 'npm') return fetchNpm(exact, tool, true);
  try {
    return await fetchGit(exact, tool, exact.ref);
  } catch (error) {
    const isRefused = error instanceof UserError && error.code === 'SOURCE_NOT_FOUND';
    if (!isRefused || spec.kind !== 'git') throw error;
    return fetchGit({ ...exact, ref: spec.ref }, tool, exact.ref);
  }
}

/** The files of the folder, or an earlier state of it from its git history. */
async function fetchFolder(
  spec: SourceSpec & { kind: 'folder' },
  pin: Pin,
  tool: Tool,
  select: Select,
): Promise<Found> {
  const found = await fetchFresh(spec, tool);
  const isWanted = async (files: Tree) => isPinned(await countFiles(files, pin.resolved, select), pin);
  if (await isWanted(found.files)) return found;
  const files = await findInHistory(folderOf(spec.path, tool.cwd), isWanted);
  return files ? { ...found, files } : found;
}

function folderOf(path: string, cwd: string): string {
  const folder = resolve(cwd, path);
  if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
  throw new UserError(
    'INPUT_INVALID',
    `the source ${path} is not a folder`,
    'Check the path; it is relative to the current folder.',
  );
}
