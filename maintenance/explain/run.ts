import { join, relative, resolve } from 'node:path';
import { printable, UserError } from '../../engine/core/errors.ts';
import { isRecordPath } from '../../engine/core/record/addition-record.ts';
import { parseRepoPath, type RepoPath } from '../../engine/core/repo-path.ts';
import { MANIFEST_PATH, type Manifest } from '../../engine/core/service/manifest.ts';
import { type Contribution, contributionsTo, keyOrigins, type Origin } from '../../engine/core/template/provenance.ts';
import { type Owner, selectLayers } from '../../engine/core/template/template.ts';
import { fs, kindOf, obstacleAt } from '../../engine/io/disk.ts';
import { ServiceFolder } from '../../engine/io/service/fingerprint.ts';
import { generatedFiles, readManifest } from '../../engine/io/service/read-service.ts';
import { findService } from '../../engine/io/service/service.ts';
import type { CreateAnswers } from '../../generators/create/questions.ts';
import { recordedSide, type Side } from '../upgrade/sides.ts';

/** The origin of each part of a file: lines of text, or keys of JSON and YAML that several layers set. */
export interface Explanation {
  readonly path: string;
  readonly owner?: Owner;
  readonly state: 'as generated' | 'edited' | 'deleted' | 'not generated' | 'kept by this program';
  readonly lines: readonly { readonly from: number; readonly to: number; readonly origin: Origin }[];
  readonly keys: readonly { readonly key: string; readonly origin: Origin }[];
}

/** The origin of lines that are in no template. */
const YOURS: Origin = { source: 'edited here', from: 'your team' };

/**
 * Which layer, preset and version produced each part of a file, and which lines are the team's own.
 * @throws {UserError} INPUT_INVALID for a path outside the service, SERVICE_NOT_FOUND, SOURCE_* if the version cannot
 *   be fetched
 */
export async function explainFile(file: string, { cwd, dir }: { cwd: string; dir?: string }): Promise<Explanation> {
  const start = resolve(cwd, dir ?? '.');
  const root = findService(start);
  const path = pathIn(root, resolve(start, file));
  const manifest = readManifest(new ServiceFolder(root));
  const disk = readText(root, path);
  const { files } = generatedFiles(manifest);
  const recorded = Object.hasOwn(files, path) ? files[path] : undefined;
  const nothing = { path, lines: [], keys: [] };
  if (path === MANIFEST_PATH || (isRecordPath(path) && disk !== undefined)) {
    const origin = { source: 'the record', from: `create-twelve-service ${manifest.template.version}` };
    return { ...nothing, state: 'kept by this program', lines: [{ from: 1, to: disk?.length ?? 1, origin }] };
  }
  if (!recorded) {
    const kind = kindOf(join(root, path));
    const what = { folder: 'is a folder', link: 'is a link', other: 'is not a file' }[String(kind)] ?? 'is not there';
    if (disk === undefined) {
      const isRule = /^([IVX]+|[HS])-\d+$/i.test(file);
      const remedy = isRule ? `For a rule of the contract: verify explain ${file}.` : 'Name a file of the service.';
      throw new UserError('INPUT_INVALID', `${path} ${what}, and was never generated`, remedy);
    }
    return { ...nothing, state: 'not generated', lines: [{ from: 1, to: disk.length, origin: YOURS }] };
  }
  const side = await recordedSide(manifest, root);
  const given = await contributions(path, manifest, side);
  const isMerged = given.length > 1 && /\.(json|ya?ml)$/.test(path);
  const rendered = isMerged ? wholeLines(side, path) : (given.at(-1)?.lines ?? addedLines(side, path, manifest));
  const { owner } = recorded;
  if (disk === undefined) return { ...nothing, owner, state: 'deleted' };
  const lines = await attribute(disk, rendered);
  const isEdited = lines.some(({ origin }) => origin === YOURS) || disk.length !== rendered.length;
  const state = isEdited ? 'edited' : 'as generated';
  if (!isMerged) return { path, owner, state, lines, keys: [] };
  const own = lines.filter(({ origin }) => origin === YOURS);
  return { path, owner, state, lines: own, keys: await keysOf(path, given) };
}

