import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { SideNames, ThreeTrees, TreeMerge } from '../../core/merge/sides.ts';
import type { RepoPath } from '../../core/repo-path.ts';
import type { Tree, TreeFile } from '../../core/tree.ts';
import { fs } from '../disk.ts';
import { diskErrorSaid } from '../failure.ts';
import { withTemporaryFolder } from '../temporary.ts';
import { type GitFile, parseBatch } from './git-objects.ts';

/**
 * Merges trees with `git merge-tree` in a temporary repository. So git, which people trust, handles renames, modes and
 * binary files. The user's repository is not touched, and the user's settings do not change the result.
 * @param names the names of the sides in conflict markers: the same for all merges, or those of each
 * @throws {UserError} NOT_POSSIBLE if git is missing or older than 2.38
 */
export async function mergeWithGit(
  merges: readonly ThreeTrees[],
  names: SideNames | readonly SideNames[],
): Promise<TreeMerge[]> {
  const [first, ...others] = merges.map((_, index) => ('ours' in names ? names : names[index]));
  if (first === undefined) return [];
  const namesOf = [first, ...others];
  return withTemporaryFolder(async (store) => {
    makeStore(store);
    const marks = join(store, 'marks');
    git(store, ['fast-import', '--quiet', '--done', `--export-marks=${marks}`], importStream(merges));
    const commits = new Map(fs.readFileSync(marks, 'utf8').split('\n').map(splitMark));
    const merged = mergeCommits(store, merges.length);
    const files = listTrees(
      store,
      merged.map(({ tree }) => tree),
    );
    const objects = [...new Map(files.flat().map((file) => [file.object, file])).values()];
    const batch = git(store, ['cat-file', '--batch'], Buffer.from(objects.map(({ object }) => `${object}\n`).join('')));
    // By object, because several paths may have the same content.
    const byPath = parseBatch(
      objects.map((file) => ({ ...file, path: file.object as RepoPath })),
      batch.stdout,
    );
    return merged.map(({ conflicts }, index) => {
      const sides = namesOf[index] ?? first;
      const base = commits.get(index * 3 + 1) ?? '';
      const tree = new Map(
        (files[index] ?? []).map(({ path, mode, object }): [RepoPath, TreeFile] => {
          const content = byPath.get(object as RepoPath)?.content ?? Buffer.alloc(0);
          return [path, { mode, content: conflicts.has(path) ? nameSides(content, index, base, sides) : content }];
        }),
      );
      return { conflicts, tree };
    });
  });
}

/** Makes the minimum that git accepts as a bare repository. */
function makeStore(store: string): void {
  for (const folder of ['objects', 'refs']) fs.mkdirSync(join(store, folder));
  fs.writeFileSync(join(store, 'HEAD'), 'ref: refs/heads/none\n');
  fs.writeFileSync(
    join(store, 'config'),
    '[core]\n\trepositoryformatversion = 0\n\tbare = true\n[fastimport]\n\tunpackLimit = 1\n[merge]\n\tconflictStyle = diff3\n\tdirectoryRenames = false\n\trenames = true\n\trenormalize = false\n',
  );
}

function importStream(merges: readonly ThreeTrees[]): Buffer {
  const parts: (string | Uint8Array)[] = [];
  const commit = (ref: string, tree: Tree, mark: number, from?: number): void => {
    parts.push(`commit refs/heads/${ref}\nmark :${mark}\ncommitter x <x> 0 +0000\ndata 0\n`);
    if (from !== undefined) parts.push(`from :${from}\ndeleteall\n`);
    for (const [path, { content, mode }] of tree)
      parts.push(`M 100${mode.toString(8)} inline ${path}\ndata ${content.length}\n`, content, '\n');
    parts.push('\n');
  };
  merges.forEach(({ base, ours, theirs }, index) => {
    const mark = index * 3 + 1;
    commit(`${index}/base`, base, mark);
    commit(`${index}/ours`, ours, mark + 1, mark);
    commit(`${index}/theirs`, theirs, mark + 2, mark);
  });
  return Buffer.concat([...parts.map((part) => Buffer.from(part)), Buffer.from('done\n')]);
}

interface MergedCommits {
  readonly tree: string;
  readonly conflicts: ReadonlySet<RepoPath>;
}

