import { isDeepStrictEqual } from 'node:util';
import { lostComments } from './lost-comments.ts';
import { lostLines } from './lost-lines.ts';
import type { ThreeTexts } from './merge-json.ts';

/**
 * Merges YAML by key into our text. Our comments, order and lines without a changed key stay.
 * @returns the text, and the keys that the team deleted and the template changed; nothing if both sides changed one key, if our text would be formatted differently, or if the template
 *   changed
 *   comments; then lines have to be merged
 */
export async function mergeYamlTexts({
  base,
  ours,
  theirs,
}: ThreeTexts): Promise<{ text: string; dropped: string[] } | undefined> {
  const yaml = await import('yaml');
  const [b, o, t] = [base, ours, theirs].map((text) => yaml.parseDocument(text, { keepSourceTokens: false }));
  if (!b || !o || !t || [b, o, t].some(({ errors, contents }) => errors.length > 0 || !yaml.isMap(contents)))
    return undefined;
  const format = { lineWidth: 0, flowCollectionPadding: !/\[[^\s\]]/.test(ours) } as const;
  if (o.toString(format) !== ours) return undefined;
  let isMerged = true;
  const dropped: string[] = [];
  const visit = (path: readonly unknown[]): void => {
    const [base, own, next] = [b, o, t].map((document) => toValue(document, path));
    if (isDeepStrictEqual(base, next) || isDeepStrictEqual(own, next)) return;
    const maps = [o, t].map((document) => (path.length === 0 ? document.contents : document.getIn(path, true)));
    if (yaml.isMap(maps[0]) && yaml.isMap(maps[1])) {
      const keys = [t, b].flatMap((document) => {
        const map = path.length === 0 ? document.contents : document.getIn(path, true);
        return yaml.isMap(map) ? map.items.map(({ key }) => (yaml.isScalar(key) ? key.value : key)) : [];
      });
      for (const key of new Set(keys)) visit([...path, key]);
    } else if (!isDeepStrictEqual(base, own)) {
      if (own === undefined) dropped.push(path.join('.'));
      else isMerged = false;
    } else if (next === undefined) o.deleteIn(path);
    else o.setIn(path, t.getIn(path, true));
  };
  const toValue = (document: typeof o, path: readonly unknown[]): unknown => {
    const node = path.length === 0 ? document.contents : document.getIn(path, true);
    return yaml.isNode(node) ? node.toJS(document) : node;
  };
  try {
    visit([]);
    if (!isMerged) return undefined;
    const text = o.toString(format);
    yaml.parse(text);
    const isWhole = lostLines(base, ours, text).length === 0 && lostComments('yaml', base, theirs, text).length === 0;
    return isWhole ? { text, dropped } : undefined;
  } catch (error) {
    // An alias whose anchor the other side removed.
    if (error instanceof ReferenceError || error instanceof yaml.YAMLError) return undefined;
    throw error;
  }
}