function pathIn(root: string, absolute: string): RepoPath {
  try {
    return parseRepoPath(relative(root, absolute).replaceAll('\\', '/'));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError('INPUT_INVALID', printable(error.message), 'Name a file of the service.', { cause: error });
  }
}

function readText(root: string, path: RepoPath): string[] | undefined {
  if (obstacleAt(root, path) || kindOf(join(root, path)) !== 'file') return undefined;
  return fs
    .readFileSync(join(root, path), 'utf8')
    .replaceAll('\r\n', '\n')
    .split(/(?<=\n)/)
    .filter((line) => line !== '');
}

function contributions(path: RepoPath, { answers }: Manifest, { standard }: Side): Promise<Contribution[]> {
  const { template, presets, context } = standard;
  const blocks = new Map<string, Origin>();
  for (const { preset, files } of presets)
    for (const name of files.keys()) {
      const [, block] = /^blocks\/(.+)\.hbs$/.exec(name) ?? [];
      if (block !== undefined) blocks.set(block, { source: name, from: `${preset.name} ${preset.version}` });
    }
  const layers = selectLayers(template, answers);
  return contributionsTo(path, { ...template, layers }, answers, context(answers as CreateAnswers), blocks);
}

type Line = { readonly text: string; readonly origin: Origin };

function wholeLines({ tree }: Side, path: RepoPath): Line[] {
  const file = tree.get(path);
  const origin = { source: file?.source ?? '', from: '' };
  return splitText(file?.content, origin);
}

/** The lines of a file that an addition made. */
function addedLines({ tree, templates }: Side, path: RepoPath, { additions = [] }: Manifest): Line[] {
  const file = tree.get(path);
  const by = additions.map(({ generator }) => generator);
  const origin = file
    ? { source: file.source, from: `create-twelve-service ${templates.main.version}` }
    : { source: [...new Set(by)].join(', ') || 'added later', from: `create-twelve-service` };
  return splitText(file?.content, origin);
}

function splitText(content: Uint8Array | undefined, origin: Origin): Line[] {
  const text = Buffer.from(content ?? []).toString('utf8');
  return text
    .split(/(?<=\n)/)
    .filter((line) => line !== '')
    .map((line) => ({ text: line, origin }));
}

/** The lines of the file on disk with their origins. Neighbours with the same origin are joined. */
async function attribute(disk: readonly string[], rendered: readonly Line[]): Promise<Explanation['lines']> {
  const { diffArrays } = await import('diff');
  const origins: Origin[] = [];
  let at = 0;
  for (const { added, removed, count } of diffArrays(
    rendered.map(({ text }) => text),
    [...disk],
  )) {
    if (added) origins.push(...Array.from({ length: count }, () => YOURS));
    else {
      if (!removed) origins.push(...rendered.slice(at, at + count).map(({ origin }) => origin));
      at += count;
    }
  }
  const runs: { from: number; to: number; origin: Origin }[] = [];
  for (const [index, origin] of origins.entries()) {
    const last = runs.at(-1);
    if (last && last.origin.source === origin.source && last.origin.from === origin.from) last.to = index + 1;
    else runs.push({ from: index + 1, to: index + 1, origin });
  }
  return runs;
}

async function keysOf(path: string, given: readonly Contribution[]): Promise<Explanation['keys']> {
  const { LineCounter, isNode, parse, parseDocument } = await import('yaml');
  const read = (text: string): unknown => (path.endsWith('.json') ? JSON.parse(text) : parse(text));
  const values = given.map(({ lines, origin }) => {
    const text = lines.map((line) => line.text).join('');
    const lineCounter = new LineCounter();
    // JSON is YAML, too.
    const document = parseDocument(text, { lineCounter });
    const originAt = (at: readonly string[]) => {
      const node = document.getIn(at, true);
      const start = isNode(node) ? node.range?.[0] : undefined;
      return start === undefined ? undefined : lines[lineCounter.linePos(start).line - 1]?.origin;
    };
    return { origin, value: read(text), originAt };
  });
  return [...keyOrigins(values)].map(([key, origin]) => ({ key, origin }));
}
