import { UserError } from '../errors.ts';
import { matchesGlob } from '../glob.ts';
import { parseRepoPath, type RepoPath } from '../repo-path.ts';
import { withoutMark } from '../text/byte-order-mark.ts';
import { hashContent, type Tree } from '../tree.ts';
import { COMMON, fillCommon, readStackText } from './fill-common.ts';
import type { Migration } from './migration.ts';
import type { SourceFile, SourceLayer } from './source-file.ts';
import { type Layer, OWNERS, type Owner, type Template, templateError } from './template.ts';

/** A template folder, read and checked, not yet compiled. */
export interface SourceTemplate {
  readonly id: string;
  readonly integrity: string;
  readonly layers: readonly SourceLayer[];
  readonly migrations: readonly Migration[];
  readonly groups: Groups;
  /** See {@link Template.sortedMaps}. */
  readonly sortedMaps: readonly string[];
  /** See {@link Template.sortedLines}. */
  readonly sortedLines: readonly string[];
  /** What a preset may fill. */
  readonly blockNames: readonly string[];
}

/** Globs of seeded files that an upgrade changes together or not at all. */
export type Groups = readonly (readonly string[])[];

export type Ownership = readonly (readonly [glob: string, owner: Owner])[];

interface TemplateHead {
  readonly id: string;
  readonly layers: readonly { path: string; when?: Layer['when'] }[];
  readonly ownership: Ownership;
  readonly migrations: readonly Migration[];
  readonly groups: Groups;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly sortedMaps: readonly string[];
  readonly sortedLines: readonly string[];
}

/**
 * A template from the files of its folder: `template.json` and the layers that it names.
 * @param readCommon gives the files that stacks share, for a template that names a layer of them and has no such folder itself
 * @throws {UserError} TEMPLATE_BROKEN or TEMPLATE_UNSAFE
 */
export function readTemplate(own: Tree, readCommon: () => Tree = () => new Map()): SourceTemplate {
  const { id, layers: named, ownership, migrations, groups, sortedMaps, sortedLines, variables } = readHead(own);
  const isShared = named.some(({ path }) => path.startsWith(COMMON));
  const tree = isShared ? withCommon(own, readCommon) : own;
  const found = named.map(({ path, when = {} }) => {
    const files = readLayer(tree, path, ownership);
    if (files.length === 0) throw templateError('TEMPLATE_BROKEN', path, 'is named in template.json, and has no files');
    return { path, when, files };
  });
  const layers = isShared ? fillCommon(found, readStackText(own, variables)) : found;
  const parts = layers.flatMap(({ path, when, files }) => [
    JSON.stringify([path, when]),
    ...files.map((file) => JSON.stringify([file.source, file.mode, file.owner, hashContent(file.bytes)])),
  ]);
  const more = [migrations, groups].flatMap((list) => (list.length > 0 ? [JSON.stringify(list)] : []));
  const integrity = hashContent([...parts, ...more].join('\n'));
  return { id, integrity, layers, migrations, groups, sortedMaps, sortedLines, blockNames: findBlocks(layers) };
}

function withCommon(own: Tree, readCommon: () => Tree): Tree {
  if ([...own.keys()].some((path) => path.startsWith(COMMON))) return own;
  return new Map([...own, ...[...readCommon()].map(([path, file]) => [`${COMMON}${path}` as RepoPath, file] as const)]);
}

function findBlocks(layers: readonly SourceLayer[]): string[] {
  const texts = layers.flatMap(({ files }) => files.filter(({ isTemplate }) => isTemplate));
  const names = texts.flatMap(({ bytes }) =>
    [
      ...Buffer.from(bytes)
        .toString('utf8')
        .matchAll(/\{\{~?#>\s*([a-z0-9-]+)/g),
    ].map(([, name = '']) => name),
  );
  return [...new Set(names)].sort();
}

/**
 * The files below a layer's folder.
 * @param fallback the owner of a file that no line of ownership matches; without it such a file is an error
 */
export function readLayer(tree: Tree, layer: string, ownership: Ownership, fallback?: Owner): SourceFile[] {
  const inside = [...tree.keys()].filter((path) => path.startsWith(`${layer}/`)).sort();
  return inside.map((source) => {
    // npm leaves some names out of a package, or acts on them: a leading underscore hides them. `__name__` is a token.
    const path = source
      .slice(layer.length + 1)
      .replace(/(^|\/)_(?=[^_/][^/]*$)/, '$1')
      .replace(/\.hbs$/, '');
    checkPath(path, source);
    const owner = ownership.find(([glob]) => matchesGlob(glob, path))?.[1] ?? fallback;
    if (!owner) throw templateError('TEMPLATE_BROKEN', source, 'matches no line of "ownership" in template.json');
    const { content: bytes, mode } = tree.get(source) as NonNullable<ReturnType<Tree['get']>>;
    return { path, source, mode, owner, bytes, isTemplate: source.endsWith('.hbs') };
  });
}

function readHead(tree: Tree): TemplateHead {
  const fail = (reason: string, cause?: unknown) => templateError('TEMPLATE_BROKEN', 'template.json', reason, cause);
  const file = tree.get('template.json' as RepoPath);
  if (!file) throw fail('is not there, or no file');
  let head: Partial<TemplateHead>;
  try {
    head = Object(JSON.parse(withoutMark(Buffer.from(file.content).toString('utf8')))) as Partial<TemplateHead>;
  } catch (error) {
    throw fail(`cannot be read: ${(error as Error).message}`, error);
  }
  const {
    id,
    layers,
    ownership,
    migrations = [],
    groups = [],
    sortedMaps = [],
    sortedLines = [],
    variables = {},
  } = head;
  if (typeof id !== 'string' || !Array.isArray(layers) || !Array.isArray(ownership) || !Array.isArray(migrations))
    throw fail('needs id, layers and ownership');
  if (typeof variables !== 'object' || variables === null || Array.isArray(variables))
    throw fail('has "variables" that are no map of texts');
  for (const layer of layers as unknown[]) {
    const { path, when = {} } = Object(layer) as { path?: unknown; when?: unknown };
    if (typeof path !== 'string') throw fail('has a layer without a path');
    checkPath(path, 'template.json');
    if (typeof when !== 'object' || when === null || Array.isArray(when))
      throw fail(`has a layer, ${path}, whose "when" is not a map of answers`);
  }
  for (const line of ownership as unknown[]) {
    const [glob, owner] = Array.isArray(line) ? (line as unknown[]) : [];
    if (typeof glob !== 'string') throw fail('has a line of ownership that is not [glob, owner]');
    if (!(OWNERS as readonly unknown[]).includes(owner))
      throw fail(`"${String(owner)}" is not one of ${OWNERS.join(', ')}`);
  }
  if (!Array.isArray(sortedMaps) || !sortedMaps.every(isText))
    throw fail('has "sortedMaps" that is not a list of keys');
  if (!Array.isArray(sortedLines) || !sortedLines.every(isText))
    throw fail('has "sortedLines" that is not a list of paths');
  if (!Array.isArray(groups) || !groups.every((globs) => Array.isArray(globs) && globs.every(isText)))
    throw fail('has "groups" that are no lists of globs');
  return { id, layers, ownership, migrations, groups, sortedMaps, sortedLines, variables };
}

const isText = (value: unknown) => typeof value === 'string';

function checkPath(path: string, source: string): void {
  try {
    parseRepoPath(path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw templateError('TEMPLATE_UNSAFE', source, (error as RangeError).message, error);
  }
}
