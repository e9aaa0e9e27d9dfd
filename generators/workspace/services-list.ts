import { UserError } from '../../engine/core/errors.ts';
import { parseRepoPath } from '../../engine/core/repo-path.ts';
import { insertAt } from '../../engine/core/service/text-file.ts';

/** The list of a workspace's services, which compose reads. */
export const LIST = parseRepoPath('services.yaml');

/**
 * Adds a compose file to the list. No other line changes. It goes before the first entry that follows it in the alphabet, so the
 * order in which services join does not matter.
 * @param text of the list
 * @param file of the service, e.g. `orders/docker-compose.orders.yaml`
 * @throws {UserError} NOT_POSSIBLE for a list that is not as compose and this program read it
 */
export async function addToServices(text: string, file: string): Promise<string> {
  const { isMap, isScalar, isSeq, parseDocument } = await import('yaml');
  const document = parseDocument(text);
  const list = document.get('include', true);
  if (document.errors.length > 0) throw unusable(file, `cannot be read: ${document.errors[0]?.message.split('\n')[0]}`);
  if (!isSeq(list) || list.flow || list.items.length === 0) throw unusable(file, 'has no list "include" of lines');
  const entries = list.items.map((item) => {
    const path = isMap(item) ? item.get('path', true) : item;
    const range = isMap(item) || isScalar(item) ? item.range : undefined;
    if (!range) throw unusable(file, 'has an entry without a path');
    return { path: isScalar(path) ? String(path.value) : '', start: range[0] };
  });
  if (entries.some(({ path }) => path === file)) return text;
  const next = entries.find(({ path }) => path > file);
  const [first] = entries;
  const indent = ' '.repeat(dashOf(text, first?.start ?? 0) - lineStart(text, first?.start ?? 0));
  const lines = `${indent}- path: ${file}\n${indent}  project_directory: .\n`;
  const end = text.slice(0, list.range?.[1] ?? text.length).trimEnd().length;
  const offset = next ? lineStart(text, next.start) : lineEnd(text, end);
  const grown = insertAt(text, offset, lines);
  if (parseDocument(grown).errors.length > 0) throw unusable(file, 'cannot take one more entry');
  return grown;
}

function unusable(file: string, reason: string): UserError {
  return new UserError(
    'NOT_POSSIBLE',
    `${LIST} ${reason}, so ${file} has no place in it`,
    `Mend ${LIST}, or restore it from git. Nothing was changed.`,
  );
}

function dashOf(text: string, offset: number): number {
  return text.lastIndexOf('-', offset - 1);
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline === -1 ? text.length : newline + 1;
}
