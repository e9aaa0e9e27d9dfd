import type { AnswerValue } from '../question.ts';
import type { RepoPath } from '../repo-path.ts';
import { renderTemplate } from './render.ts';
import type { Layer, RenderContext, RenderFunction, Template } from './template.ts';

/** Who gave a part of a file. */
export interface Origin {
  /** The template's file, e.g. `base/Dockerfile.hbs`, or `blocks/dockerfile-runtime.hbs`. */
  readonly source: string;
  /** e.g. `create-twelve-service 0.1.0`, `@acme/service-preset 2.1.0` */
  readonly from: string;
}

/** What one layer gives a path, as text. */
export interface Contribution {
  readonly origin: Origin;
  /** Line by line; a line of a filled block has that block's origin. */
  readonly lines: readonly { readonly text: string; readonly origin: Origin }[];
}

/** Marks before and after the name of a filled block, and after its text. No template has these characters. */
const [OPEN, MIDDLE, CLOSE] = ['\u0001', '\u0002', '\u0003'];
const FILL = new RegExp(`${OPEN}(.*?)${MIDDLE}`);
const FILLS = new RegExp(FILL, 'g');

/**
 * What each layer that applies gives one path, from the lowest. JSON and YAML of several are merged by key; of other text the
 * last one stands.
 * @param blockOrigins by block, who fills it
 */
export async function contributionsTo(
  path: RepoPath,
  template: Template,
  answers: Readonly<Record<string, AnswerValue>>,
  context: RenderContext,
  blockOrigins: ReadonlyMap<string, Origin>,
): Promise<Contribution[]> {
  const marked = new Map([...(template.blocks ?? [])].map(([name, fill]) => [name, markFill(name, fill)]));
  const found: Contribution[] = [];
  for (const layer of template.layers) {
    const alone: Template = { ...template, layers: [layer], blocks: marked, removed: new Set() };
    const file = (await renderTemplate(alone, answers, context)).get(path);
    if (!file) continue;
    const origin = { source: file.source, from: originOf(layer, template) };
    found.push({ origin, lines: splitLines(Buffer.from(file.content).toString('utf8'), origin, blockOrigins) });
  }
  return found;
}

function originOf({ preset }: Layer, { version }: Template): string {
  return preset ?? `create-twelve-service ${version}`;
}

function markFill(name: string, fill: RenderFunction): RenderFunction {
  return (context) => Buffer.concat([Buffer.from(`${OPEN}${name}${MIDDLE}`), fill(context), Buffer.from(CLOSE)]);
}

/** Lines with their origins, without the marks around fills. */
function splitLines(
  text: string,
  origin: Origin,
  blockOrigins: ReadonlyMap<string, Origin>,
): { text: string; origin: Origin }[] {
  const lines: { text: string; origin: Origin }[] = [];
  let current = origin;
  for (const line of text.split(/(?<=\n)/)) {
    const [, name] = FILL.exec(line) ?? [];
    if (name !== undefined) current = blockOrigins.get(name) ?? origin;
    const plain = line.replaceAll(FILLS, '').replaceAll(CLOSE, '');
    // A fill ends with its last line: its closing mark stands before what follows.
    const closesFirst = line.startsWith(CLOSE) && name === undefined;
    if (plain !== '') lines.push({ text: plain, origin: closesFirst ? origin : current });
    if (line.includes(CLOSE)) current = origin;
  }
  return lines;
}

/** What one layer gives a file that is merged by key. */
interface KeyedValue {
  readonly value: unknown;
  readonly origin: Origin;
  /** Who gave the line of a key or of an item of a list, if that is known: a filled block is another one than its layer. */
  readonly originAt?: (path: readonly string[]) => Origin | undefined;
}

/**
 * Who set each key of merged maps; a map that one layer gave whole is one entry. A list is one entry too, with one more for each item
 * that somebody else filled in.
 */
export function keyOrigins(values: readonly KeyedValue[]): Map<string, Origin> {
  const leaves = new Map<string, Origin>();
  for (const { value, origin, originAt = () => undefined } of values) {
    const at = (path: readonly string[], around: Origin): Origin =>
      path.length === 0 ? around : (originAt(path) ?? around);
    const visit = (one: unknown, path: readonly string[], around: Origin): void => {
      const here = at(path, around);
      const own = JSON.stringify(path);
      const below = [...leaves.keys()].filter((leaf) =>
        leaf.startsWith(path.length > 0 ? `${own.slice(0, -1)},` : '['),
      );
      const isMap = typeof one === 'object' && one !== null && !Array.isArray(one);
      if (isMap && Object.keys(one).length > 0) {
        // A list or a text was here.
        if (leaves.delete(own)) for (const leaf of below) leaves.delete(leaf);
        for (const [key, inner] of Object.entries(one)) visit(inner, [...path, key], here);
      } else if (!isMap || below.length === 0) {
        for (const leaf of below) leaves.delete(leaf);
        leaves.set(own, here);
        if (Array.isArray(one)) filledIn(one, path, here);
      }
    };
    const filledIn = (inside: object, path: readonly string[], around: Origin): void => {
      for (const [key, inner] of Object.entries(inside)) {
        const here = at([...path, key], around);
        if (!isSame(here, around)) leaves.set(JSON.stringify([...path, key]), here);
        else if (typeof inner === 'object' && inner !== null) filledIn(inner as object, [...path, key], around);
      }
    };
    visit(value, [], origin);
  }
  return collapse(
    [...leaves].map(([path, origin]) => ({ path: JSON.parse(path) as string[], origin })),
    [],
  );
}

const isSame = (a: Origin, b: Origin): boolean => a.source === b.source && a.from === b.from;

function collapse(leaves: readonly { path: string[]; origin: Origin }[], at: readonly string[]): Map<string, Origin> {
  const [first] = leaves;
  if (!first) return new Map();
  if (at.length > 0 && leaves.every(({ origin }) => isSame(origin, first.origin)))
    return new Map([[at.join('.'), first.origin]]);
  const whole = leaves.filter(({ path }) => path.length === at.length);
  const groups = new Map<string, { path: string[]; origin: Origin }[]>();
  for (const leaf of leaves) {
    const key = leaf.path[at.length];
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), leaf]);
  }
  return new Map([
    ...whole.map(({ origin }): [string, Origin] => [at.join('.'), origin]),
    ...[...groups].flatMap(([key, group]) => [...collapse(group, [...at, key])]),
  ]);
}
