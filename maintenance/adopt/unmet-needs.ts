import { instructions } from '../../engine/core/audit/dockerfile.ts';
import { isOdd, type TeamTree } from '../../engine/core/merge/merged-file.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import type { Tree } from '../../engine/core/tree.ts';
import type { Stack } from '../../stacks/stack.ts';

/** What the files of a part rely on and a service does not have, one line for each. */
export async function unmetNeeds(part: Tree, tree: TeamTree, stack: Stack): Promise<string[]> {
  const read = (path: string): string => {
    const file = tree.get(path as RepoPath);
    return file && !isOdd(file) ? Buffer.from(file.content).toString('utf8') : '';
  };
  const paths = new Set([...tree.keys(), ...part.keys()].flatMap((path) => [path, ...foldersAbove(path)]));
  const { unmetNeeds: ofLanguage } = await stack.load();
  return [...part].flatMap(([path, { content }]) => {
    const text = Buffer.from(content).toString('utf8');
    const copied = /(^|\/)Dockerfile$/.test(path) ? copiedPaths(text).filter((one) => !paths.has(one)) : [];
    return [
      ...(copied.length > 0 ? [`${path} copies what is not here: ${copied.join(', ')}`] : []),
      ...ofLanguage(text, read).map((need) => `${path} ${need}`),
    ];
  });
}

/** What a Dockerfile takes from its context by name. A glob may match nothing. */
function copiedPaths(dockerfile: string): string[] {
  const copies = [...instructions(dockerfile)].filter(
    ({ name, text }) => /^(COPY|ADD)$/.test(name) && !/(^|\s)--from=/.test(text),
  );
  const sources = copies.flatMap(({ text }) =>
    text
      .split(/\s+/)
      .filter((word) => !word.startsWith('--'))
      .slice(0, -1),
  );
  return [...new Set(sources.map((source) => source.replace(/^\.\/|\/$/g, '')))].filter(
    (source) => source !== '.' && source !== '' && !source.includes('*'),
  );
}

function foldersAbove(path: string): string[] {
  const segments = path.split('/').slice(0, -1);
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
}
