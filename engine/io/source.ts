import { isUtf8 } from 'node:buffer';
import { compileTemplate } from '../core/compile.ts';
import { readTemplate, type SourceFile, type SourceLayer } from '../core/source-template.ts';
import { type Layer, type Template, type TemplateFile, templateError } from '../core/template.ts';
import { hashContent } from '../core/tree.ts';
import { readFolderTree } from './read-folder.ts';

/** A template folder, compiled now: the way of templates that are not ours, and of the project's own tests. */
export function loadTemplateFolder(
  folder: string,
  options: { source: string; version: string; variables: ReadonlySet<string> },
): Template {
  const { id, integrity, layers, migrations, blockNames } = readTemplate(readFolderTree(folder));
  const { source, version, variables } = options;
  const compiled = layers.map((layer) => compileLayer(layer, variables));
  return { id, source, version, integrity, migrations, blockNames, layers: compiled };
}

/** @throws {UserError} TEMPLATE_BROKEN with file and line */
export function compileLayer({ path, when, files }: SourceLayer, variables: ReadonlySet<string>): Layer {
  const compiled = files.map((file) => compileFile(file, variables));
  return { path, when, files: () => compiled };
}

function compileFile(file: SourceFile, variables: ReadonlySet<string>): TemplateFile {
  const { path, source, mode, owner, bytes } = file;
  if (!file.isTemplate) return { path, source, mode, owner, content: bytes, hash: hashContent(bytes) };
  if (!isUtf8(bytes)) throw templateError('TEMPLATE_BROKEN', source, 'is not UTF-8 text');
  return { path, source, mode, owner, render: compileTemplate(Buffer.from(bytes).toString('utf8'), source, variables) };
}
