import type { Node } from 'jsonc-parser';
import { withoutMark } from '../text/byte-order-mark.ts';

/** What a file says, however broken it is. Values are not checked. */
export interface Sides {
  /** Two for a file with a conflict, one for any other, none if nothing can be read. */
  readonly sides: readonly unknown[];
  /** What was there before both sides, where the marks of the merge say so. */
  readonly base?: unknown;
  /** What is wrong with the text. Not set for valid JSON. */
  readonly damage?: string;
}

/** Nothing of ours is deeper, and a parser could run out of stack. */
const MAX_DEPTH = 50;

/**
 * Reads JSON with marks of a merge (of two or three sides), with the lines of a union merge, cut off, or edited by hand.
 * Where a key is there twice, the first and the last value are two sides.
 */
export async function readSides(text: string): Promise<Sides> {
  const plain = withoutMark(text).replaceAll('\r\n', '\n');
  const marked = splitMarks(plain);
  if (!marked) {
    const sides = await readJson(plain);
    const damage = isJson(plain) ? (sides.length > 1 ? 'has keys twice' : undefined) : 'is not JSON';
    return { sides, ...(damage === undefined ? {} : { damage }) };
  }
  const { ours, theirs, base } = marked;
  const sides = [...(await readJson(ours)), ...(await readJson(theirs))];
  const [before] = base === undefined ? [] : await readJson(base);
  return { sides, damage: 'has marks of a merge', ...(before === undefined ? {} : { base: before }) };
}

/** The texts of a merge with conflicts. Git writes a base only in its styles diff3 and zdiff3. */
function splitMarks(text: string): { ours: string; theirs: string; base?: string } | undefined {
  if (!/^<{7} /m.test(text) || !/^>{7} /m.test(text)) return undefined;
  const lines: Record<'ours' | 'base' | 'theirs', string[]> = { ours: [], base: [], theirs: [] };
  let now: keyof typeof lines | 'all' = 'all';
  let hasBase = false;
  for (const line of text.split('\n')) {
    if (/^<{7} /.test(line)) now = 'ours';
    else if (/^\|{7}( |$)/.test(line) && now === 'ours') {
      now = 'base';
      hasBase = true;
    } else if (/^={7}$/.test(line) && now !== 'all') now = 'theirs';
    else if (/^>{7} /.test(line)) now = 'all';
    else for (const side of now === 'all' ? (['ours', 'base', 'theirs'] as const) : [now]) lines[side].push(line);
  }
  const [ours, base, theirs] = [lines.ours, lines.base, lines.theirs].map((side) => side.join('\n'));
  return { ours: ours ?? '', theirs: theirs ?? '', ...(hasBase && base !== undefined ? { base } : {}) };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** @returns nothing, one value, or two if a key is there twice */
async function readJson(text: string): Promise<unknown[]> {
  if (depthOf(text) > MAX_DEPTH) return [];
  const { parseTree } = await import('jsonc-parser');
  const root = parseTree(text, [], { allowTrailingComma: true });
  if (!root) return [];
  const [first, last] = [plainValue(root, 'first'), plainValue(root, 'last')];
  return JSON.stringify(first) === JSON.stringify(last) ? [last] : [first, last];
}

function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const char of text) {
    if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth -= 1;
    if (depth > deepest) deepest = depth;
  }
  return deepest;
}

/** @param wins which value of a key that is there twice */
function plainValue({ type, value, children = [] }: Node, wins: 'first' | 'last'): unknown {
  if (type === 'array') return children.map((child) => plainValue(child, wins));
  if (type !== 'object') return value;
  const map = new Map<string, unknown>();
  for (const { children: [key, child] = [] } of children) {
    // A key without a value is where the text was cut off.
    if (!key || !child || (wins === 'first' && map.has(String(key.value)))) continue;
    map.set(String(key.value), plainValue(child, wins));
  }
  return Object.fromEntries(map);
}
