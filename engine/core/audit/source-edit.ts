import type { Trace } from '../template/template.ts';
import type { Hunk } from './clusters.ts';
import { type Placeholders, putBack } from './put-back.ts';

/** An edit of a service's file, made in the file that the standard has: with the service's own texts, and with placeholders for them. */
interface SourceEdit {
  readonly before: string;
  readonly plain: string;
  readonly placed: string;
}

/** Tags of blocks, which a service has not: a line with one is not replaced. */
const BLOCK_TAG = /\{\{[~]?[#/]|\{\{[~]?else/;

/** A value this short is in many lines by accident. It counts only where the edit removes the line that has it. */
const MIN_LENGTH = 3;

/**
 * Makes an edit of a rendered file in its template.
 * @returns nothing where that cannot be told: a line is of a filled block, of several records, or has a condition in it
 */
export function editSource(hunks: readonly Hunk[], trace: Trace, name: string): SourceEdit | undefined {
  const { text: before, lines } = trace;
  const source = before.split(/(?<=\n)/);
  const uses = new Map<number, number>();
  for (const line of lines) if (line !== undefined) uses.set(line, (uses.get(line) ?? 0) + 1);
  const removed = new Set<number>();
  const added = new Map<number, { plain: string; placed: string }[]>();
  for (const hunk of hunks) {
    const own = placeholdersOf(hunk, trace);
    let at = hunk.oldLines === 0 ? hunk.oldStart : hunk.oldStart - 1;
    for (const line of hunk.lines) {
      const [sign, text] = [line.charAt(0), line.slice(1)];
      if (sign === '\\') continue;
      if (sign === '+') {
        const anchor = at === 0 ? -1 : lines[at - 1];
        if (anchor === undefined) return undefined;
        const placed = `${putBack(text, name, own)}\n`;
        added.set(anchor, [...(added.get(anchor) ?? []), { plain: `${putBack(text, '')}\n`, placed }]);
        continue;
      }
      if (sign === '-') {
        const from = lines[at];
        if (from === undefined || uses.get(from) !== 1 || BLOCK_TAG.test(source[from] ?? '')) return undefined;
        removed.add(from);
      }
      at += 1;
    }
  }
  const make = (form: 'plain' | 'placed') =>
    [...source.keys(), -1]
      .sort((a, b) => a - b)
      .map((index) => {
        const own = index < 0 || removed.has(index) ? '' : (source[index] ?? '');
        return own + (added.get(index) ?? []).map((line) => line[form]).join('');
      })
      .join('');
  return { before, plain: make('plain'), placed: make('placed') };
}

/** What the variables of the lines that a hunk removes gave, and longer texts that others of the file gave. */
function placeholdersOf({ oldStart, lines }: Hunk, { lines: origins, values }: Trace): Placeholders {
  const found = new Map<string, string>();
  let at = oldStart - 1;
  for (const line of lines) {
    if (line.startsWith('-'))
      for (const { placeholder, text } of values.get(origins[at] ?? -1) ?? []) found.set(text, placeholder);
    if (!line.startsWith('+')) at += 1;
  }
  for (const { placeholder, text } of [...values.values()].flat())
    if (text.length >= MIN_LENGTH && !/^\d+$/.test(text) && !found.has(text)) found.set(text, placeholder);
  found.delete('');
  return found;
}
