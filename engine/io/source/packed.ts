import { join } from 'node:path';
import { type Part, renderParts } from '../../core/template/program.ts';
import type { Layer, Template, TemplateFile } from '../../core/template/template.ts';
import { traceParts } from '../../core/template/trace.ts';
import { fs } from '../disk.ts';

/**
 * A template in the published package: two data files. Loading needs no compiler.
 *
 *   index.json   PackedTemplate
 *   files.bin    all texts, one after the other; verbatim files and the text parts of templates are slices of it
 */
export interface PackedTemplate extends Omit<Template, 'layers' | 'blocks' | 'removed'> {
  readonly schema: 1;
  readonly layers: readonly (Pick<Layer, 'path' | 'when'> & { readonly files: readonly PackedFile[] })[];
}

/** A verbatim file has `bytes` and `hash`, a template has `parts`. */
export interface PackedFile extends Pick<TemplateFile, 'path' | 'source' | 'mode' | 'owner' | 'hash'> {
  readonly bytes?: readonly [start: number, end: number];
  readonly parts?: readonly Part[];
  /** Where the template's own text is. Older packages, and JSON of several layers, have none. */
  readonly text?: readonly [start: number, end: number];
}

/** @param folder with the two files */
export function loadPackedTemplate(folder: string): Template {
  return unpackTemplate(
    fs.readFileSync(join(folder, 'index.json'), 'utf8'),
    fs.readFileSync(join(folder, 'files.bin')),
  );
}

/**
 * @param index what `index.json` holds
 * @param text what `files.bin` holds
 */
export function unpackTemplate(index: string, text: Uint8Array): Template {
  const packed = JSON.parse(index) as PackedTemplate;
  const unpack = ({ bytes, parts = [], text: own, ...file }: PackedFile): TemplateFile =>
    bytes
      ? { ...file, content: text.subarray(...bytes) }
      : {
          ...file,
          render: (context, blocks) => renderParts(parts, text, context, blocks),
          ...(own ? { trace: (context, blocks) => traceParts(parts, text, context, blocks, own) } : {}),
        };
  const {
    id,
    source,
    version,
    integrity,
    layers,
    migrations = [],
    groups = [],
    sortedMaps = [],
    sortedLines = [],
    blockNames = [],
  } = packed;
  return {
    id,
    source,
    version,
    integrity,
    migrations,
    groups,
    sortedMaps,
    sortedLines,
    blockNames,
    layers: layers.map(({ path, when, files }) => ({ path, when, files: () => files.map(unpack) })),
  };
}
