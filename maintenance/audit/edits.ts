import { hash } from 'node:crypto';
import type { FileReport } from '../../engine/core/audit/audit.ts';
import type { ClusterCollector, Edit, Hunk } from '../../engine/core/audit/clusters.ts';
import { putBack } from '../../engine/core/audit/put-back.ts';
import { editSource } from '../../engine/core/audit/source-edit.ts';
import { parseServiceName } from '../../engine/core/names.ts';
import type { Manifest } from '../../engine/core/service/manifest.ts';
import type { HashedFile } from '../../engine/core/template/memo-render.ts';
import type { ServiceFolder } from '../../engine/io/service/fingerprint.ts';
import { findStack } from '../../stacks/index.ts';

/** The largest file that is compared line by line, in bytes. */
const MAX_DIFF_BYTES = 512 * 1024;
/**
 * Texts with more differing lines count as different files: the time for a diff grows with the square of this number.
 */
const MAX_EDIT_LENGTH = 1000;
const MAX_KEPT = 1000;

/** Compares edited files with the generated ones. The same pair of texts is compared only once. */
export class EditReader {
  readonly #hunks = new Map<string, readonly Hunk[]>();
  readonly #collector: ClusterCollector;

  constructor(collector: ClusterCollector) {
    this.#collector = collector;
  }

  /**
   * @param service the service, with its files that can be compared
   * @param recorded the rendered files that the service was made from
   */
  async add(
    service: { folder: string; manifest: Manifest; files: readonly FileReport[] },
    folder: ServiceFolder,
    recorded: ReadonlyMap<string, HashedFile>,
  ): Promise<void> {
    const stack = findStack(service.manifest.answers);
    const { name } = parseServiceName(String(service.manifest.answers.name));
    for (const { path, owner } of service.files) {
      const before = recorded.get(path);
      // An addition changed this file later, so edits of the team cannot be told apart from the addition.
      if (!owner || !before || before.hash !== service.manifest.files[path]?.hash) continue;
      const after = folder.read(path, MAX_DIFF_BYTES);
      if (typeof after === 'string') continue;
      const hunks = await this.#diff(before, after);
      if (hunks.length === 0) continue;
      const source = sourceOf(before, stack.id);
      const made = await this.#inSource(hunks, before, name, source.mergedFrom !== undefined);
      const edit = made ?? { hunks, placed: placedHunks(hunks, name, service.manifest.answers), isOfSource: false };
      this.#collector.add({ folder: service.folder, path, owner, name, ...edit, ...source });
    }
  }

  async #diff(before: HashedFile, after: Buffer): Promise<readonly Hunk[]> {
    const key = `${before.hash} ${hash('sha256', after, 'base64')}`;
    const known = this.#hunks.get(key);
    if (known) return known;
    const [old = '', now = ''] = [before.content, after].map((bytes) =>
      Buffer.from(bytes).toString('utf8').replaceAll('\r\n', '\n'),
    );
    const hunks = await compare(old, now);
    if (this.#hunks.size >= MAX_KEPT) this.#hunks.clear();
    this.#hunks.set(key, hunks);
    return hunks;
  }

  /** The same edit in the file that the standard has. Nothing where it cannot be made there line by line. */
  async #inSource(
    hunks: readonly Hunk[],
    { content, trace }: HashedFile,
    name: string,
    isMerged: boolean,
  ): Promise<Pick<Edit, 'hunks' | 'placed' | 'isOfSource'> | undefined> {
    if (isMerged) return undefined;
    if (!trace) return { hunks, placed: onlyAdded(hunks, name), isOfSource: true };
    const edit = editSource(hunks, trace(), name);
    if (!edit || Buffer.from(content).includes('\r\n')) return undefined;
    const { before, plain, placed } = edit;
    return { hunks: await compare(before, plain), placed: await compare(before, placed), isOfSource: true };
  }
}

async function compare(before: string, after: string): Promise<readonly Hunk[]> {
  const { structuredPatch } = await import('diff');
  const patch = structuredPatch('', '', before, after, '', '', { context: 3, maxEditLength: MAX_EDIT_LENGTH });
  return patch?.hunks ?? [];
}

/** A file that is copied as it is stands in the standard with the same lines. */
function onlyAdded(hunks: readonly Hunk[], name: string): readonly Hunk[] {
  const put = (line: string) => (line.startsWith('+') ? putBack(line, name) : line);
  return hunks.map((hunk) => ({ ...hunk, lines: hunk.lines.map(put) }));
}

/** Answers that are one of a few words. They stand in lines by accident. */
const CHOICES = new Set(['database', 'cache', 'ci', 'deploy', 'stack', 'license']);

/** Lines of a service, with placeholders for its name and its longer answers. */
function placedHunks(hunks: readonly Hunk[], name: string, answers: Manifest['answers']): readonly Hunk[] {
  const texts = Object.entries(answers).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' && value.length > 2 && key !== 'name' && !CHOICES.has(key) ? [[value, `{{${key}}}`]] : [],
  );
  const more = new Map(texts);
  return hunks.map((hunk) => ({ ...hunk, lines: hunk.lines.map((line) => putBack(line, name, more)) }));
}

/** Whether a person edited the file and the standard could take the edit. */
export function isComparable({ owner, state, note }: FileReport): boolean {
  const isEdited = state === 'edited' || state === 'conflict-ahead';
  return isEdited && note === undefined && (owner === 'managed' || owner === 'merged');
}

/** The path of the source in its repository. If several layers are merged, the path in the lowest one. */
function sourceOf(
  { source, preset }: HashedFile,
  stack: string,
): { source: string; preset?: string; mergedFrom?: string } {
  const [first = source, ...others] = source.split(' + ');
  const inTemplates = `templates/${first.startsWith('common/') ? '' : `${stack}/`}${first}`;
  if (others.length > 0) return { source: inTemplates, mergedFrom: source };
  return preset === undefined ? { source: inTemplates } : { source: first, preset };
}
