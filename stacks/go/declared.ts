import { readText } from '../../engine/core/service/text-file.ts';
import type { Tree, TreeFile } from '../../engine/core/tree.ts';

/** A declaration at the top level, `func name(`, or the beginning of a group of them, `var (`. */
const DECLARATION = /^(?:func|type|const|var) (?:(\w+)|\(\n((?:[^)\n].*\n|\n)*)\))/gm;

/**
 * Why Go would not compile new files beside those that are there: all files of a folder are one package, in which a name is
 * declared once.
 */
export function nameClash(tree: Tree, added: Tree): string | undefined {
  const known = new Map<string, string>();
  for (const [path, name] of namesOf(tree)) known.set(name, path);
  for (const [path, name] of namesOf(added)) {
    const other = known.get(name);
    if (other !== undefined && other !== path) return `${other} declares ${name.split(' ')[1]} already`;
    known.set(name, path);
  }
  return undefined;
}

/** The names that files declare, each after its folder and package. */
function namesOf(tree: Tree): [path: string, name: string][] {
  return [...tree].flatMap(([path, file]) => {
    if (!path.endsWith('.go')) return [];
    const { home, names } = declaredBy(file);
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    return names.map((name): [string, string] => [path, `${folder}:${home} ${name}`]);
  });
}

interface Declared {
  readonly home: string | undefined;
  readonly names: readonly string[];
}

/** Each of a thousand endpoints asks for the names of all others. */
const DECLARED = new WeakMap<TreeFile, Declared>();

function declaredBy(file: TreeFile): Declared {
  const known = DECLARED.get(file);
  if (known) return known;
  const { text } = readText(file);
  const names = [...text.matchAll(DECLARATION)]
    .flatMap(([, one, group = '']) => one ?? [...group.matchAll(/^\t(\w+)/gm)].map(([, name = '']) => name))
    .filter((name) => name !== '_' && name !== 'init');
  const declared = { home: /^package (\w+)/m.exec(text)?.[1], names };
  DECLARED.set(file, declared);
  return declared;
}
