import { hasInvisible } from '../../../../engine/core/service/fields/names.ts';
import { enumText } from '../../../../engine/core/service/fields/text.ts';
import type { Place } from '../place.ts';
import type { Alternative } from './said.ts';

/** Longer ones are not said in a field. */
const MAX_TEXT = 1000;
const MAX_DIGITS = 15;

type Scalar = string | number | boolean | null;

/** The values that all of `enum` and `const` allow, or nothing where none of them can be said. */
export function valuesOf(layers: readonly Place[]): readonly Scalar[] | undefined {
  for (const layer of layers)
    for (const keyword of ['enum', 'const']) if (listOf(layer, keyword).length > 0) layer.use(keyword);
  const [first, ...others] = valueListsOf(layers);
  if (first === undefined) return undefined;
  return [...new Set(first)].filter((value) => others.every((list) => list.includes(value)));
}

/** The values of each `enum` and `const` that can be said. */
export function valueListsOf(layers: readonly Place[]): (readonly Scalar[])[] {
  return layers.flatMap((layer) => ['enum', 'const'].flatMap((keyword) => listOf(layer, keyword)));
}

function listOf(layer: Place, keyword: string): Scalar[][] {
  if (!layer.has(keyword)) return [];
  const values = keyword === 'const' ? [layer.peek(keyword)] : layer.peek(keyword);
  return Array.isArray(values) && values.length > 0 && values.every(isScalar) ? [values] : [];
}

function isScalar(value: unknown): value is Scalar {
  if (typeof value === 'string') return value.length <= MAX_TEXT && !hasInvisible(value);
  if (typeof value === 'number') return /^-?\d+(\.\d+)?$/.test(String(value)) && String(value).length <= MAX_DIGITS;
  return value === null || typeof value === 'boolean';
}

/** Which of the values have one of these types. */
export function valuesOfType(values: readonly Scalar[], types: readonly string[] | undefined): Scalar[] {
  return values.filter((value) => value === null || types === undefined || types.some((type) => isOf(value, type)));
}

function isOf(value: Scalar, type: string): boolean {
  if (type === 'integer') return Number.isSafeInteger(value);
  return typeof value === type;
}

/** `enum(open,"a,b")`, or `literal(1,true)` where not all of them are texts. */
export function valuesAlternative(values: readonly Scalar[]): Alternative {
  const texts = values.filter((value) => typeof value === 'string');
  return texts.length === values.length
    ? { kind: 'simple', text: `enum(${texts.map(enumText).join(',')})`, values }
    : { kind: 'simple', text: `literal(${values.map((value) => JSON.stringify(value)).join(',')})`, values };
}
