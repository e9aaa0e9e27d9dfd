import type { RepoPath } from '../../engine/core/repo-path.ts';
import type { Manifest } from '../../engine/core/service/manifest.ts';
import type { RenderedFile, RenderedTree } from '../../engine/core/template/template.ts';
import type { TemplateSet } from '../../engine/io/source/template-version.ts';
import { GENERATORS } from '../../generators/generators.ts';

/**
 * What additions brought along for all of their kind (such as a client of HTTP), as a version of the templates has it.
 * It is copied byte for byte, so the path says it all; everything else of an addition is the team's.
 */
export async function sharedFiles(
  { files, answers }: Manifest,
  rendered: RenderedTree,
  { addition }: TemplateSet,
): Promise<RenderedFile[]> {
  const wanted = new Set(
    Object.entries(files).flatMap(([path, { owner }]) =>
      owner === 'managed' && !rendered.has(path as RepoPath) ? [path] : [],
    ),
  );
  if (wanted.size === 0) return [];
  const found = new Map<string, RenderedFile>();
  for (const { template } of GENERATORS.flatMap((generator) => generator.addition ?? []))
    for (const layer of (await addition(template))?.layers ?? []) {
      const isOn = Object.entries(layer.when).every(([key, value]) => (answers[key] ?? value) === value);
      for (const file of isOn ? layer.files() : []) {
        const { path, content, hash, mode, owner, source } = file;
        if (content && wanted.has(path) && !found.has(path))
          found.set(path, { path: path as RepoPath, content, mode, owner, source, ...(hash ? { hash } : {}) });
      }
    }
  return [...found.values()];
}
