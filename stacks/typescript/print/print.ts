import type { Code } from './code.ts';
import { block, type Doc, group, ifBroken, join, line } from './doc.ts';
import { assigned, express, memberDoc } from './express.ts';
import { layout } from './layout.ts';
import { quoted } from './quote.ts';

/** The longest line of the service's code: `lineWidth` of its biome.json. */
const WIDTH = 100;

/*
 * Each of these prints as the service's formatter would. The first line comes without its indentation, since a template
 * has it already; `depth` is that of the first line, in steps of two spaces.
 */

/** `key: value,` as a member of an object with one member a line. */
export function printMember(key: string, value: Code, depth: number): string {
  return settled((open) => [memberDoc(key, value, open), ','], depth);
}

/** `const name = value;` */
export function printConstant(name: string, value: Code, { isExported = false, depth = 0 } = {}): string {
  const left = `${isExported ? 'export ' : ''}const ${name} =`;
  return settled((open) => [assigned(left, value, open), ';'], depth);
}

/** The value with what stands before and after it on its line: `return value;`, `for (const one of value) {`. */
export function printWithin(before: string, value: Code, after: string, depth = 0): string {
  return settled((open) => [before, express(value, open), after], depth);
}

/** `import { names } from "file";` with the names in the order that the formatter wants. */
export function printImport(names: readonly string[], file: string, { isType = false } = {}): string {
  const sorted = [...names].sort(inOrder);
  const [start, end] = [isType ? 'import type {' : 'import {', `} from ${quoted(file)};`];
  if (sorted.length === 1) return `${start} ${sorted.join()} ${end}`;
  return layout([start, group(block([join([',', line], sorted), ifBroken(',')], line)), end], WIDTH);
}

/** An object that was broken stays so when it is formatted again, and what is around it may then be laid out anew. */
function settled(docOf: (open: ReadonlySet<object>) => Doc, depth: number): string {
  const open = new Set<object>();
  for (;;) {
    const { size } = open;
    const printed = layout(docOf(open), WIDTH, depth, open);
    if (open.size === size) return printed;
  }
}

/** Natural order, upper case before lower case of the same letter. */
function inOrder(one: string, other: string): number {
  const [first, second] = [one.toLowerCase(), other.toLowerCase()];
  if (first === second) return one < other ? -1 : 1;
  return first < second ? -1 : 1;
}
