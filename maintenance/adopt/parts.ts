import { toLf } from '../../engine/core/merge/merge-file.ts';
import { isOdd, type TeamTree } from '../../engine/core/merge/merged-file.ts';
import { onlyParts, PARTS, type Part } from '../../engine/core/record/parts.ts';
import type { RenderedTree } from '../../engine/core/template/template.ts';
import type { Stack } from '../../stacks/stack.ts';

/** Files of a standard that a service can take without the rest. */
export interface OfferedPart {
  readonly name: string;
  readonly files: readonly { readonly path: string; readonly state: 'new' | 'same' | 'differs' }[];
}

/** All parts by name, those of the service's language last. */
export async function namedParts(stack: Stack): Promise<Record<string, Part>> {
  const { parts } = await stack.load();
  const ofLanguage = Object.entries(parts).map(([name, globs]) => [name, { globs, isNeutral: false }]);
  return { ...PARTS, ...Object.fromEntries(ofLanguage) };
}

/**
 * The parts of a standard that make sense for a service: those with a file that it does not have in the same form.
 * @param isLanguageOurs whether the service is written in the language of the standard
 */
export async function offerParts(
  rendered: RenderedTree,
  { tree, stack, isLanguageOurs }: { tree: TeamTree; stack: Stack; isLanguageOurs: boolean },
): Promise<OfferedPart[]> {
  return Object.entries(await namedParts(stack))
    .filter(([, { isNeutral }]) => isNeutral || isLanguageOurs)
    .map(([name, { globs }]) => ({ name, files: filesOf(onlyParts(rendered, globs), tree) }))
    .filter(({ files }) => files.some(({ state }) => state !== 'same'));
}

/** The files of a part, and whether the service has them. */
export function filesOf(part: RenderedTree, tree: TeamTree): OfferedPart['files'] {
  return [...part].map(([path, file]) => {
    const own = tree.get(path);
    if (!own) return { path, state: 'new' };
    const isSame = !isOdd(own) && Buffer.compare(toLf(own.content), file.content) === 0;
    return { path, state: isSame ? 'same' : 'differs' };
  });
}
