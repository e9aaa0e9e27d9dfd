import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { linesOf, uniteLines } from '../../engine/core/text/sorted-lines.ts';
import type { OfSets } from './go-module.ts';

/** Each layer that may have a share of a lockfile, and the sets of options that have the layer. The first ones that do are taken. */
const LAYERS: readonly (readonly [layer: string, sets: readonly (keyof OfSets)[]])[] = [
  ['base', ['none', 'postgres', 'redis', 'all']],
  ['+postgres', ['postgres', 'all']],
  ['+stateless', ['none', 'redis']],
  ['+redis', ['redis', 'all']],
  ['+postgres-redis', ['all']],
];

/**
 * Writes every layer's share of a lockfile that is a set of lines.
 * @param template the folder of the layers
 * @param texts the lockfile of each set of options; empty where a set has none
 * @throws Error for a line that some sets have, and no layers have for just them
 */
export function writeShares(template: string, file: string, texts: OfSets): void {
  const shares = new Map(LAYERS.map(([layer]) => [layer, [] as string[]]));
  const sets = Object.entries(texts).map(([name, text]) => ({ name, lines: new Set(linesOf(text)) }));
  for (const line of linesOf(uniteLines(Object.values(texts)))) {
    const wanted = sets.filter(({ lines }) => lines.has(line)).map(({ name }) => name);
    let missing = wanted;
    for (const [layer, having] of LAYERS) {
      if (!having.every((name) => wanted.includes(name)) || !having.some((name) => missing.includes(name))) continue;
      shares.get(layer)?.push(line);
      missing = missing.filter((name) => !having.some((one) => one === name));
    }
    if (missing.length > 0) throw new Error(`${wanted.join(', ')} alone have a line of ${file}: ${line}`);
  }
  for (const [layer, lines] of shares) {
    const path = join(template, layer, file);
    if (lines.length > 0) writeFileSync(path, uniteLines([lines.join('\n')]));
    else rmSync(path, { force: true });
  }
}
