import { toLf } from '../../engine/core/merge/merge-file.ts';
import { isOdd, type TeamTree } from '../../engine/core/merge/merged-file.ts';
import { sharedHashes } from '../../engine/core/record/additions.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import type { Manifest } from '../../engine/core/service/manifest.ts';
import type { RenderedFile, RenderedTree } from '../../engine/core/template/template.ts';
import { hashContent } from '../../engine/core/tree.ts';
import type { TemplateSet } from '../../engine/io/source/template-version.ts';
import { GENERATORS } from '../../generators/generators.ts';

/**
 * What additions brought along for all of their kind (such as a client of HTTP), as a version of the templates has it.
 * It is copied byte for byte, so the path says it all; everything else of an addition is the team's. A file that is new
 * in that version belongs to it too.
 */
export async function sharedFiles(
  manifest: Manifest,
  rendered: Pick<ReadonlySet<string>, 'has'>,
  { addition }: Pick<TemplateSet, 'addition'>,
): Promise<RenderedFile[]> {
  const { files, answers, additions = [] } = manifest;
  const recorded = Object.entries(files).flatMap(([path, { owner }]) => (owner === 'seeded' ? [] : [path]));
  const brought = [...sharedHashes(manifest).keys(), ...recorded];
  const known = new Set(brought.filter((path) => !rendered.has(path)));
  const kinds = new Set(additions.map(({ generator }) => generator));
  if (kinds.size === 0 && known.size === 0) return [];
  const found = new Map<RepoPath, RenderedFile>();
  for (const { name, addition: kind } of GENERATORS) {
    if (!kind) continue;
    for (const layer of (await addition(kind.template))?.layers ?? []) {
      if (!Object.entries(layer.when).every(([key, value]) => (answers[key] ?? value) === value)) continue;
      // Whether a layer of the addition's own answers applies is known only where one of its files is there.
      const isDecided = kinds.has(name) && Object.keys(layer.when).every((key) => Object.hasOwn(answers, key));
      for (const { path, content, hash, mode, owner, source } of layer.files()) {
        const isOurs = known.has(path) || (isDecided && owner !== 'seeded');
        const at = path as RepoPath;
        if (content && isOurs && !rendered.has(at) && !found.has(at))
          found.set(at, { path: at, content, mode, owner, source, ...(hash ? { hash } : {}) });
      }
    }
  }
  return [...found.values()];
}

/**
 * The base of a merge. An addition may be of another version than the service. A shared file that is as its addition
 * brought it was not edited, so it is its own base.
 */
export function sharedBase(
  manifest: Manifest,
  { tree, shared }: { readonly tree: RenderedTree; readonly shared: ReadonlySet<RepoPath> },
  ours: TeamTree,
): RenderedTree {
  const hashes = sharedHashes(manifest);
  const base = new Map(tree);
  for (const path of shared) {
    const [file, own] = [tree.get(path), ours.get(path)];
    if (!file || !own || isOdd(own)) continue;
    const content = toLf(own.content);
    const found = hashContent(content);
    const isRecorded = Object.hasOwn(manifest.files, path) && manifest.files[path]?.hash === found;
    if (!isRecorded && !hashes.get(path)?.has(found)) continue;
    base.set(path, { ...file, content, hash: found });
  }
  return base;
}
