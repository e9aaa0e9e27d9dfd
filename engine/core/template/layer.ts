import { UserError } from '../errors.ts';
import type { RepoPath } from '../repo-path.ts';
import { withoutMark } from '../text/byte-order-mark.ts';
import { uniteLines } from '../text/sorted-lines.ts';
import type { RenderedFile, Template } from './template.ts';
import { templateError } from './template.ts';

type Order = Pick<Template, 'sortedMaps' | 'sortedLines'>;

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * Lays rendered layers over each other. A path of one layer stands as it is; JSON and YAML of several merge by key, the
 * later layer winning; any other text of a preset replaces what is below it, which is what presets are for. Within one
 * template it is an error, since one of the two would silently be lost.
 * @param order how the template keeps what several layers write
 * @throws {UserError} TEMPLATE_BROKEN
 */
export async function composeLayers(
  layers: readonly { readonly files: readonly RenderedFile[]; readonly isPreset?: boolean }[],
  order: Order = {},
): Promise<Map<RepoPath, RenderedFile>> {
  const composed = new Map<RepoPath, RenderedFile>();
  for (const { files, isPreset = false } of layers) {
    for (const file of files) {
      const below = composed.get(file.path);
      composed.set(file.path, below ? await mergeFiles(below, file, isPreset, order) : file);
    }
  }
  return composed;
}

async function mergeFiles(
  below: RenderedFile,
  above: RenderedFile,
  isPreset: boolean,
  { sortedMaps = [], sortedLines = [] }: Order,
): Promise<RenderedFile> {
  const { hash: _stale, ...rest } = above;
  const merged = (content: string): RenderedFile => ({
    ...rest,
    content: Buffer.from(content),
    source: `${below.source} + ${above.source}`,
  });
  try {
    if (/\.json$/.test(above.path))
      return merged(`${JSON.stringify(mergeJson(readJson(below), readJson(above), sortedMaps), null, 2)}\n`);
    if (sortedLines.includes(above.path)) return merged(uniteLines([below, above].map(textOf)));
    if (/\.ya?ml$/.test(above.path)) return merged(await mergeYaml(below, above));
  } catch (error) {
    if (error instanceof UserError) throw error;
    // Nested too deep for the stack, or an alias whose anchor the other layer replaced.
    throw templateError(
      'TEMPLATE_BROKEN',
      `${below.source} + ${above.source}`,
      `cannot be merged: ${(error as Error).message}`,
      error,
    );
  }
  if (isPreset) return above;
  throw templateError(
    'TEMPLATE_BROKEN',
    above.source,
    `writes ${above.path}, which ${below.source} writes too, and only JSON and YAML merge`,
  );
}

function readJson(file: RenderedFile): Json {
  try {
    return JSON.parse(withoutMark(textOf(file))) as Json;
  } catch (error) {
    throw templateError('TEMPLATE_BROKEN', file.source, `is not JSON: ${(error as Error).message}`, error);
  }
}

function textOf({ content }: RenderedFile): string {
  return Buffer.from(content).toString('utf8');
}

function isMap(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Maps merge key by key and keep the lower layer's order; anything else is replaced.
 * @param sorted keys of maps that are kept in alphabetical order instead
 */
export function mergeJson(below: Json, above: Json, sorted: readonly string[]): Json {
  if (!isMap(below) || !isMap(above)) return above;
  // Entries rather than assignment: a key named __proto__ stays a key.
  const entries = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(above)) {
    const lower = entries.get(key);
    const merged = lower === undefined ? value : mergeJson(lower, value, sorted);
    entries.set(key, sorted.includes(key) && isMap(merged) ? sortKeys(merged) : merged);
  }
  return Object.fromEntries(entries);
}

function sortKeys(map: { [key: string]: Json }): Json {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function mergeYaml(below: RenderedFile, above: RenderedFile): Promise<string> {
  const yaml = await import('yaml');
  const read = (file: RenderedFile) => {
    const document = yaml.parseDocument(textOf(file), { maxAliasCount: 100 } as object);
    if (document.errors[0])
      throw templateError('TEMPLATE_BROKEN', file.source, `is not YAML: ${document.errors[0].message.split('\n')[0]}`);
    return document;
  };
  const document = read(below);
  const mergeInto = (target: unknown, source: unknown): boolean => {
    if (!yaml.isMap(target) || !yaml.isMap(source)) return false;
    // The parser gives a comment above the first key to the map, but its author meant the key.
    const first = source.items[0]?.key;
    if (yaml.isScalar(first)) first.commentBefore ??= source.commentBefore ?? null;
    for (const pair of source.items) {
      const key = yaml.isScalar(pair.key) ? pair.key.value : pair.key;
      if (!mergeInto(target.get(key, true), pair.value)) {
        if (target.has(key)) target.set(key, pair.value);
        else target.items.push(pair);
      }
    }
    return true;
  };
  const overlay = read(above);
  if (!mergeInto(document.contents, overlay.contents)) document.contents = overlay.contents as typeof document.contents;
  return document.toString({ lineWidth: 0 });
}
