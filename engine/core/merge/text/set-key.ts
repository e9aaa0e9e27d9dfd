import { isDeepStrictEqual } from 'node:util';

/** What became of a text in which a key was to be set. */
type KeySet =
  | { readonly text: string; readonly before: unknown }
  /** Why the key cannot be set. */
  | { readonly reason: string };

/**
 * Sets one key of a JSON or YAML text. Maps on the way that do not exist are made. If the key already has the value,
 * the text stays as it is.
 * @param path says by its suffix what the text is
 * @returns the new text and the value before, or the reason why there is no place for the key
 */
export async function setKey(path: string, text: string, key: readonly string[], value: unknown): Promise<KeySet> {
  if (/\.jsonc?$/.test(path)) return setJsonKey(text, key, value);
  if (/\.ya?ml$/.test(path)) return setYamlKey(text, key, value);
  return { reason: 'it is neither JSON nor YAML' };
}

async function setJsonKey(text: string, key: readonly string[], value: unknown): Promise<KeySet> {
  const { applyEdits, modify, parse } = await import('jsonc-parser');
  const errors: object[] = [];
  const root: unknown = parse(text, errors as never, { allowTrailingComma: true });
  if (errors.length > 0) return { reason: 'it cannot be parsed' };
  let parent: unknown = root;
  for (const [depth, part] of key.entries()) {
    if (parent === undefined) break;
    if (typeof parent !== 'object' || parent === null || Array.isArray(parent)) return noMap(key.slice(0, depth));
    parent = Object.hasOwn(parent, part) ? (parent as Record<string, unknown>)[part] : undefined;
  }
  if (isDeepStrictEqual(parent, value)) return { text, before: parent };
  const [, indent = '  '] = /^([ \t]+)"/m.exec(text) ?? [];
  const edits = modify(text, [...key], value, {
    formattingOptions: { insertSpaces: !indent.includes('\t'), tabSize: indent.length, eol: '\n' },
  });
  return { text: applyEdits(text, edits), before: parent };
}

async function setYamlKey(text: string, key: readonly string[], value: unknown): Promise<KeySet> {
  const yaml = await import('yaml');
  const document = yaml.parseDocument(text);
  if (document.errors.length > 0) return { reason: 'it cannot be parsed, or has several documents' };
  let parent: unknown = document.contents ?? undefined;
  for (const [depth, part] of key.entries()) {
    if (parent === undefined) break;
    if (!yaml.isMap(parent)) return noMap(key.slice(0, depth));
    parent = parent.get(part, true);
  }
  const before: unknown = yaml.isNode(parent) ? parent.toJS(document) : parent;
  if (isDeepStrictEqual(before, value)) return { text, before };
  document.setIn(key, document.createNode(value));
  return { text: document.toString({ lineWidth: 0, flowCollectionPadding: !/\[[^\s\]]/.test(text) }), before };
}

function noMap(key: readonly string[]): KeySet {
  return { reason: key.length === 0 ? 'it has no keys' : `${key.join('.')} has no keys` };
}
