import { isMap } from '../record/parse-record.ts';
import { isSame, own } from './settle.ts';
import type { Sides } from './sides.ts';

/** What a manifest has before its files, in the order in which it is written. */
const HEAD = ['template', 'presets', 'answers', 'parts', 'additions'] as const;

interface Filled {
  readonly sides: readonly unknown[];
  readonly notes: readonly string[];
  readonly open: readonly string[];
}

/**
 * What a text that is cut off has lost, from the last commit. Its last key may be only a half.
 * @param last the manifest of the last commit, if there is one
 */
export function fillGaps({ sides, damage }: Sides, last: unknown): Filled {
  const [side] = sides;
  if (sides.length > 1 || (damage !== 'is not JSON' && side !== undefined)) return { sides, notes: [], open: [] };
  const keys = isMap(side) ? Object.keys(side) : [];
  if (!isMap(last)) {
    const isCut = !keys.includes('files');
    return { sides, notes: [], open: isCut ? ['it is cut off, and the last commit has no manifest'] : [] };
  }
  const sound = new Set(keys.slice(0, -1));
  const filled = new Map<string, unknown>(isMap(side) ? Object.entries(side) : []);
  const notes: string[] = [];
  // Once there are files, all that stands before them is there. Nothing else says that a key was never there.
  const isWhole = keys.includes('files');
  for (const key of HEAD) {
    if (sound.has(key) || (isWhole && !sound.has(key))) continue;
    const value = own(last, key);
    if (value === undefined || isSame(value, own(side, key))) continue;
    filled.set(key, value);
    notes.push(`${key} as in the last commit`);
  }
  return { sides: [Object.fromEntries(filled)], notes, open: [] };
}
