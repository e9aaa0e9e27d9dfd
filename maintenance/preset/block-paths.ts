import type { RenderFunction } from '../../engine/core/template/template.ts';
import { parseCreateAnswers } from '../../generators/create/questions.ts';
import { renderStandard, type Standard } from '../../generators/standard.ts';

/** No file has these characters. */
const [OPEN, CLOSE] = ['\u0001', '\u0002'];
const NAME = new RegExp(`${OPEN}(.*?)${CLOSE}`, 'g');

/** More sets show no further place: a block is in few files. */
const MAX_SETS = 24;

/**
 * The files that the blocks of a standard are in, over option sets.
 * @returns path -> blocks
 */
export async function blockPaths(
  standard: Standard,
  sets: readonly Readonly<Record<string, unknown>>[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { template, questions } = standard;
  if (!template.blocks?.size) return new Map();
  const marks = [...template.blocks.keys()].map((name): [string, RenderFunction] => [
    name,
    () => Buffer.from(`${OPEN}${name}${CLOSE}`),
  ]);
  const marked = { ...standard, template: { ...template, blocks: new Map(marks) } };
  const found = new Map<string, Set<string>>();
  const step = Math.ceil(sets.length / MAX_SETS);
  for (const raw of sets.filter((_, index) => index % step === 0)) {
    for (const [path, { content }] of await renderStandard(marked, parseCreateAnswers(raw, questions))) {
      for (const [, name = ''] of Buffer.from(content).toString('utf8').matchAll(NAME))
        found.set(path, (found.get(path) ?? new Set()).add(name));
    }
  }
  return found;
}
