import { join } from 'node:path';
import type { Template, TemplateVariables } from '../../core/template/template.ts';
import { packageVersion } from '../version.ts';
import { loadTemplateFolder } from './source.ts';

/**
 * The built-in template of a stack, compiled from `templates/` in the source tree. In the published package
 * `builtin.packaged.ts` replaces this file, and loads what was compiled when the package was built.
 */
export function loadBuiltin(stack: string, variables: () => TemplateVariables): Template {
  const root = join(import.meta.dirname, '../../..');
  return loadTemplateFolder(join(root, 'templates', stack), {
    source: `create-twelve-service/${stack}`,
    version: packageVersion(),
    variables: variables(),
  });
}
