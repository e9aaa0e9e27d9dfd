import { HELPERS } from './helpers.ts';
import type { Blocks, RenderContext, TemplateRecord } from './template.ts';

/**
 * A compiled template as data: what the published package ships, so that nothing has to be evaluated, and so that a later
 * version can read the templates of an old package.
 *
 *   [start, end]               text: this slice of files.bin
 *   [name]                     a variable
 *   [helper, name]             a variable through a helper
 *   ["if", name, then, else]   "unless" likewise
 *   ["each", name, line, parts]  once for each record of a list; the line is for messages
 *   ["block", name, default]   what a preset may fill
 *   ["when", name, value, then]  under the condition of a layer: only packing writes it, the language has no form for it
 */
export type Part =
  | readonly [start: number, end: number]
  | readonly [name: string]
  | readonly [helper: string, name: string]
  | readonly [block: 'if' | 'unless', name: string, then: readonly Part[], otherwise: readonly Part[]]
  | readonly [block: 'each', name: string, line: number, parts: readonly Part[]]
  | readonly [block: 'block', name: string, standard: readonly Part[]]
  | readonly [block: 'when', name: string, value: string, then: readonly Part[]];

const NO_BLOCKS: Blocks = new Map();

/** What one `each` may go through. */
export const MAX_RECORDS = 10_000;

/** What one `each` may write, in bytes. */
export const MAX_EACH_BYTES = 4 * 1024 * 1024;

/** An `each` is over a limit. */
export class EachLimitError extends Error {
  /** Where the `each` stands in its file. */
  readonly line: number;

  constructor(line: number, reason: string) {
    super(reason);
    this.line = line;
  }
}

/**
 * Renders a compiled template to UTF-8 bytes: the same that Handlebars gives, as a test checks.
 * @throws {Error} on a name that the context lacks or a helper that does not exist
 * @throws {EachLimitError}
 */
export function renderParts(
  parts: readonly Part[],
  text: Uint8Array,
  context: RenderContext,
  blocks: Blocks = NO_BLOCKS,
): Uint8Array {
  const pieces: Piece[] = [];
  appendParts(parts, { text, context, blocks }, pieces);
  return Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
}

/** A part of the output. Texts stay bytes, but in an `each` strings are quicker: its texts are many and short. */
type Piece = string | Uint8Array;

/** What the parts of a template are rendered with. */
export interface Scope {
  readonly text: Uint8Array;
  readonly context: RenderContext;
  readonly blocks: Blocks;
  /** Inside an `each`: the current record, and the text as a buffer to read strings from. */
  readonly inside?: { readonly record: TemplateRecord; readonly text: Buffer };
}

function appendParts(parts: readonly Part[], scope: Scope, to: Piece[]): void {
  for (const [first, second, then, otherwise] of parts) {
    if (typeof first === 'number')
      to.push(scope.inside?.text.toString('utf8', first, Number(second)) ?? scope.text.subarray(first, Number(second)));
    else if (second === undefined) to.push(String(scalarOf(first, scope)));
    else if (then === undefined) to.push(helperOf(first)(scalarOf(String(second), scope)));
    else if (typeof then === 'string') {
      if (String(lookUp(String(second), scope)) === then) appendParts(otherwise ?? [], scope, to);
    } else if (typeof then === 'number') to.push(printEach(String(second), then, otherwise ?? [], scope));
    else if (otherwise) {
      const holds = isSet(lookUp(String(second), scope)) === (first === 'if');
      appendParts(holds ? then : otherwise, scope, to);
    } else {
      const fill = scope.blocks.get(String(second));
      if (fill) to.push(fill(scope.context));
      else appendParts(then, scope, to);
    }
  }
}

function printEach(name: string, line: number, parts: readonly Part[], scope: Scope): string {
  const records = lookUp(name, scope);
  if (!isList(records)) throw new Error(`"${name}" is not a list`);
  if (records.length > MAX_RECORDS)
    throw new EachLimitError(line, `"${name}" has ${records.length} records; at most ${MAX_RECORDS} are allowed`);
  const text = Buffer.from(scope.text.buffer, scope.text.byteOffset, scope.text.byteLength);
  let printed = '';
  let bytes = 0;
  for (const [index, fields] of records.entries()) {
    const pieces: Piece[] = [];
    const record = { ...fields, '@last': index === records.length - 1 };
    appendParts(parts, { ...scope, inside: { record, text } }, pieces);
    // No block is inside an each, so every piece is a string.
    const one = pieces.join('');
    bytes += Buffer.byteLength(one);
    if (bytes > MAX_EACH_BYTES)
      throw new EachLimitError(line, `the records of "${name}" make more than ${MAX_EACH_BYTES} bytes`);
    printed += one;
  }
  return printed;
}

export function lookUp(name: string, { context, inside }: Scope): unknown {
  const holder = inside && Object.hasOwn(inside.record, name) ? inside.record : context;
  if (!Object.hasOwn(holder, name)) throw new Error(`"${name}" not defined`);
  return holder[name];
}

/** A single value, which can be written. */
export function scalarOf(name: string, scope: Scope): unknown {
  const value = lookUp(name, scope);
  if (isList(value)) throw new Error(`"${name}" is a list; only if, unless and each take one`);
  return value;
}

export function isList(value: unknown): value is readonly TemplateRecord[] {
  return Array.isArray(value);
}

/** The condition of `if`: a list is true if it has a record. */
export function isSet(value: unknown): boolean {
  return isList(value) ? value.length > 0 : Boolean(value);
}

export function helperOf(name: string): (value: unknown) => string {
  const helper = Object.hasOwn(HELPERS, name) ? HELPERS[name] : undefined;
  if (!helper) throw new Error(`there is no helper "${name}"`);
  return helper;
}
