import type { Manifest } from '../../engine/core/service/manifest.ts';
import type { Template } from '../../engine/core/template/template.ts';
import { hashContent } from '../../engine/core/tree.ts';
import { findStack } from '../../stacks/index.ts';
import { sharedFiles } from '../upgrade/shared-files.ts';
import { builtinTemplates } from '../upgrade/templates.ts';
import type { Renderings } from './files.ts';

/** The files that additions share, as this version of the program has them. Each template is loaded once. */
export class BroughtFiles {
  readonly #templates = new Map<string, Promise<Template | undefined>>();

  /**
   * @param rendered paths of the template itself
   * @returns by path; nothing for a service without additions
   */
  async hashes(manifest: Manifest, rendered: Pick<ReadonlySet<string>, 'has'>): Promise<Renderings['shared']> {
    if (!manifest.additions) return undefined;
    const stack = findStack(manifest.answers);
    const addition = (name: string) => {
      const key = `${stack.id}/${name}`;
      const known = this.#templates.get(key) ?? builtinTemplates(stack).addition(name);
      this.#templates.set(key, known);
      return known;
    };
    const files = await sharedFiles(manifest, rendered, { addition });
    return new Map(
      files.map(({ path, owner, hash, content }) => [path, { owner, hash: hash ?? hashContent(content) }]),
    );
  }
}
