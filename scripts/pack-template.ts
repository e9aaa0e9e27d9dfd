import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { precompileTemplate } from '../engine/core/template/compile.ts';
import { readTemplate, type SourceFile } from '../engine/core/template/source-template.ts';
import { hashContent } from '../engine/core/tree.ts';
import type { PackedFile, PackedTemplate } from '../engine/io/source/packed.ts';
import { readFolderTree } from '../engine/io/source/read-folder.ts';

/**
 * Compiles a template folder into the two files of `engine/io/source/packed.ts`: `index.json`, and `files.bin` with every text.
 * @param source the template folder
 * @param target the folder to write
 */
export function packTemplate(
  source: string,
  target: string,
  { stack, version, variables }: { stack: string; version: string; variables: ReadonlySet<string> },
): void {
  const { id, integrity, layers, migrations, blockNames } = readTemplate(readFolderTree(source));
  const texts: Uint8Array[] = [];
  let length = 0;
  const store = (bytes: Uint8Array): [number, number] => {
    texts.push(bytes);
    length += bytes.length;
    return [length - bytes.length, length];
  };
  const packFile = ({ path, source: name, mode, owner, bytes, isTemplate }: SourceFile): PackedFile => {
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
    layers: layers.map(({ path, when, files }) => ({ path, when, files: files.map(packFile) })),
  };
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'index.json'), JSON.stringify(packed));
  writeFileSync(join(target, 'files.bin'), Buffer.concat(texts));
}
