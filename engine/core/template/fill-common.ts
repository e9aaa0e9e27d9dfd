import { isUtf8 } from 'node:buffer';
import type { Tree } from '../tree.ts';
import type { SourceFile, SourceLayer } from './source-file.ts';
import { templateError } from './template.ts';

/** Layers below it are those that stacks share. */
export const COMMON = 'common/';

/** What a stack says in the files that it shares with other stacks. */
interface StackText {
  /** Stand for a word or a command: `variables` of template.json. */
  readonly variables: ReadonlyMap<string, string>;
  /** Stand for whole lines: `blocks/<name>.hbs`. */
  readonly blocks: ReadonlyMap<string, string>;
}

/** `{{#> name}}`, alone on its line, up to the end of the line `{{/name}}` */
const BLOCK = /^\{\{#> ([a-z0-9-]+)\}\}\n(?:.*\n)*?\{\{\/\1\}\}\n/gm;
const VARIABLE = /(?<!\\)\{\{([A-Za-z]\w*)\}\}/g;

/**
 * @param tree the stack's own folder
 * @param variables as template.json has them
 * @throws {UserError} TEMPLATE_BROKEN for a variable that is not one line of plain text
 */
export function readStackText(tree: Tree, variables: Readonly<Record<string, unknown>>): StackText {
  const broken = Object.entries(variables).find(([, value]) => typeof value !== 'string' || /\n|\{\{/.test(value));
  if (broken)
    throw templateError(
      'TEMPLATE_BROKEN',
      'template.json',
      `the variable "${broken[0]}" is not one line of plain text`,
    );
  const blocks = [...tree].flatMap(([path, { content }]): [string, string][] => {
    const [, name] = /^blocks\/(.+)\.hbs$/.exec(path) ?? [];
    return name === undefined ? [] : [[name, Buffer.from(content).toString('utf8')]];
  });
  return { variables: new Map(Object.entries(variables) as [string, string][]), blocks: new Map(blocks) };
}

/**
 * Layers whose shared files have the stack's text in them, before anything is compiled.
 * @throws {UserError} TEMPLATE_BROKEN for a text of the stack that no shared file has a place for
 */
export function fillCommon(layers: readonly SourceLayer[], { variables, blocks }: StackText): SourceLayer[] {
  const unused = new Set([...variables.keys(), ...blocks.keys()]);
  const take = (texts: ReadonlyMap<string, string>) => (place: string, name: string) => {
    unused.delete(name);
    return texts.get(name) ?? place;
  };
  const fill = (file: SourceFile): SourceFile => {
    if (!file.isTemplate || !isUtf8(file.bytes)) return file;
    const text = Buffer.from(file.bytes)
      .toString('utf8')
      .replace(BLOCK, take(blocks))
      .replace(VARIABLE, take(variables));
    return { ...file, bytes: Buffer.from(text) };
  };
  const filled = layers.map((layer) =>
    layer.path.startsWith(COMMON) ? { ...layer, files: layer.files.map(fill) } : layer,
  );
  const [first] = unused;
  if (first !== undefined)
    throw templateError('TEMPLATE_BROKEN', 'template.json', `no file of ${COMMON} has a place for "${first}"`);
  return filled;
}
