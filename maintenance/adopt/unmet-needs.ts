import { instructions } from '../../engine/core/audit/dockerfile.ts';
import { BESIDE } from '../../engine/core/merge/merge-file.ts';
import { isOdd, type TeamTree } from '../../engine/core/merge/merged-file.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import type { Tree } from '../../engine/core/tree.ts';
import type { Stack } from '../../stacks/stack.ts';

/**
 * What the files of a part rely on and a service does not have, one line for each.
 * @param differing files of which the service has its own; those of the part are beside them
 */
export async function unmetNeeds(
  part: Tree,
  differing: readonly string[],
  { tree, stack }: { readonly tree: TeamTree; readonly stack: Stack },
): Promise<string[]> {
  const paths = new Set([...tree.keys(), ...part.keys()].flatMap((path) => [path, ...foldersAbove(path)]));
  const { unmetNeeds: ofLanguage } = await stack.load();
  const read = (path: string): string => textAt(tree, path);
  return [...part].flatMap(([path, { content }]) => {
    const text = Buffer.from(content).toString('utf8');
    const copied = /(^|\/)Dockerfile$/.test(path) ? copiedPaths(text).filter((one) => !paths.has(one)) : [];
    const needs = [
      ...(copied.length > 0 ? [`copies what is not here: ${copied.join(', ')}`] : []),
      ...(/(^|\/)(docker-)?compose\./.test(path) ? composeNeeds(text, part, tree) : []),
      ...workflowNeeds(text, differing, read),
      ...ofLanguage(text, read),
    ];
    return needs.map((need) => `${path}${differing.includes(path) ? BESIDE : ''} ${need}`);
  });
}

function textAt(tree: TeamTree, path: string): string {
  const file = tree.get(path as RepoPath);
  return file && !isOdd(file) ? Buffer.from(file.content).toString('utf8') : '';
}

/** Words that a compose file gives to an image, and addresses that it sets. The standard's own image knows them. */
function composeNeeds(compose: string, part: Tree, tree: TeamTree): string[] {
  if (part.has('Dockerfile' as RepoPath) && !tree.has('Dockerfile' as RepoPath)) return [];
  const words = [...compose.matchAll(/^ +command: \[([a-z-]+)/gm)].map(([, word = '']) => word);
  const set = new Set([...compose.matchAll(/^ +([A-Z][A-Z0-9_]*_URL):/gm)].map(([, name = '']) => name));
  const unread = [...set].filter((name) => ![...tree.keys()].some((path) => textAt(tree, path).includes(name)));
  return [
    ...(words.length > 0 ? [`starts your image with ${[...new Set(words)].join(', ')}, which it has to know`] : []),
    ...(unread.length > 0 ? [`sets ${unread.join(', ')}, which nothing here reads`] : []),
  ];
}

/** Workflows of the service that a workflow of the part calls, and that cannot be called. */
function workflowNeeds(text: string, differing: readonly string[], read: (path: string) => string): string[] {
  const called = [...text.matchAll(/uses: \.\/(\S+\.ya?ml)/g)].map(([, path = '']) => path);
  return called
    .filter((path) => differing.includes(path) && !/\bworkflow_call\b/.test(read(path)))
    .map((path) => `calls ${path}, and yours has no workflow_call`);
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
