import type { UserError } from '../errors.ts';
import { parseServiceName } from '../names.ts';
import type { AnswerValue } from '../question.ts';
import type { AdditionRecord } from '../record/addition-record.ts';
import { withAdditions } from '../record/additions.ts';
import {
  brokenRecord,
  checkRecord,
  checkRecordedPath,
  isMap,
  newerRecord,
  unsafeRecord,
} from '../record/parse-record.ts';
import { parseRepoPath, type RepoPath } from '../repo-path.ts';
import { OWNERS, type Owner, type RenderedTree, type Template } from '../template/template.ts';
import { withoutMark } from '../text/byte-order-mark.ts';
import { hashContent, type TreeFile } from '../tree.ts';

export const MANIFEST_PATH = parseRepoPath('.twelve.json');

/** The schema that this version writes. It reads schema 1 too, which had the additions in the same file. */
const SCHEMA = 2;

/**
 * What is known of a service: enough to render it again, and to see which files were edited. All of it is in
 * `.twelve.json`, except the additions, which are files of their own.
 */
export interface Manifest {
  readonly schema: 1 | 2;
  readonly template: { readonly source: string; readonly version: string; readonly integrity: string };
  /** The presets that were applied, bases first. The last one is the requested one. */
  readonly presets?: readonly PresetPin[];
  readonly answers: Readonly<Record<string, AnswerValue>>;
  /** Sorted by their keys. Not set if there is none. */
  readonly additions?: readonly AdditionRecord[];
  /** What `create` or the last upgrade rendered. In schema 1 also the files of additions, and their edits of others. */
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
  /** Hash of the files that it is rendered from. Earlier versions recorded that of all its files. */
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
    schema: SCHEMA,
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

/** The text of `.twelve.json`, in the newest schema: without additions. One line for each file, sorted. */
export function serializeManifest(manifest: Manifest): string {
  const { schema: _old, template, presets, answers, additions: _own, files, pending, ...rest } = manifest;
  const head = { schema: SCHEMA, template, ...(presets ? { presets } : {}), answers, ...rest };
  const parts = [JSON.stringify(head, null, 2).replace(/\n}$/, '')];
  parts.push(lines('files', files));
  if (pending) {
    const { additions: _same, ...next } = pending.next;
    parts.push(`  "pending": ${JSON.stringify({ ...pending, next: { ...next, schema: SCHEMA } })}`);
  }
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
 * @returns the manifest, with the additions that are in this file and not in files of their own
 * @throws {UserError} MANIFEST_BROKEN, MANIFEST_NEWER, or MANIFEST_UNSAFE for a path that leaves the service
 */
export function parseManifest(text: string): Manifest {
  let manifest: unknown;
  try {
    manifest = JSON.parse(withoutMark(text));
  } catch (error) {
    throw broken(`is not JSON: ${(error as Error).message}`, error);
  }
  return checkManifest(manifest);
}

function checkManifest(value: unknown): Manifest {
  const manifest = Object(value) as Partial<Record<keyof Manifest, unknown>>;
  const { schema, template, answers, files, additions = {}, presets = [], parts = [], pending } = manifest;
  if (typeof schema === 'number' && schema > SCHEMA) throw newerRecord(MANIFEST_PATH, schema, SCHEMA);
  const maps: unknown[] = [template, answers, files, additions, pending ?? {}];
  if ((schema !== 1 && schema !== SCHEMA) || !maps.every(isMap))
    throw broken('must have schema, template, answers and files');
  if (!hasTexts(template, 'source', 'version', 'integrity'))
    throw broken('has a template without source, version and integrity');
  if (!Array.isArray(presets) || !presets.every((pin) => hasTexts(pin, ...PIN_KEYS)))
    throw broken(`has a preset without ${PIN_KEYS.join(', ')}`);
  if (!Array.isArray(parts) || !parts.every((part) => typeof part === 'string'))
    throw broken('has parts that are not a list of names');
  for (const [path, file] of Object.entries(files as object) as [string, Partial<ManifestFile>][]) {
    checkRecordedPath(MANIFEST_PATH, path);
    if (!isMap(file) || typeof file.hash !== 'string' || !OWNERS.includes(file.owner as Owner))
      throw broken(`has no hash and owner for ${path}`);
  }
  checkAnswers(answers as Record<string, unknown>);
  const { additions: _inside, ...rest } = manifest;
  const checked = { ...rest, ...(pending ? { pending: checkPending(pending) } : {}) } as Manifest;
  return withAdditions(checked, additionsInside(additions as Readonly<Record<string, unknown>>));
}

/** The additions in a manifest of schema 1: `<generator> <name>` -> their answers. */
function additionsInside(additions: Readonly<Record<string, unknown>>): AdditionRecord[] {
  return Object.entries(additions).map(([key, answers]) => {
    const [generator = '', ...name] = key.split(' ');
    return checkRecord(MANIFEST_PATH, { generator, name: name.join(' '), answers });
  });
}

const PIN_KEYS = ['name', 'version', 'source', 'resolved', 'integrity'] as const;

function hasTexts(map: unknown, ...keys: readonly string[]): boolean {
  return isMap(map) && keys.every((key) => typeof map[key] === 'string');
}

function checkPending(pending: unknown): PendingUpgrade {
  const { conflicts, next } = pending as Partial<Record<keyof PendingUpgrade, unknown>>;
  if (!Array.isArray(conflicts) || !isMap(next) || next.pending !== undefined)
    throw broken('has an invalid pending upgrade');
  for (const path of conflicts as unknown[]) checkRecordedPath(MANIFEST_PATH, String(path));
  return { ...(pending as PendingUpgrade), next: checkManifest(next) };
}

/** Checks the answers that decide which template and which files are read. */
function checkAnswers({ name, stack }: Record<string, unknown>): void {
  const leaving = [name, stack].find((value) => /(^|[\\/])\.\.([\\/]|$)/.test(String(value)));
  if (leaving !== undefined) throw unsafeRecord(MANIFEST_PATH, `has the answer ${JSON.stringify(leaving)}`);
  if (stack !== undefined && !/^[a-z][a-z0-9-]{0,39}$/.test(String(stack)))
    throw broken(`names the unknown stack ${JSON.stringify(stack)}`);
  try {
    parseServiceName(String(name));
  } catch (error) {
    throw broken(`has a name that a service cannot have: ${(error as Error).message}`, error);
  }
}

function broken(reason: string, cause?: unknown): UserError {
  return brokenRecord(MANIFEST_PATH, reason, cause);
}
