/** A line of Go gets no longer than this where it can be broken. */
const WIDTH = 120;
const TAB = 4;

/** Code that is one line, or several where it is too long for one. */
export type Code = string | Broken;

/** `head`, entries between brackets, and the closing bracket. */
interface Broken {
  readonly head: string;
  readonly entries: readonly Entry[];
  readonly close: ')' | '}';
}

interface Entry {
  /** `Name`, before ": ". */
  readonly key?: string;
  readonly value: Code;
}

/** `fields.AnyOf(a, b)` */
export function call(name: string, values: readonly Code[]): Code {
  return values.length === 0
    ? `${name}()`
    : { head: `${name}(`, entries: values.map((value) => ({ value })), close: ')' };
}

/** `order{ID: "1", Lines: lines}` */
export function composite(type: string, entries: readonly (readonly [key: string, value: Code])[]): Code {
  return entries.length === 0
    ? `${type}{}`
    : { head: `${type}{`, entries: entries.map(([key, value]) => ({ key, value })), close: '}' };
}

/** `[]string{"a", "b"}` */
export function listOf(type: string, values: readonly Code[]): Code {
  return values.length === 0
    ? `${type}{}`
    : { head: `${type}{`, entries: values.map((value) => ({ value })), close: '}' };
}

/** Prints code on one line. */
export function flat(code: Code): string {
  if (typeof code === 'string') return code;
  const inner = code.entries.map(({ key, value }) => `${key === undefined ? '' : `${key}: `}${flat(value)}`);
  return `${code.head}${inner.join(', ')}${code.close}`;
}

/**
 * Prints code as gofmt leaves it.
 * @param indent the tabs before its first line
 * @param around how many characters stand on that line beside it
 */
export function print(code: Code, indent: number, around: number): string {
  const line = flat(code);
  if (typeof code === 'string' || indent * TAB + around + line.length <= WIDTH) return line;
  const entries = code.entries.map(({ key, value }) => {
    const printed = print(value, indent + 1, key === undefined ? 1 : key.length + 3);
    return { key, printed, isOneLine: !printed.includes('\n') };
  });
  const widths = keyWidths(entries);
  const lines = entries.map(({ key, printed }, index) => {
    const before = key === undefined ? '' : `${key}:`.padEnd((widths[index] ?? 0) + 2);
    return `${'\t'.repeat(indent + 1)}${before}${printed},\n`;
  });
  return `${code.head}\n${lines.join('')}${'\t'.repeat(indent)}${code.close}`;
}

/**
 * How wide the keys of each line are: gofmt aligns the values of lines one below the other, unless one has several lines, or a
 * key is long and of quite another length than those above it.
 */
function keyWidths(entries: readonly { readonly key: string | undefined; readonly isOneLine: boolean }[]): number[] {
  const sections: number[][] = [];
  let logs = 0;
  let count = 0;
  let previous = 0;
  for (const [index, { key = '', isOneLine }] of entries.entries()) {
    const size = isOneLine ? [...key].length : 0;
    const isFar = () => {
      if (count === 0 || (previous <= 40 && size <= 40)) return false;
      const ratio = size / Math.exp(logs / count);
      return 2.5 * ratio <= 1 || 2.5 <= ratio;
    };
    if (index === 0 || previous === 0 || size === 0 || isFar()) {
      sections.push([]);
      logs = 0;
      count = 0;
    }
    sections.at(-1)?.push([...key].length);
    if (size > 0) {
      logs += Math.log(size);
      count += 1;
    }
    previous = size;
  }
  return sections.flatMap((keys) => keys.map(() => Math.max(...keys)));
}

/** One field of a struct. */
export interface StructField {
  readonly name: string;
  readonly type: string;
  readonly tags: readonly (readonly [key: string, value: string])[];
}

/** The lines of fields of a struct, aligned as gofmt aligns them. */
export function structLines(fields: readonly StructField[]): string {
  const length = (text: string) => [...text].length;
  const names = Math.max(...fields.map(({ name }) => length(name)));
  const isTagged = fields.map(({ tags }) => tags.length > 0);
  const lines = fields.map(({ name, type, tags }, index) => {
    const field = `\t${name}${' '.repeat(names - length(name) + 1)}${type}`;
    if (tags.length === 0) return `${field}\n`;
    // Lines with a tag are aligned with those next to them that have one too.
    let [from, to] = [index, index];
    while (from > 0 && isTagged[from - 1]) from -= 1;
    while (isTagged[to + 1]) to += 1;
    const types = Math.max(...fields.slice(from, to + 1).map((other) => length(other.type)));
    return `${field}${' '.repeat(types - length(type) + 1)}${tagCode(tags)}\n`;
  });
  return lines.join('');
}

function tagCode(tags: StructField['tags']): string {
  return `\`${tags.map(([key, value]) => `${key}:${JSON.stringify(value)}`).join(' ')}\``;
}
