import { HELPERS } from './helpers.ts';
import type { Blocks, RenderContext } from './template.ts';

/**
 * A compiled template as data: what the published package ships, so that nothing has to be evaluated, and so that a later
 * version can read the templates of an old package.
 *
 *   [start, end]               text: this slice of files.bin
 *   [name]                     a variable
 *   [helper, name]             a variable through a helper
 *   ["if", name, then, else]   "unless" likewise
 *   ["block", name, default]   what a preset may fill
 *   ["when", name, value, then]  under the condition of a layer: only packing writes it, the language has no form for it
 */
export type Part =
  | readonly [start: number, end: number]
  | readonly [name: string]
  | readonly [helper: string, name: string]
  | readonly [block: 'if' | 'unless', name: string, then: readonly Part[], otherwise: readonly Part[]]
  | readonly [block: 'block', name: string, standard: readonly Part[]]
  | readonly [block: 'when', name: string, value: string, then: readonly Part[]];

const NO_BLOCKS: Blocks = new Map();

/**
 * Renders a compiled template to UTF-8 bytes: the same that Handlebars gives, which a test holds it to.
 * @throws {Error} on a name that the context lacks or a helper that there is not
 */
export function renderParts(
  parts: readonly Part[],
  text: Uint8Array,
  context: RenderContext,
  blocks: Blocks = NO_BLOCKS,
): Uint8Array {
  const rendered: Uint8Array[] = [];
  appendParts(parts, text, context, blocks, rendered);
  return Buffer.concat(rendered);
}

function appendParts(
  parts: readonly Part[],
  text: Uint8Array,
  context: RenderContext,
  blocks: Blocks,
  to: Uint8Array[],
): void {
  for (const [first, second, then, otherwise] of parts) {
    if (typeof first === 'number') to.push(text.subarray(first, Number(second)));
    else if (second === undefined) to.push(Buffer.from(String(lookUp(context, first))));
    else if (typeof then === 'string') {
      if (String(lookUp(context, String(second))) === then) appendParts(otherwise ?? [], text, context, blocks, to);
    } else if (then && otherwise) {
      const holds = Boolean(lookUp(context, String(second))) === (first === 'if');
      appendParts(holds ? then : otherwise, text, context, blocks, to);
    } else if (then) {
      const fill = blocks.get(String(second));
      if (fill) to.push(Buffer.from(fill(context)));
      else appendParts(then, text, context, blocks, to);
    } else to.push(Buffer.from(helperOf(first)(lookUp(context, String(second)))));
  }
}

function lookUp(context: RenderContext, name: string): unknown {
  if (!Object.hasOwn(context, name)) throw new Error(`"${name}" not defined`);
  return context[name];
}

function helperOf(name: string): (value: unknown) => string {
  const helper = Object.hasOwn(HELPERS, name) ? HELPERS[name] : undefined;
  if (!helper) throw new Error(`there is no helper "${name}"`);
  return helper;
}
