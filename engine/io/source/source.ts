import { basename, join } from 'node:path';
import { compileLayer } from '../../core/template/compile-layer.ts';
import { readTemplate, type SourceTemplate } from '../../core/template/source-template.ts';
import type { Template, TemplateVariables } from '../../core/template/template.ts';
import { kindOf } from '../disk.ts';
import { readFolderTree } from './read-folder.ts';

/**
 * Reads a template folder and compiles it now: for a run from source, for templates outside of the package, and for
 * tests.
 */
export function loadTemplateFolder(
  folder: string,
  options: { source: string; version: string; variables: TemplateVariables },
): Template {
  const { id, integrity, layers, migrations, groups, sortedMaps, sortedLines, blockNames } = readTemplateFolder(folder);
  const { source, version, variables } = options;
  const compiled = layers.map((layer) => compileLayer(layer, variables));
  return { id, source, version, integrity, migrations, groups, sortedMaps, sortedLines, blockNames, layers: compiled };
}

/**
 * A template folder as it lies there, with what it shares with other stacks: `templates/go` takes its layers `common/...` from
 * `templates/common`, and `templates/go/worker` from `templates/common/worker`.
 * @throws {UserError} TEMPLATE_*
 */
export function readTemplateFolder(folder: string): SourceTemplate {
  return readTemplate(readFolderTree(folder), () => {
    const common = [join(folder, '../common'), join(folder, '../../common', basename(folder))];
    const found = common.find((path) => kindOf(path) === 'folder');
    return found === undefined ? new Map() : readFolderTree(found);
  });
}
