import type { RenderContext } from '../engine/core/template/template.ts';
import type { StackCode } from '../stacks/stack.ts';

/** What the templates of an addition may name: what a generator knows, and the same names in the spelling of the stack. */
export function withNames(stack: StackCode, names: Readonly<Record<string, string>>): RenderContext {
  return { ...names, ...stack.additionNames(names) };
}
