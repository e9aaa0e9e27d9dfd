import { isUtf8 } from 'node:buffer';
import { join, relative, sep } from 'node:path';
import { compileTemplate } from '../core/compile.ts';
import { parseRepoPath } from '../core/repo-path.ts';
import { type Layer, OWNERS, type Owner, type Template, type TemplateFile, templateError } from '../core/template.ts';
import { type FileMode, hashContent } from '../core/tree.ts';
import { fs, kindOf } from './disk.ts';

/** Limits on a template from elsewhere: larger than any service, smaller than an archive bomb. */
const MAX_FILE_BYTES = 10 * 1024 * 1024;
const MAX_FILES = 5_000;

/** A file of a template folder, as it lies there. */
export interface SourceFile {
  /** Path in the layer, under its real name and without `.hbs`. */
  readonly path: string;
  /** `<layer>/<path on disk>` */
  readonly source: string;
  readonly mode: FileMode;
  readonly owner: Owner;
  readonly bytes: Uint8Array;
  readonly isTemplate: boolean;
}

/** A template folder, read and checked, not yet compiled. */
export interface SourceTemplate {
  readonly id: string;
  readonly integrity: string;
  readonly layers: readonly { path: string; when: Layer['when']; files: readonly SourceFile[] }[];
}

interface TemplateHead {
  readonly id: string;
  readonly layers: readonly { path: string; when?: Layer['when'] }[];
  readonly ownership: readonly [glob: string, owner: Owner][];
}

/**
 * Reads `<folder>/template.json` and the layers that it names.
 * @throws {UserError} TEMPLATE_BROKEN or TEMPLATE_UNSAFE (links, devices, paths, sizes)
 */
export function readTemplateFolder(folder: string): SourceTemplate {
  const head = readHead(folder);
  const owners = head.ownership.map(([glob, owner]) => ({ pattern: globToRegExp(glob), owner }));
  let count = 0;
  const layers = head.layers.map(({ path, when = {} }) => {
    const root = layerFolder(folder, path);
    const files = listFiles(root).map((file) => {
      count += 1;
      if (count > MAX_FILES) throw templateError('TEMPLATE_UNSAFE', path, `has more than ${MAX_FILES} files`);
      return readSourceFile(folder, path, relative(root, file).split(sep).join('/'), owners);
    });
    return { path, when, files };
  });
  const parts = layers.flatMap(({ path, when, files }) => [
    JSON.stringify([path, when]),
    ...files.map((file) => JSON.stringify([file.source, file.mode, file.owner, hashContent(file.bytes)])),
  ]);
  return { id: head.id, integrity: hashContent(parts.join('\n')), layers };
}

/** A layer's folder; a link on the way to it could lead anywhere. */
function layerFolder(folder: string, layer: string): string {
  let root = folder;
  for (const segment of layer.split('/')) {
    root = join(root, segment);
    const kind = kindOf(root);
    if (kind === 'link') throw templateError('TEMPLATE_UNSAFE', layer, 'is, or lies behind, a symbolic link');
    if (kind !== 'folder')
      throw templateError('TEMPLATE_BROKEN', layer, 'is named in template.json, and is not a folder');
  }
  return root;
}

/** A template folder, compiled now: the way of presets and of the project's own tests. */
export function loadTemplateFolder(
  folder: string,
  options: { source: string; version: string; variables: ReadonlySet<string> },
): Template {
  const { id, integrity, layers } = readTemplateFolder(folder);
  return {
    id,
    source: options.source,
    version: options.version,
    integrity,
    layers: layers.map(({ path, when, files }) => {
      const compiled = files.map((file) => compileFile(file, options.variables));
      return { path, when, files: () => compiled };
    }),
  };
}

function compileFile(file: SourceFile, variables: ReadonlySet<string>): TemplateFile {
  const { path, source, mode, owner, bytes } = file;
  if (!file.isTemplate) return { path, source, mode, owner, content: bytes, hash: hashContent(bytes) };
  if (!isUtf8(bytes)) throw templateError('TEMPLATE_BROKEN', source, 'is not UTF-8 text');
  return { path, source, mode, owner, render: compileTemplate(Buffer.from(bytes).toString('utf8'), source, variables) };
}

function readHead(folder: string): TemplateHead {
  const fail = (reason: string, cause?: unknown) => templateError('TEMPLATE_BROKEN', 'template.json', reason, cause);
  const file = join(folder, 'template.json');
  const kind = kindOf(file);
  if (kind === 'link') throw templateError('TEMPLATE_UNSAFE', 'template.json', 'is a symbolic link');
  // A pipe would be read for ever.
  if (kind === 'other') throw templateError('TEMPLATE_UNSAFE', 'template.json', 'is not a regular file');
  if (kind === 'file') checkSize(fs.lstatSync(file).size, 'template.json');
  let head: Partial<TemplateHead>;
  try {
    head = Object(JSON.parse(fs.readFileSync(file, 'utf8'))) as Partial<TemplateHead>;
  } catch (error) {
    throw fail(`cannot be read: ${(error as Error).message}`, error);
  }
  const { id, layers, ownership } = head;
  if (typeof id !== 'string' || !Array.isArray(layers) || !Array.isArray(ownership))
    throw fail('needs id, layers and ownership');
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
  return { id, layers, ownership };
}

function listFiles(folder: string): string[] {
  const files: string[] = [];
  for (const name of fs.readdirSync(folder).sort()) {
    const path = join(folder, name);
    const kind = kindOf(path);
    if (kind === 'folder') files.push(...listFiles(path));
    else if (kind === 'file') files.push(path);
    else throw templateError('TEMPLATE_UNSAFE', path, kind === 'link' ? 'is a symbolic link' : 'is not a regular file');
  }
  return files;
}

function readSourceFile(
  folder: string,
  layer: string,
  onDisk: string,
  owners: readonly { pattern: RegExp; owner: Owner }[],
): SourceFile {
  const source = `${layer}/${onDisk}`;
  const absolute = join(folder, layer, onDisk);
  const stat = fs.lstatSync(absolute);
  checkSize(stat.size, source);
  // npm leaves some names out of a package, or acts on them: a leading underscore hides them. `__name__` is a token.
  const path = onDisk.replace(/(^|\/)_(?=[^_/][^/]*$)/, '$1').replace(/\.hbs$/, '');
  checkPath(path, source);
  const owner = owners.find(({ pattern }) => pattern.test(path))?.owner;
  if (!owner) throw templateError('TEMPLATE_BROKEN', source, 'matches no line of "ownership" in template.json');
  return {
    path,
    source,
    mode: stat.mode & 0o100 ? 0o755 : 0o644,
    owner,
    bytes: fs.readFileSync(absolute),
    isTemplate: onDisk.endsWith('.hbs'),
  };
}

function checkSize(bytes: number, source: string): void {
  if (bytes > MAX_FILE_BYTES) throw templateError('TEMPLATE_UNSAFE', source, `is larger than ${MAX_FILE_BYTES} bytes`);
}

function checkPath(path: string, source: string): void {
  try {
    parseRepoPath(path);
  } catch (error) {
    throw templateError('TEMPLATE_UNSAFE', source, (error as RangeError).message, error);
  }
}

/** `**` crosses folders, `*` does not. The three forms that ownership needs. */
function globToRegExp(glob: string): RegExp {
  const pattern = glob
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*\*|\*/g, (stars) => ({ '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*' })[stars] ?? stars);
  return new RegExp(`^${pattern}$`);
}
