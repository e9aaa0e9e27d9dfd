import { isUtf8 } from 'node:buffer';
import { hashContent } from '../tree.ts';
import { compileTraced } from './compile.ts';
import type { SourceFile, SourceLayer } from './source-file.ts';
import { type Layer, type TemplateFile, type TemplateVariables, templateError } from './template.ts';

/** @throws {UserError} TEMPLATE_BROKEN with file and line */
export function compileLayer({ path, when, files }: SourceLayer, variables: TemplateVariables): Layer {
  const compiled = files.map((file) => compileFile(file, variables));
  return { path, when, files: () => compiled };
}

function compileFile(file: SourceFile, variables: TemplateVariables): TemplateFile {
  const { path, source, mode, owner, bytes } = file;
  if (!file.isTemplate) return { path, source, mode, owner, content: bytes, hash: hashContent(bytes) };
  if (!isUtf8(bytes)) throw templateError('TEMPLATE_BROKEN', source, 'is not UTF-8 text');
  return { path, source, mode, owner, ...compileTraced(Buffer.from(bytes).toString('utf8'), source, variables) };
}
