import { printable, UserError } from '../engine/core/errors.ts';
import type { AnswerValue } from '../engine/core/question.ts';
import { GO } from './go/index.ts';
import { PYTHON } from './python/index.ts';
import type { Stack } from './stack.ts';
import { TYPESCRIPT } from './typescript/index.ts';
import { WORKSPACE } from './workspace/index.ts';

/** Every language of a service, the default one first. */
export const STACKS: readonly Stack[] = [TYPESCRIPT, GO, PYTHON];

/** What a manifest may name: a service's language, or the root of several services. */
const KNOWN: readonly Stack[] = [...STACKS, WORKSPACE];

/** The stack of a service whose answers name none, as older manifests do. */
export const DEFAULT_STACK = TYPESCRIPT;

/**
 * The stack that a service's answers name.
 * @throws {UserError} NOT_POSSIBLE for one that this program does not know
 */
export function findStack({ stack = DEFAULT_STACK.id, packageManager }: Readonly<Record<string, AnswerValue>>): Stack {
  const found = KNOWN.find(({ id }) => id === stack);
  if (found) return found.managedBy?.(String(packageManager)) ?? found;
  throw new UserError(
    'NOT_POSSIBLE',
    `this program knows no stack "${printable(String(stack))}"`,
    `Known: ${STACKS.map(({ id, title }) => `${id} (${title})`).join(', ')}. A newer version may know more.`,
  );
}
