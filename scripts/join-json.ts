import { mergeJson } from '../engine/core/template/layer.ts';
import type { Part } from '../engine/core/template/program.ts';
import type { SourceFile, SourceLayer } from '../engine/core/template/source-file.ts';

/** One layer's share of a file. */
interface Share extends Pick<SourceFile, 'bytes'> {
  readonly when: SourceLayer['when'];
}

type Json = Parameters<typeof mergeJson>[0];

/** A text, or pieces that are there only if a layer applies. */
type Piece = string | { readonly layer: number; readonly pieces: readonly Piece[] };

/**
 * JSON that several layers write, as one program: what a layer adds stands under the layer's condition, so nothing is parsed
 * or merged when a service is created.
 * @param shares from the lowest layer
 * @param store keeps a text and says where
 * @param sorted keys of maps in alphabetical order
 * @returns nothing where layers do more than add keys, or the text is no JSON before it is rendered: it is merged later
 */
export function joinJson(
  shares: readonly Share[],
  store: (text: string) => readonly [start: number, end: number],
  sorted: readonly string[],
): Part[] | undefined {
  const texts = shares.map(({ bytes }) => hideVariables(Buffer.from(bytes).toString('utf8')));
  const values = texts.map(parseJson);
  if (values.includes(undefined)) return undefined;
  const layers = values as Json[];
  const merge = (some: readonly Json[]) => some.reduce((below, above) => mergeJson(below, above, sorted));
  const pieces = [...printJson(merge(layers), layers, [], 0), '\n'];
  const toParts = (piece: Piece): Part[] =>
    typeof piece === 'string'
      ? showVariables(piece, store)
      : Object.entries(shares[piece.layer]?.when ?? {}).reduceRight<Part[]>(
          (parts, [name, value]) => [['when', name, String(value), parts]],
          joinTexts(piece.pieces).flatMap(toParts),
        );
  return isSame(pieces, texts[0] ?? '', layers, merge) ? joinTexts(pieces).flatMap(toParts) : undefined;
}

/** Whether the pieces are, for each choice of layers on top of the lowest, what merging gives. */
function isSame(
  pieces: readonly Piece[],
  lowest: string,
  layers: readonly Json[],
  merge: (some: readonly Json[]) => Json,
): boolean {
  const choices = Array.from({ length: 2 ** (layers.length - 1) }, (_, bits) =>
    layers.map((_layer, index) => index === 0 || ((bits >> (index - 1)) & 1) === 1),
  );
  const choose = (some: readonly Piece[], isChosen: readonly boolean[]): string =>
    some
      .map((piece) => (typeof piece === 'string' ? piece : isChosen[piece.layer] ? choose(piece.pieces, isChosen) : ''))
      .join('');
  return choices.every((isChosen) => {
    const chosen = layers.filter((_layer, index) => isChosen[index]);
    const merged = chosen.length === 1 ? lowest : `${JSON.stringify(merge(chosen), null, 2)}\n`;
    return choose(pieces, isChosen) === merged;
  });
}

/** What `JSON.stringify` prints; an entry from another layer than its map is a piece of its own. */
function printJson(value: Json | undefined, layers: readonly Json[], path: readonly string[], owner: number): Piece[] {
  const indent = '  '.repeat(path.length);
  if (!isMap(value) || Object.keys(value).length === 0)
    return [JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent}`)];
  const entries = Object.keys(value).flatMap((key, index): Piece[] => {
    const own = [...path, key];
    const layer = layers.findIndex((one) => valueAt(one, own) !== undefined);
    const start = `${index === 0 ? '' : ','}\n${indent}  ${JSON.stringify(key)}: `;
    const pieces = [start, ...printJson(value[key], layers, own, layer)];
    return layer === owner ? pieces : [{ layer, pieces }];
  });
  return ['{', ...entries, `\n${indent}}`];
}

function valueAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((at, key) => (isMap(at) && Object.hasOwn(at, key) ? at[key] : undefined), value);
}

function isMap(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Neighbouring texts become one. */
function joinTexts(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') joined.splice(-1, 1, last + piece);
    else joined.push(piece);
  }
  return joined;
}

/** Makes a template JSON: each `{{json name}}`, which is in place of a value, becomes a string that no file has. */
function hideVariables(text: string): string {
  return text.replace(/\{\{json ([A-Za-z]\w*)\}\}/g, '"\\u0001$1"');
}

function showVariables(text: string, store: (text: string) => readonly [number, number]): Part[] {
  return text
    .split(/"\\u0001([A-Za-z]\w*)"/)
    .flatMap((part, index): Part[] => (index % 2 === 1 ? [['json', part]] : part === '' ? [] : [store(part)]));
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
