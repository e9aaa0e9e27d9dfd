import { UserError } from '../../engine/core/errors.ts';
import { parseRepoPath, type RepoPath } from '../../engine/core/repo-path.ts';
import { readText, writeText } from '../../engine/core/service/text-file.ts';
import type { Tree, TreeFile } from '../../engine/core/tree.ts';
import type { Needs } from '../stack.ts';
import { PACKAGES } from './packages.ts';
import { growPnpmLockfile } from './pnpm/grow.ts';
import { PNPM_LOCKFILE } from './pnpm/read.ts';

const MANIFEST = parseRepoPath('package.json');
const LOCKFILE = parseRepoPath('package-lock.json');

/**
 * package.json and its lockfile with the packages that an addition needs, each in its alphabetical place and in the file's own format. A
 * dependency that is there stays at its version.
 * @returns nothing for a file that is not there, or has all of them
 * @throws {UserError} TARGET_UNUSABLE for one that is no JSON object
 */
export async function addDependencies(needs: Needs, tree: Tree): Promise<Tree> {
  const wanted = PACKAGES[needs];
  const { applyEdits, findNodeAtLocation, modify, parseTree } = await import('jsonc-parser');
  const edits = new Map<RepoPath, TreeFile>();

  const put = (text: string, path: readonly string[], value: unknown): string => {
    const root = parseTree(text);
    const others = ['devDependencies', 'optionalDependencies', 'peerDependencies'].map((group) => [
      group,
      path.at(-1) ?? '',
    ]);
    const isThere = [path, ...(path[0] === 'dependencies' ? others : [])];
    if (!root || isThere.some((one) => findNodeAtLocation(root, [...one]))) return text;
    const [, indent = '  '] = /^([ \t]+)"/m.exec(text) ?? [];
    const key = path.at(-1) ?? '';
    const changes = modify(text, [...path], value, {
      formattingOptions: { insertSpaces: !indent.includes('\t'), tabSize: indent.length, eol: '\n' },
      getInsertionIndex: (keys) => {
        const next = keys.findIndex((one) => one > key);
        return next === -1 ? keys.length : next;
      },
    });
    return applyEdits(text, changes);
  };

  const edit = (path: RepoPath, change: (text: string) => string): void => {
    const file = tree.get(path);
    if (!file) return;
    const text = readText(file);
    const errors: object[] = [];
    if (parseTree(text.text, errors as never)?.type !== 'object' || errors.length > 0)
      throw new UserError(
        'TARGET_UNUSABLE',
        `${path} is not a JSON object`,
        'Correct it first: npm would refuse it too.',
      );
    const grown = change(text.text);
    if (grown !== text.text) edits.set(path, writeText(file, text, grown));
  };

  edit(MANIFEST, (text) =>
    wanted.reduce((grown, { name, version }) => put(grown, ['dependencies', name], version), text),
  );
  edit(LOCKFILE, (text) =>
    wanted.reduce((grown, { name, version, entry }) => {
      const listed = put(grown, ['packages', '', 'dependencies', name], version);
      return put(listed, ['packages', `node_modules/${name}`], { version, ...entry });
    }, text),
  );
  const pnpm = tree.get(PNPM_LOCKFILE);
  if (pnpm) {
    const text = readText(pnpm);
    const grown = await growPnpmLockfile(text.text, wanted);
    if (grown !== text.text) edits.set(PNPM_LOCKFILE, writeText(pnpm, text, grown));
  }
  return edits;
}
