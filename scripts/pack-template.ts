import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { precompileTemplate } from '../engine/core/template/compile.ts';
import type { Part } from '../engine/core/template/program.ts';
import type { SourceFile } from '../engine/core/template/source-file.ts';
import type { SourceTemplate } from '../engine/core/template/source-template.ts';
import type { TemplateVariables } from '../engine/core/template/template.ts';
import { hashContent } from '../engine/core/tree.ts';
import type { PackedFile, PackedTemplate } from '../engine/io/source/packed.ts';
import { readTemplateFolder } from '../engine/io/source/source.ts';
import { joinJson } from './join-json.ts';

/**
 * Compiles a template folder into the two files of `engine/io/source/packed.ts`: `index.json`, and `files.bin` with every text.
 * @param source the template folder
 * @param target the folder to write
 */
export function packTemplate(
  source: string,
  target: string,
  { stack, version, variables }: { stack: string; version: string; variables: TemplateVariables },
): void {
  const { id, integrity, layers, migrations, groups, sortedMaps, sortedLines, blockNames } = readTemplateFolder(source);
  const texts: Uint8Array[] = [];
  let length = 0;
  const store = (bytes: Uint8Array): [number, number] => {
    texts.push(bytes);
    length += bytes.length;
    return [length - bytes.length, length];
  };
  const { programs, absorbed } = joinFiles({ layers, sortedMaps }, (part) => store(Buffer.from(part)));
  const packFile = ({ path, source: name, mode, owner, bytes, isTemplate }: SourceFile): PackedFile => {
    const joined = programs.get(name);
    if (joined) return { path, source: name, mode, owner, parts: joined };
    if (!isTemplate) return { path, source: name, mode, owner, hash: hashContent(bytes), bytes: store(bytes) };
    const text = store(bytes);
    const parts = precompileTemplate(Buffer.from(bytes).toString('utf8'), name, variables, text[0]);
    return { path, source: name, mode, owner, parts, text };
  };
  const packed: PackedTemplate = {
    schema: 1,
    id,
    source: `create-twelve-service/${stack}`,
    version,
    integrity,
    migrations,
    groups,
    sortedMaps,
    sortedLines,
    blockNames,
    layers: layers.map(({ path, when, files }) => ({
      path,
      when,
      files: files.filter((file) => !absorbed.has(file.source)).map(packFile),
    })),
  };
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'index.json'), JSON.stringify(packed));
  writeFileSync(join(target, 'files.bin'), Buffer.concat(texts));
}

/**
 * The JSON files that several layers write, as far as they can be joined.
 * @returns the program of the lowest layer's file, and the files of other layers that are part of one; both by their source
 */
function joinFiles(
  { layers, sortedMaps }: Pick<SourceTemplate, 'layers' | 'sortedMaps'>,
  store: (text: string) => readonly [number, number],
): { programs: ReadonlyMap<string, readonly Part[]>; absorbed: ReadonlySet<string> } {
  const shares = layers.flatMap(({ when, files }) => files.map((file) => ({ ...file, when })));
  const programs = new Map<string, readonly Part[]>();
  const absorbed = new Set<string>();
  for (const path of new Set(shares.map((share) => share.path).filter((one) => one.endsWith('.json')))) {
    const [lowest, ...others] = shares.filter((share) => share.path === path);
    if (!lowest || others.length === 0 || Object.keys(lowest.when).length > 0) continue;
    const program = joinJson([lowest, ...others], store, sortedMaps);
    if (!program) continue;
    programs.set(lowest.source, program);
    for (const { source } of others) absorbed.add(source);
  }
  return { programs, absorbed };
}
