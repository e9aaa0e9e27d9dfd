import { compileTemplate } from '../template/compile.ts';
import { compileLayer } from '../template/compile-layer.ts';
import { readLayer } from '../template/source-template.ts';
import type { RenderFunction, Template, TemplateVariables } from '../template/template.ts';
import type { Tree } from '../tree.ts';
import { presetError } from './parse-preset.ts';
import type { Preset } from './preset.ts';

/** A preset with its files. */
export interface PresetFiles {
  readonly preset: Preset;
  readonly files: Tree;
}

/**
 * Applies presets to a template: adds layers, fills blocks and removes paths.
 * @param presets bases first
 * @param variables every name that the presets' files may use
 * @throws {UserError} TEMPLATE_BROKEN with file and line
 */
export function applyPresets(
  template: Template,
  presets: readonly PresetFiles[],
  variables: TemplateVariables,
): Template {
  if (presets.length === 0) return template;
  const blocks = new Map<string, RenderFunction>();
  const layers = presets.flatMap(({ preset, files }) => {
    const label = `${preset.name} ${preset.version}`;
    for (const [name, fill] of readBlocks(files, label, template.blockNames ?? [], variables)) blocks.set(name, fill);
    return preset.layers.map(({ path, when }) => {
      const found = readLayer(files, path, preset.ownership, 'merged');
      if (found.length === 0) throw presetError([{ subject: label, reason: `the layer ${path} has no files` }]);
      return { ...compileLayer({ path, when, files: found }, variables), preset: label };
    });
  });
  return {
    ...template,
    layers: [...template.layers, ...layers],
    blocks,
    groups: [...presets.flatMap(({ preset }) => preset.groups), ...(template.groups ?? [])],
    removed: new Set(presets.flatMap(({ preset }) => preset.remove)),
  };
}

/** `blocks/<name>.hbs` fills the block of that name. */
function* readBlocks(
  files: Tree,
  label: string,
  known: readonly string[],
  variables: TemplateVariables,
): Generator<[string, RenderFunction]> {
  for (const [path, { content }] of files) {
    const [, name] = /^blocks\/(.+)\.hbs$/.exec(path) ?? [];
    if (!path.startsWith('blocks/')) continue;
    if (name === undefined || !known.includes(name))
      throw presetError([
        { subject: `${label} ${path}`, reason: `fills no block of the template; its blocks are ${known.join(', ')}` },
      ]);
    yield [name, compileTemplate(Buffer.from(content).toString('utf8'), path, variables)];
  }
}
