import { UserError } from '../errors.ts';
import { parseServiceName } from '../names.ts';
import type { AnswerValue } from '../question.ts';
import { parseRepoPath, type RepoPath } from '../repo-path.ts';
import { OWNERS, type Owner, type RenderedTree, type Template } from '../template/template.ts';
import { hashContent, type TreeFile } from '../tree.ts';

export const MANIFEST_PATH = parseRepoPath('.twelve.json');

/** The content of `.twelve.json`: enough to render the service again, and to see which files were edited. */
export interface Manifest {
  readonly schema: 1;
  readonly template: { readonly source: string; readonly version: string; readonly integrity: string };
  /** The presets that were applied, bases first. The last one is the requested one. */
  readonly presets?: readonly PresetPin[];
  readonly answers: Readonly<Record<string, AnswerValue>>;
  /** Additions: `<generator> <name>` -> their answers. */
  readonly additions?: Readonly<Record<string, Readonly<Record<string, AnswerValue>>>>;
  readonly files: Readonly<Record<string, ManifestFile>>;
  /** The parts of the standard that the service took. If not set, it has the whole standard. */
  readonly parts?: readonly string[];
  /** An upgrade that a person has to finish. Until then, everything above is the old version. */
  readonly pending?: PendingUpgrade;
}

/** A preset that was used: the requested source, and the exact version it was resolved to. */
export interface PresetPin {
  readonly name: string;
  readonly version: string;
  /** e.g. `npm:@acme/service-preset@^2` */
  readonly source: string;
  /** e.g. `npm:@acme/service-preset@2.3.1` */
  readonly resolved: string;
  /** Hash of all its files. */
  readonly integrity: string;
}

interface PendingUpgrade {
  /** Files with conflict markers, and files that hold the template's side of a conflict. */
  readonly conflicts: readonly string[];
  /** The manifest after the conflicts are resolved. */
  readonly next: Manifest;
}

export interface ManifestFile {
  readonly hash: string;
  readonly owner: Owner;
}

/** Makes the manifest of a rendered service. The manifest does not contain its own hash. */
export function createManifest(
  template: Template,
  answers: Readonly<Record<string, AnswerValue>>,
  tree: RenderedTree,
  presets: readonly PresetPin[] = [],
): Manifest {
  return {
    schema: 1,
    template: { source: template.source, version: template.version, integrity: template.integrity },
    ...(presets.length > 0 ? { presets } : {}),
    answers,
    files: recordFiles(tree),
  };
}

/** What a manifest records about rendered files. */
export function recordFiles(tree: RenderedTree): Record<string, ManifestFile> {
  const paths = [...tree.keys()].sort() as RepoPath[];
  return Object.fromEntries(
    paths.flatMap((path) => {
      const file = tree.get(path);
      return file ? [[path, { hash: file.hash ?? hashContent(file.content), owner: file.owner }]] : [];
    }),
  );
}

/** Writes one line for each file and addition, sorted, so that git can merge two branches that add something. */
export function serializeManifest(manifest: Manifest): string {
  const { schema, template, presets, answers, additions, files, pending, ...rest } = manifest;
  const head = { schema, template, ...(presets ? { presets } : {}), answers, ...rest };
  const parts = [JSON.stringify(head, null, 2).replace(/\n}$/, '')];
  if (additions && Object.keys(additions).length > 0) parts.push(lines('additions', additions));
  parts.push(lines('files', files));
  if (pending) parts.push(`  "pending": ${JSON.stringify(pending)}`);
  return `${parts.join(',\n')}\n}\n`;
}

/** Keeps the line ends of the old file: a checkout on Windows may have CRLF. */
export function writeManifest(before: TreeFile | undefined, manifest: Manifest): TreeFile {
  const text = serializeManifest(manifest);
  const isCrlf = before !== undefined && Buffer.from(before.content).includes('\r\n');
  return { content: Buffer.from(isCrlf ? text.replaceAll('\n', '\r\n') : text), mode: before?.mode ?? 0o644 };
}

