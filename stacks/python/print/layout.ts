import { textWidth } from '../../typescript/print/width.ts';

/** A line of Python gets no longer than this where it can be broken. */
const WIDTH = 120;
const INDENT = 4;

/** Code that is one line, or several where it is too long for one. */
export type Code = string | Bracketed | Union | Repeated;

/** `head`, entries between brackets, and the closing bracket. */
interface Bracketed {
  readonly kind: 'bracketed';
  /** With its opening bracket. */
  readonly head: string;
  readonly entries: readonly Entry[];
  readonly close: ')' | ']' | '}';
  /** Whether the last entry has no comma: one type between brackets is no tuple of one. */
  readonly isBare: boolean;
}

interface Entry {
  /** What stands before the value: `name=`, `"key": `, `**`. */
  readonly before: string;
  readonly value: Code;
}

/** `A | B`. Where it may be broken, it is between brackets. */
interface Union {
  readonly kind: 'union';
  readonly parts: readonly Code[];
}

/** `[one for _ in range(50)]`: each item is another object, and of the type that the list is to have. */
interface Repeated {
  readonly kind: 'repeated';
  readonly item: Code;
  readonly count: number;
}

function bracketed(head: string, entries: readonly Entry[], close: Bracketed['close'], isBare = false): Code {
  return entries.length === 0 ? `${head}${close}` : { kind: 'bracketed', head, entries, close, isBare };
}

const plain = (value: Code): Entry => ({ before: '', value });

/** `Order(id="1", lines=lines)`; an argument without a name has an empty one. */
export function call(name: string, args: readonly (readonly [name: string, value: Code])[]): Code {
  const entries = args.map(([key, value]) => ({ before: key === '' ? '' : `${key}=`, value }));
  return bracketed(`${name}(`, entries, ')');
}

/** `["a", "b"]` */
export function listOf(values: readonly Code[]): Code {
  return bracketed('[', values.map(plain), ']');
}

/** `{"a": 1}` */
export function dictOf(entries: readonly (readonly [key: string, value: Code])[]): Code {
  return bracketed(
    '{',
    entries.map(([key, value]) => ({ before: `${key}: `, value })),
    '}',
  );
}

/** `{**one, "a": 1}` */
export function spread(name: string, entries: readonly (readonly [key: string, value: Code])[]): Code {
  const all = [plain(`**${name}`), ...entries.map(([key, value]) => ({ before: `${key}: `, value }))];
  return bracketed('{', all, '}');
}

/** `Annotated[str, Text(min=1)]` */
export function typeOf(name: string, types: readonly Code[]): Code {
  return bracketed(`${name}[`, types.map(plain), ']', types.length === 1);
}

/** `str | None` */
export function union(parts: readonly Code[]): Code {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind: 'union', parts };
}

/** A list of many items that are alike. */
export function repeated(item: Code, count: number): Code {
  return { kind: 'repeated', item, count };
}

/** Prints code on one line. */
export function flat(code: Code): string {
  if (typeof code === 'string') return code;
  if (code.kind === 'union') return code.parts.map(flat).join(' | ');
  if (code.kind === 'repeated') return `[${flat(code.item)} for _ in range(${code.count})]`;
  const inner = code.entries.map(({ before, value }) => `${before}${flat(value)}`);
  return `${code.head}${inner.join(', ')}${code.close}`;
}

/** Whether code fits on the line on which it begins. */
export function fits(code: Code, indent: number, around: number): boolean {
  const line = flat(code);
  return !line.includes('\n') && indent * INDENT + around + textWidth(line) <= WIDTH;
}

/**
 * Prints code as `ruff format` leaves it.
 * @param indent the indentations before its first line
 * @param around how many columns stand on that line beside it
 */
export function print(code: Code, indent: number, around = 0): string {
  if (typeof code === 'string' || fits(code, indent, around)) return flat(code);
  const start = '    '.repeat(indent);
  if (code.kind === 'union') {
    const last = code.parts.length - 1;
    // What stands beside it is before its first line or, as a comma, after its last.
    const beside = (place: number) => (place === 0 ? 0 : 2) + (place === last ? around : 0);
    return code.parts.map((part, place) => print(part, indent, beside(place))).join(`\n${start}| `);
  }
  if (code.kind === 'repeated') {
    const loop = ` for _ in range(${code.count})`;
    if (fits(code.item, indent + 1, loop.length)) return `[\n${start}    ${flat(code.item)}${loop}\n${start}]`;
    const item = print(code.item, indent + 1);
    return `[\n${start}    ${item}\n${start}    for _ in range(${code.count})\n${start}]`;
  }
  const comma = code.isBare ? '' : ',';
  const lines = code.entries.map(({ before, value }) => {
    const printed = print(value, indent + 1, textWidth(before) + comma.length);
    return `${start}    ${before}${printed}${comma}\n`;
  });
  return `${code.head}\n${lines.join('')}${start}${code.close}`;
}
