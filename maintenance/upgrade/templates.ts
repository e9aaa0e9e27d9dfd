import { UserError } from '../../engine/core/errors.ts';
import type { Manifest } from '../../engine/core/service/manifest.ts';
import { loadBuiltin } from '../../engine/io/source/builtin.ts';
import { fetchTemplates, type TemplateSet } from '../../engine/io/source/template-version.ts';
import { createVariables } from '../../generators/create/questions.ts';
import { loadAddition } from '../../generators/generators.ts';
import { findStack } from '../../stacks/index.ts';
import type { Stack } from '../../stacks/stack.ts';
import { isLower } from './never-lower.ts';

/** The templates of this version of the program. */
export function builtinTemplates(stack: Stack): TemplateSet {
  return {
    main: loadBuiltin(stack.id, createVariables),
    addition: async (name) => {
      if (stack.isWorkspace) return undefined;
      const added = await loadAddition(name);
      const code = await stack.load();
      return added && loadBuiltin(`${stack.id}/${name}`, () => added.variables(code));
    },
  };
}

/**
 * The exact templates that a service was made from.
 * @throws {UserError} SOURCE_* if they cannot be fetched (5) or differ from the manifest (6); never another version
 *   instead
 */
export async function recordedTemplates({ template, answers }: Manifest, cwd: string): Promise<TemplateSet> {
  if (!template.source.startsWith('create-twelve-service/'))
    throw new UserError(
      'NOT_POSSIBLE',
      `the service was made from the template ${template.source}, which has no versions`,
      'Make a preset of it, and adopt the service.',
    );
  const stack = findStack(answers);
  const builtin = builtinTemplates(stack);
  const isOurs = ({ main }: TemplateSet) => main.version === template.version && main.integrity === template.integrity;
  if (isOurs(builtin)) return builtin;
  const fetched = await fetchNewer(template.version, builtin.main.version, () =>
    fetchTemplates(template.version, stack.id, cwd, true),
  );
  if (isOurs(fetched)) return fetched;
  throw new UserError(
    'SOURCE_CHANGED',
    `create-twelve-service ${template.version} is not what the service was made from: its templates are ${fetched.main.integrity}, recorded is ${template.integrity}`,
    'Nothing was changed. Check where that version comes from.',
  );
}

/** @throws {UserError} NOT_POSSIBLE if templates that are newer than this program cannot be fetched: a newer program has them */
async function fetchNewer(recorded: string, ours: string, fetch: () => Promise<TemplateSet>): Promise<TemplateSet> {
  try {
    return await fetch();
  } catch (error) {
    const isFetch = error instanceof UserError && error.exit === 5;
    if (!isFetch || !(await isLower(ours, recorded))) throw error;
    throw new UserError(
      'NOT_POSSIBLE',
      `the service has version ${recorded}, and this program has version ${ours}: ${error.message}`,
      'Run it with npx create-twelve-service@latest.',
      { cause: error },
    );
  }
}
