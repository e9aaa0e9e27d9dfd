import { printable, UserError } from '../../engine/core/errors.ts';
import { parseRepoPath } from '../../engine/core/repo-path.ts';
import { insertAt } from '../../engine/core/service/text-file.ts';

/** The list of a workspace's services, which compose reads. */
export const LIST = parseRepoPath('services.yaml');

/**
 * Adds a compose file to the list. No other line changes. It goes before the first entry that follows it in the alphabet, and before
 * the comment that is about that entry, so the order in which services join does not matter.
 * @param text of the list
 * @param file of the service, e.g. `orders/docker-compose.orders.yaml`
 * @throws {UserError} NOT_POSSIBLE for a list that is not as compose and this program read it, NAME_TAKEN where it has the service in
 *   another folder
 */
export async function addToServices(text: string, file: string): Promise<string> {
  const { isMap, isScalar, isSeq, parseDocument } = await import('yaml');
  const document = parseDocument(text, { keepSourceTokens: true });
  if (document.errors.length > 0) throw unusable(file, `cannot be read: ${document.errors[0]?.message.split('\n')[0]}`);
  const list = document.get('include', true);
  const lines = (indent: string) => `${indent}- path: ${file}\n${indent}  project_directory: .\n`;
  const grow = async (offset: number, indent: string): Promise<string> => {
    const grown = insertAt(text, offset, lines(indent));
    if (!(await isGrown(text, grown, file))) throw unusable(file, 'cannot take one more entry');
    return grown;
  };
  // The last service has left by hand.
  const empty = /^include:[ \t]*(#.*)?$/m.exec(text);
  if (isScalar(list) && list.value === null && empty) return grow(lineEnd(text, empty.index), '  ');
  const isBlock = isSeq(list) && !list.flow && list.items.length > 0 && list.srcToken?.type === 'block-seq';
  if (!isBlock || list.srcToken?.type !== 'block-seq') throw unusable(file, 'has no list "include" of lines');
  const dashes = list.srcToken.items.flatMap(({ start }) => start.filter(({ type }) => type === 'seq-item-ind'));
  const entries = list.items.map((item, index) => {
    const path = isMap(item) ? item.get('path', true) : item;
    const paths = isSeq(path) ? path.items : [path];
    const dash = dashes[index];
    if (!(isMap(item) || isScalar(item)) || dash === undefined) throw unusable(file, 'has an entry without a path');
    return {
      paths: paths.map((one) => (isScalar(one) ? String(one.value).replace(/^(\.\/)+/, '') : '')),
      dash: dash.offset,
    };
  });
  const known = entries.flatMap(({ paths }) => paths);
  if (known.includes(file)) return text;
  const name = file.slice(file.lastIndexOf('/'));
  const other = known.find((path) => path.endsWith(name));
  if (other !== undefined)
    throw new UserError('NAME_TAKEN', `${LIST} has ${printable(other)} already`, 'Take that entry out.');
  const next = entries.find(({ paths: [path = ''] }) => path > file);
  const first = entries[0]?.dash ?? 0;
  const end = text.slice(0, list.range?.[1] ?? text.length).trimEnd().length;
  const offset = next ? aboveComments(text, lineStart(text, next.dash)) : lineEnd(text, end);
  return grow(offset, ' '.repeat(first - lineStart(text, first)));
}

/** Whether compose reads one entry more, and all else as before. */
async function isGrown(text: string, grown: string, file: string): Promise<boolean> {
  const { parseDocument } = await import('yaml');
  const read = (source: string): Record<string, unknown> => {
    const document = parseDocument(source);
    return document.errors.length > 0 ? {} : document.toJS();
  };
  const [before, after] = [read(text), read(grown)];
  const isNew = (entry: unknown) => (entry as { path?: unknown } | null)?.path === file;
  const { include } = after;
  if (!Array.isArray(include) || include.filter(isNew).length !== 1) return false;
  const left = { ...after, include: include.filter((entry) => !isNew(entry)) };
  return JSON.stringify(left) === JSON.stringify({ ...before, include: before.include ?? [] });
}

function unusable(file: string, reason: string): UserError {
  return new UserError(
    'NOT_POSSIBLE',
    `${LIST} ${reason}, so ${file} has no place in it`,
    `Mend ${LIST}, or restore it from git. Nothing was changed.`,
  );
}

/** The start of the comment that stands directly above a line, or of the line. */
function aboveComments(text: string, start: number): number {
  if (start === 0) return start;
  const above = lineStart(text, start - 1);
  return /^[ \t]*#/.test(text.slice(above, start)) ? aboveComments(text, above) : start;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline === -1 ? text.length : newline + 1;
}
