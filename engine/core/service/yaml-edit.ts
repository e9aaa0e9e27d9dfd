import type { Pair, Range, Scalar, YAMLMap } from 'yaml';
import { insertAt } from './text-file.ts';

/**
 * Adds one entry to a block map of a YAML text. No other line changes. The entry goes to the end of the map, but before
 * the last entries that follow it in the alphabet. So the order in which entries are added does not matter.
 * @param path keys that lead to the map
 * @param entry lines without indentation, e.g. `LOG_LEVEL:\n`
 * @param gap whether there is an empty line above the entry
 * @returns nothing if there is no such map, or if it is not written as a block; then a person has to add the entry
 */
export async function addToMap(
  text: string,
  path: readonly string[],
  { key, entry, gap = false }: { key: string; entry: string; gap?: boolean },
): Promise<string | undefined> {
  const yaml = await import('yaml');
  const document = yaml.parseDocument(text);
  const map = document.getIn(path, true);
  if (document.errors.length > 0 || !yaml.isMap(map) || map.flow || map.items.length === 0) return undefined;
  if (map.has(key)) return text;
  const { items } = map as YAMLMap<Scalar, Scalar>;
  const position = items.length - [...items].reverse().findIndex((item) => String(item.key.value) < key);
  const previous = items[position > items.length ? -1 : position - 1];
  const [first] = items;
  const offset = previous ? endOf(text, previous) : lineStart(text, first?.key.range?.[0] ?? 0);
  const start = first?.key.range?.[0] ?? 0;
  const indent = ' '.repeat(start - lineStart(text, start));
  const lines = entry.replace(/^(?=.)/gm, indent);
  const grown = insertAt(text, offset, `${gap ? '\n' : ''}${lines}`);
  const check = yaml.parseDocument(grown);
  if (check.errors.length > 0 || !check.hasIn([...path, key])) return undefined;
  try {
    check.toJS();
  } catch (error) {
    // An alias whose anchor a person has removed.
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
  return grown;
}

/**
 * Adds one text to a block list of a YAML text. No other line changes. As in {@link addToMap}, the order of additions does
 * not matter.
 * @returns nothing if there is no such list, or if it is not written as a block
 */
export async function addToList(text: string, path: readonly string[], item: string): Promise<string | undefined> {
  const yaml = await import('yaml');
  const document = yaml.parseDocument(text);
  const list = document.getIn(path, true);
  if (document.errors.length > 0 || !yaml.isSeq(list) || list.flow) return undefined;
  const items = list.items.flatMap((one) =>
    yaml.isScalar(one) && one.range ? [one as Scalar & { range: Range }] : [],
  );
  const [first] = items;
  if (!first || items.length < list.items.length) return undefined;
  if (items.some(({ value }) => value === item)) return text;
  const previous = items.findLast(({ value }) => String(value) < item);
  const start = first.range[0];
  const lines = `${text.slice(lineStart(text, start), start)}${item}\n`;
  return insertAt(text, previous ? lineEnd(text, previous.range[1]) : lineStart(text, start), lines);
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The offset after the last line of an entry, including a comment at its end. */
function endOf(text: string, { key, value }: Pair<Scalar, Scalar | null>): number {
  const end = Math.max(key.range?.[1] ?? 0, value?.range?.[1] ?? 0);
  return lineEnd(text, text.slice(0, end).trimEnd().length);
}

function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline === -1 ? text.length : newline + 1;
}
