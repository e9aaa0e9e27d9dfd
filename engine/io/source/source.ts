import { compileLayer } from '../../core/template/compile-layer.ts';
import { readTemplate } from '../../core/template/source-template.ts';
import type { Template, TemplateVariables } from '../../core/template/template.ts';
import { readFolderTree } from './read-folder.ts';

/**
 * Reads a template folder and compiles it now: for a run from source, for templates outside of the package, and for
 * tests.
 */
export function loadTemplateFolder(
  folder: string,
  options: { source: string; version: string; variables: TemplateVariables },
): Template {
  const { id, integrity, layers, migrations, blockNames } = readTemplate(readFolderTree(folder));
  const { source, version, variables } = options;
  const compiled = layers.map((layer) => compileLayer(layer, variables));
  return { id, source, version, integrity, migrations, blockNames, layers: compiled };
}