/** One merge works with git 2.38. Several merges run in one process, which needs git 2.39. */
function mergeCommits(store: string, count: number): MergedCommits[] {
  const args = ['merge-tree', '--write-tree', '-z', '--no-messages'];
  const merged: MergedCommits[] = [];
  const several = Array.from({ length: count }, (_, index) => `${index}/ours ${index}/theirs\n`);
  const { stdout } =
    count === 1
      ? git(store, [...args, '0/ours', '0/theirs'], undefined, [0, 1])
      : git(store, [...args, '--stdin'], Buffer.from(several.join('')));
  const parts = stdout.toString('utf8').split('\0');
  // `<tree> <mode> <object> <stage>\t<path> ...`. With --stdin each result begins with `0` or `1`, and ends with an
  // empty part.
  for (let at = 0; merged.length < count; ) {
    const from = count === 1 ? at : at + 1;
    const end = Math.max(parts.indexOf('', from), from);
    const [tree = '', ...entries] = parts.slice(from, end);
    merged.push({ tree, conflicts: new Set(entries.map((entry) => entry.slice(entry.indexOf('\t') + 1) as RepoPath)) });
    at = end + 1;
  }
  return merged;
}

/** Lists the files of each tree, all in one process. */
function listTrees(store: string, trees: readonly string[]): GitFile[][] {
  const list = (tree: string) => [...listFiles(git(store, ['ls-tree', '-r', '-z', '--long', tree]).stdout)];
  const [only] = trees;
  if (only !== undefined && trees.length === 1) return [list(only)];
  const folders = trees.map((tree, index) => `040000 tree ${tree}\t${index}\n`);
  const all = git(store, ['mktree'], Buffer.from(folders.join('')));
  const files: GitFile[][] = trees.map(() => []);
  for (const file of list(all.stdout.toString('latin1').trim())) {
    const at = file.path.indexOf('/');
    files[Number(file.path.slice(0, at))]?.push({ ...file, path: file.path.slice(at + 1) as RepoPath });
  }
  return files;
}

/**
 * Reads the output of `ls-tree -r -z --long`. The files come from our own trees, so paths and sizes are not checked.
 */
function* listFiles(output: Buffer): Generator<GitFile> {
  for (const line of output.toString('utf8').split('\0').filter(Boolean)) {
    const tab = line.indexOf('\t');
    const [mode, , object = '', size] = line.slice(0, tab).split(/ +/);
    const path = line.slice(tab + 1) as RepoPath;
    yield { path, mode: mode === '100755' ? 0o755 : 0o644, object, bytes: Number(size) };
  }
}

/** Reads `:1 <commit>`. */
function splitMark(line: string): [number, string] {
  const [mark = '', commit = ''] = line.slice(1).split(' ');
  return [Number(mark), commit];
}

/**
 * Replaces the names of the sides in conflict markers: git writes the names from the temporary repository.
 * @param base the commit of the base; git writes its first characters
 */
function nameSides(content: Uint8Array, index: number, base: string, names: SideNames): Uint8Array {
  const text = Buffer.from(content)
    .toString('latin1')
    .replaceAll(new RegExp(`^<<<<<<< ${index}/ours(?=$|:)`, 'gm'), () => `<<<<<<< ${names.ours}`)
    .replaceAll(new RegExp(`^\\|{7} ${base.slice(0, 7)}[0-9a-f]{0,33}(?=$|:)`, 'gm'), () => `||||||| ${names.base}`)
    .replaceAll(new RegExp(`^>>>>>>> ${index}/theirs(?=$|:)`, 'gm'), () => `>>>>>>> ${names.theirs}`);
  return Buffer.from(text, 'latin1');
}

/** Limit for git's output: enough for many services in one run. */
const MAX_BYTES = 1024 * 1024 * 1024;

function git(store: string, args: readonly string[], input?: Buffer, ok: readonly number[] = [0]): { stdout: Buffer } {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { PATH, SystemRoot } = process.env;
  const nowhere = join(store, 'none');
  const env = { PATH, SystemRoot, HOME: nowhere, GIT_DIR: store, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: nowhere };
  const { error, status, signal, stdout, stderr } = spawnSync('git', args, {
    cwd: store,
    env: { ...env, LC_ALL: 'C' },
    maxBuffer: MAX_BYTES,
    ...(input ? { input } : { stdio: ['ignore', 'pipe', 'pipe'] }),
  });
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === 'ENOENT')
    throw new UserError('NOT_POSSIBLE', 'git is not installed, and a merge needs it', 'Install git 2.38 or newer.');
  if (status === null || !ok.includes(status)) {
    const reason = error?.message ?? signal ?? stderr.toString('utf8').trim().split('\n')[0];
    const full = diskErrorSaid(stderr?.toString('utf8') ?? '', `git ${args[0]}`, store);
    if (full) throw full;
    throw new UserError('NOT_POSSIBLE', `git ${args[0]} failed: ${reason}`, 'Merging needs git 2.38 or newer.', {
      cause: error,
    });
  }
  return { stdout };
}
