import type { Sample } from '../../../engine/core/service/samples.ts';
import { memberKey } from './zod.ts';

/** Prints a value as the service's formatter would: an object one member a line, long texts as `"t".repeat(n)`. */
export function printSample(value: Sample, indent = ''): string {
  if (typeof value === 'string') return printText(value);
  if (typeof value !== 'object') return String(value);
  const inner = `${indent}  `;
  if (isList(value)) {
    const [first] = value;
    if (first === undefined) return '[]';
    const item = printSample(first, inner);
    if (value.length > 3 || (value.length > 1 && item.length > 20))
      return `Array(${value.length}).fill(${printSample(first, indent)})`;
    const items = value.map(() => item);
    return typeof first === 'object' && !(isList(first) && first.length === 0)
      ? `[\n${items.map((one) => `${inner}${one},\n`).join('')}${indent}]`
      : `[${items.join(', ')}]`;
  }
  const members = Object.entries(value).map(
    ([name, member]) => `${inner}${memberKey(name)}: ${printSample(member, inner)},\n`,
  );
  return members.length === 0 ? '{}' : `{\n${members.join('')}${indent}}`;
}

function isList(value: Sample): value is readonly Sample[] {
  return Array.isArray(value);
}

/** A long text repeats one letter: see samples.ts. */
function printText(text: string): string {
  if (text.length <= 60) return JSON.stringify(text);
  return `${JSON.stringify(text.charAt(0))}.repeat(${text.length})`;
}