function lines(name: string, entries: Readonly<Record<string, unknown>>): string {
  const sorted = Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1));
  const texts = sorted.map(([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `  ${JSON.stringify(name)}: {\n${texts.join(',\n')}\n  }`;
}

/**
 * Reads `.twelve.json`. It is not trusted: people edit it, and the repository may come from somebody else.
 * @throws {UserError} MANIFEST_BROKEN, MANIFEST_NEWER, or MANIFEST_UNSAFE for a path that leaves the service
 */
export function parseManifest(text: string): Manifest {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw broken(`is not JSON: ${(error as Error).message}`, error);
  }
  return checkManifest(manifest);
}

function checkManifest(value: unknown): Manifest {
  const manifest = Object(value) as Partial<Manifest>;
  const { schema, template, answers, files, additions, presets = [], parts = [], pending } = manifest;
  if (typeof schema === 'number' && schema > 1)
    throw new UserError(
      'MANIFEST_NEWER',
      `${MANIFEST_PATH} was written by a newer version of this program (its schema is ${schema}, this version reads 1)`,
      'Use that version: npx create-twelve-service@latest.',
    );
  const maps: unknown[] = [template, answers, files, additions ?? {}, pending ?? {}];
  if (schema !== 1 || !maps.every(isMap)) throw broken('must have schema, template, answers and files');
  if (Object.values(additions ?? {}).some((addition) => !isMap(addition)))
    throw broken('has an addition without answers');
  if (!hasTexts(template, 'source', 'version', 'integrity'))
    throw broken('has a template without source, version and integrity');
  if (!Array.isArray(presets) || !presets.every((pin) => hasTexts(pin, ...PIN_KEYS)))
    throw broken(`has a preset without ${PIN_KEYS.join(', ')}`);
  if (!Array.isArray(parts) || !parts.every((part) => typeof part === 'string'))
    throw broken('has parts that are not a list of names');
  for (const [path, file] of Object.entries(files as object) as [string, Partial<ManifestFile>][]) {
    checkPath(path);
    if (!isMap(file) || typeof file.hash !== 'string' || !OWNERS.includes(file.owner as Owner))
      throw broken(`has no hash and owner for ${path}`);
  }
  checkAnswers(answers as Record<string, unknown>);
  if (pending) checkPending(pending);
  return manifest as Manifest;
}

const PIN_KEYS = ['name', 'version', 'source', 'resolved', 'integrity'] as const;

function hasTexts(map: unknown, ...keys: readonly string[]): boolean {
  return isMap(map) && keys.every((key) => typeof (map as Record<string, unknown>)[key] === 'string');
}

function checkPending({ conflicts, next }: Partial<PendingUpgrade>): void {
  if (!Array.isArray(conflicts) || !isMap(next) || (next as Partial<Manifest>).pending !== undefined)
    throw broken('has an invalid pending upgrade');
  for (const path of conflicts as unknown[]) checkPath(String(path));
  checkManifest(next);
}

/** Paths that were already checked: a thousand services have the same paths. */
const checked = new Set<string>();
const MAX_CHECKED = 10_000;

/** Checks a path that this program will read or write. */
function checkPath(path: string): void {
  if (checked.has(path)) return;
  try {
    parseRepoPath(path);
    if (checked.size < MAX_CHECKED) checked.add(path);
  } catch (error) {
    throw new UserError(
      'MANIFEST_UNSAFE',
      `${MANIFEST_PATH} names a file that a service cannot have: ${(error as RangeError).message}`,
      `Restore ${MANIFEST_PATH} from git.`,
      { cause: error },
    );
  }
}

/** Checks the answers that decide which template and which files are read. */
function checkAnswers({ name, stack }: Record<string, unknown>): void {
  const leaving = [name, stack].find((value) => /(^|[\\/])\.\.([\\/]|$)/.test(String(value)));
  if (leaving !== undefined)
    throw new UserError(
      'MANIFEST_UNSAFE',
      `${MANIFEST_PATH} has the answer ${JSON.stringify(leaving)}`,
      `Restore ${MANIFEST_PATH} from git.`,
    );
  if (stack !== undefined && !/^[a-z][a-z0-9-]{0,39}$/.test(String(stack)))
    throw broken(`names the unknown stack ${JSON.stringify(stack)}`);
  try {
    parseServiceName(String(name));
  } catch (error) {
    throw broken(`has a name that a service cannot have: ${(error as Error).message}`, error);
  }
}

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function broken(reason: string, cause?: unknown): UserError {
  return new UserError('MANIFEST_BROKEN', `${MANIFEST_PATH} ${reason}`, `Restore ${MANIFEST_PATH} from git.`, {
    cause,
  });
}
