import { helperOf, isList, isSet, lookUp, type Part, type Scope, scalarOf } from './program.ts';
import type { Blocks, RenderContext, Trace, TracedValue } from './template.ts';

/**
 * Goes through the same parts as rendering does.
 * @param bytes what the parts are slices of
 * @param range where the template's text is in it
 */
export function traceParts(
  parts: readonly Part[],
  bytes: Uint8Array,
  context: RenderContext,
  blocks: Blocks = new Map(),
  [start, end]: readonly [number, number] = [0, bytes.length],
): Trace {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tracer = new Tracer(all, start);
  tracer.walk(parts, { text: bytes, context, blocks });
  tracer.endLine();
  return { text: all.toString('utf8', start, end), lines: tracer.lines, values: tracer.values };
}

class Tracer {
  readonly lines: (number | undefined)[] = [];
  readonly values = new Map<number, TracedValue[]>();
  readonly #bytes: Buffer;
  readonly #start: number;
  /** The template's line of the rendered line that is not complete yet, once a text on it said so. */
  #line: number | undefined;
  #isEmpty = true;
  #pending: TracedValue[] = [];

  constructor(bytes: Buffer, start: number) {
    this.#bytes = bytes;
    this.#start = start;
  }

  walk(parts: readonly Part[], scope: Scope): void {
    for (const [first, second, then, otherwise] of parts) {
      if (typeof first === 'number') this.#text(first, Number(second));
      else if (second === undefined) this.#value(`{{${first}}}`, String(scalarOf(first, scope)));
      else if (then === undefined)
        this.#value(`{{${first} ${second}}}`, helperOf(first)(scalarOf(String(second), scope)));
      else if (typeof then === 'string') {
        if (String(lookUp(String(second), scope)) === then) this.walk(otherwise ?? [], scope);
      } else if (typeof then === 'number') this.#each(String(second), otherwise ?? [], scope);
      else if (otherwise)
        this.walk(isSet(lookUp(String(second), scope)) === (first === 'if') ? then : otherwise, scope);
      else {
        const fill = scope.blocks.get(String(second));
        if (fill) this.#foreign(Buffer.from(fill(scope.context)).toString('utf8'));
        else this.walk(then, scope);
      }
    }
  }

  endLine(): void {
    if (!this.#isEmpty) this.#complete();
  }

  #each(name: string, parts: readonly Part[], scope: Scope): void {
    const records = lookUp(name, scope);
    if (!isList(records)) return;
    for (const [index, fields] of records.entries()) {
      const record = { ...fields, '@last': index === records.length - 1 };
      this.walk(parts, { ...scope, inside: { record, text: this.#bytes } });
    }
  }

  #text(from: number, to: number): void {
    let line = this.#bytes.toString('latin1', this.#start, from).split('\n').length - 1;
    for (const piece of this.#bytes.toString('utf8', from, to).split(/(?<=\n)/)) {
      if (piece === '') continue;
      this.#line ??= line;
      this.#isEmpty = false;
      if (!piece.endsWith('\n')) continue;
      this.#complete();
      line += 1;
    }
  }

  #value(placeholder: string, text: string): void {
    this.#isEmpty = false;
    this.#pending.push({ placeholder, text });
  }

  #foreign(text: string): void {
    for (const piece of text.split(/(?<=\n)/)) {
      if (piece === '') continue;
      this.#isEmpty = false;
      if (piece.endsWith('\n')) this.#complete();
    }
  }

  #complete(): void {
    this.lines.push(this.#line);
    if (this.#line !== undefined && this.#pending.length > 0)
      this.values.set(this.#line, [...(this.values.get(this.#line) ?? []), ...this.#pending]);
    this.#line = undefined;
    this.#isEmpty = true;
    this.#pending = [];
  }
}
