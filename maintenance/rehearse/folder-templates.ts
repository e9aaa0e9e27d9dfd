import { join } from 'node:path';
import { printable, UserError } from '../../engine/core/errors.ts';
import { fs, kindOf } from '../../engine/io/disk.ts';
import { loadTemplateFolder } from '../../engine/io/source/source.ts';
import type { TemplateSet } from '../../engine/io/source/template-version.ts';
import { createVariables } from '../../generators/create/questions.ts';
import { loadAddition } from '../../generators/generators.ts';
import { DEFAULT_STACK } from '../../stacks/index.ts';

/**
 * Templates that are not released yet, from a checkout: `templates/<stack>`.
 * @throws {UserError} INPUT_INVALID if there is no such folder, TEMPLATE_*
 */
export function folderTemplates(folder: string): TemplateSet {
  if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new UserError(
      'INPUT_INVALID',
      `--template ${printable(folder)} is not a folder`,
      'Name the folder of a template: it has a template.json.',
    );
  const about = { source: `create-twelve-service/${DEFAULT_STACK.id}`, version: 'unreleased' };
  return {
    main: loadTemplateFolder(folder, { ...about, variables: createVariables() }),
    addition: async (name) => {
      const added = await loadAddition(name);
      const path = join(folder, name);
      return added && kindOf(path) === 'folder'
        ? loadTemplateFolder(path, { ...about, variables: added.variables(await DEFAULT_STACK.load()) })
        : undefined;
    },
  };
}
