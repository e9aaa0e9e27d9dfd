import { join } from 'node:path';
import { compileTemplate } from '../../engine/core/template/compile.ts';
import type { Template, TemplateFile } from '../../engine/core/template/template.ts';
import { hashContent } from '../../engine/core/tree.ts';
import { loadTemplateFolder } from '../../engine/io/source/source.ts';
import { createVariables } from '../../generators/create/questions.ts';
import { withFolder } from './folder.ts';
import { type SmallTemplate, SORTED_MAPS, writeTemplate } from './program.ts';

const VARIABLES = createVariables();
const OPTIONS = { source: 'test/small', version: '0.0.1', variables: VARIABLES };

/** A template that is written to a folder, read and compiled. */
export function templateFrom(template: SmallTemplate): Promise<Template> {
  return withFolder({}, (folder) => loadTemplateFolder(writeTemplate(join(folder, 'template'), template), OPTIONS));
}

/** A template in memory, so that its paths can be invalid on disk. A path that ends in `.hbs` is compiled. */
export function templateInMemory(files: Readonly<Record<string, string>>): Template {
  const compiled = Object.entries(files).map(([path, text]): TemplateFile => {
    const head = { source: `base/${path}`, mode: 0o644, owner: 'managed' } as const;
    return path.endsWith('.hbs')
      ? { ...head, path: path.slice(0, -4), render: compileTemplate(text, head.source, VARIABLES) }
      : { ...head, path, content: Buffer.from(text) };
  });
  const layers = [{ path: 'base', when: {}, files: () => compiled }];
  return {
    id: 'small',
    source: OPTIONS.source,
    version: OPTIONS.version,
    integrity: hashContent(''),
    layers,
    sortedMaps: SORTED_MAPS,
  };
}
