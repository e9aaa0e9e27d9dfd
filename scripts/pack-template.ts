import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { precompileTemplate } from '../engine/core/template/compile.ts';
import type { Part } from '../engine/core/template/program.ts';
import type { SourceFile, SourceLayer } from '../engine/core/template/source-template.ts';
import type { TemplateVariables } from '../engine/core/template/template.ts';
import { hashContent } from '../engine/core/tree.ts';
import type { PackedFile, PackedTemplate } from '../engine/io/source/packed.ts';
import { readTemplateFolder } from '../engine/io/source/source.ts';
import { joinJson, type Share } from './join-json.ts';

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
  const { id, integrity, layers, migrations, blockNames } = readTemplateFolder(source);
  const texts: Uint8Array[] = [];
  let length = 0;
  const store = (bytes: Uint8Array): [number, number] => {
    texts.push(bytes);
    length += bytes.length;
    return [length - bytes.length, length];
  };
  const joined = joinFiles(layers, (part) => store(Buffer.from(part)));
  const packFile = ({ path, source: name, mode, owner, bytes, isTemplate }: SourceFile): PackedFile => {
    const together = joined.get(path);
    if (together) return { path, source: name, mode, owner, parts: together };
    if (!isTemplate) return { path, source: name, mode, owner, hash: hashContent(bytes), bytes: store(bytes) };
    const text = Buffer.from(bytes).toString('utf8');
    const parts = precompileTemplate(text, name, variables, (part) => store(Buffer.from(part)));
    return { path, source: name, mode, owner, parts };
  };
  const packed: PackedTemplate = {
    schema: 1,
    id,
    source: `create-twelve-service/${stack}`,
    version,
    integrity,
    migrations,
    blockNames,
    layers: layers.map(({ path, when, files }, index) => ({
      path,
      when,
      // The lowest layer has a joined file for all of them.
      files: files
        .filter((file) => !joined.has(file.path) || !isBelow(layers.slice(0, index), file.path))
        .map(packFile),
    })),
  };
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'index.json'), JSON.stringify(packed));
  writeFileSync(join(target, 'files.bin'), Buffer.concat(texts));
}

function isBelow(layers: readonly SourceLayer[], path: string): boolean {
  return layers.some(({ files }) => files.some((file) => file.path === path));
}

/** The JSON files that several layers write and that can be joined, by path. */
function joinFiles(
  layers: readonly SourceLayer[],
  store: (text: string) => readonly [number, number],
): Map<string, readonly Part[]> {
  const shares = new Map<string, Share[]>();
  for (const { when, files } of layers)
    for (const { path, bytes } of files.filter((file) => file.path.endsWith('.json')))
      shares.set(path, [...(shares.get(path) ?? []), { when, bytes }]);
  return new Map(
    [...shares].flatMap(([path, of]) => {
      const isJoinable = of.length > 1 && Object.keys(of[0]?.when ?? {}).length === 0;
      const parts = isJoinable ? joinJson(of, store) : undefined;
      return parts ? [[path, parts] as const] : [];
    }),
  );
}
