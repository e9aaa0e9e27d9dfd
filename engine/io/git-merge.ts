import { join } from 'node:path';
import { UserError } from '../core/errors.ts';
import type { SideNames, ThreeTrees, TreeMerge } from '../core/merge-trees.ts';
import type { RepoPath } from '../core/repo-path.ts';
import type { Tree } from '../core/tree.ts';
import { fs } from './disk.ts';
import { parseBatch, parseListing } from './git-objects.ts';
import { withTemporaryFolder } from './temporary.ts';

/**
 * Merges trees with `git merge-tree`, in a throw-away store: renames, modes and binaries are handled by the tool that
 * people trust, no repository of theirs is touched, and none of their settings changes the result.
 * @throws {UserError} NOT_POSSIBLE if git is missing or older than 2.38
 */
export async function mergeWithGit(merges: readonly ThreeTrees[], names: SideNames): Promise<TreeMerge[]> {
  if (merges.length === 0) return [];
  return withTemporaryFolder(async (store) => {
    makeStore(store);
    git(store, ['fast-import', '--quiet', '--done'], importStream(merges));
    const merged = merges.map((_, index) => mergeCommits(store, index));
    const files = merged.map(({ tree }) => parseListing(git(store, ['ls-tree', '-r', '-z', '--long', tree]).stdout));
    const objects = [...new Map(files.flat().map((file) => [file.object, file])).values()];
    const batch = git(store, ['cat-file', '--batch'], Buffer.from(objects.map(({ object }) => `${object}\n`).join('')));
    // By object: one content may stand at several paths.
    const byPath = parseBatch(
      objects.map((file) => ({ ...file, path: file.object as RepoPath })),
      batch.stdout,
    );
    return merged.map(({ conflicts }, index) => ({
      conflicts,
      tree: new Map(
        (files[index] ?? []).map(({ path, mode, object }) => {
          const content = byPath.get(object as RepoPath)?.content ?? Buffer.alloc(0);
          return [path, { mode, content: conflicts.has(path) ? nameSides(content, index, names) : content }];
        }),
      ),
    }));
  });
}

/** What `git init --bare` makes, as far as git needs it. */
function makeStore(store: string): void {
  for (const folder of ['objects', 'refs']) fs.mkdirSync(join(store, folder));
  fs.writeFileSync(join(store, 'HEAD'), 'ref: refs/heads/none\n');
  fs.writeFileSync(
    join(store, 'config'),
    '[core]\n\trepositoryformatversion = 0\n\tbare = true\n[merge]\n\tconflictStyle = diff3\n\tdirectoryRenames = false\n\trenames = true\n\trenormalize = false\n',
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

function mergeCommits(store: string, index: number): { tree: string; conflicts: Set<RepoPath> } {
  const args = ['merge-tree', '--write-tree', '-z', '--no-messages', `${index}/ours`, `${index}/theirs`];
  const { stdout } = git(store, args, undefined, [0, 1]);
  const [tree = '', ...entries] = stdout.toString('utf8').split('\0');
  // `<mode> <object> <stage>\t<path>`
  const paths = entries.flatMap((entry) => (entry.includes('\t') ? [entry.slice(entry.indexOf('\t') + 1)] : []));
  return { tree, conflicts: new Set(paths as RepoPath[]) };
}

/** Markers that say whose a side is, instead of what it was called in the store. */
function nameSides(content: Uint8Array, index: number, names: SideNames): Uint8Array {
  const text = Buffer.from(content)
    .toString('latin1')
    .replaceAll(new RegExp(`^<<<<<<< ${index}/ours(?=$|:)`, 'gm'), () => `<<<<<<< ${names.ours}`)
    .replaceAll(/^\|{7} [0-9a-f]{7,40}(?=$|:)/gm, () => `||||||| ${names.base}`)
    .replaceAll(new RegExp(`^>>>>>>> ${index}/theirs(?=$|:)`, 'gm'), () => `>>>>>>> ${names.theirs}`);
  return Buffer.from(text, 'latin1');
}

/** Room for the results of many services in one run. */
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
    throw new UserError('NOT_POSSIBLE', 'git is not installed, and merging is its work', 'Install git 2.38 or newer.');
  if (status === null || !ok.includes(status)) {
    const reason = error?.message ?? signal ?? stderr.toString('utf8').trim().split('\n')[0];
    throw new UserError('NOT_POSSIBLE', `git ${args[0]} failed: ${reason}`, 'Merging needs git 2.38 or newer.', {
      cause: error,
    });
  }
  return { stdout };
}
