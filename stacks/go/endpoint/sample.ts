import type { Sample } from '../../../engine/core/service/fields/samples.ts';
import type { Type } from '../../../engine/core/service/fields/type.ts';
import { type Code, call, composite, listOf } from '../print/layout.ts';
import { quoted, textCode } from '../print/text.ts';
import { isMap } from './tags.ts';
import type { GoTypes } from './types.ts';

/** More items that are alike are written as one and a count. */
const MAX_ITEMS = 3;

/**
 * A value of a type, as code.
 * @param goType the type in Go, as `types` made it
 */
export function sampleCode(type: Type, sample: Sample, goType: string, types: GoTypes): Code {
  if (sample === null) return 'nil';
  if (goType === 'any') return anyCode(sample);
  if (goType.startsWith('*')) return pointerCode(type, sample, goType.slice(1), types);
  if (type.kind === 'list') {
    const item = goType.slice('[]'.length);
    return repeated(goType, sample as readonly Sample[], (one) => sampleCode(type.item, one, item, types));
  }
  if (type.kind !== 'object') return scalarCode(sample, goType);
  const members = Object.entries(sample);
  if (isMap(type)) {
    const other = goType.slice('map[string]'.length);
    return composite(
      goType,
      members.map(([key, value]) => [quoted(key), sampleCode(type.others, value, other, types)]),
    );
  }
  const struct = types.structOf(type);
  if (struct === undefined) return anyCode(sample);
  return composite(
    struct.name,
    type.fields.flatMap(({ name, type: of }) => {
      const field = struct.fields.get(name);
      const value = (sample as { readonly [name: string]: Sample })[name];
      return field === undefined || value === undefined
        ? []
        : [[field.field, sampleCode(of, value, field.type, types)] as const];
    }),
  );
}

function pointerCode(type: Type, sample: Sample, goType: string, types: GoTypes): Code {
  const code = sampleCode(type, sample, goType, types);
  if (type.kind === 'object') return typeof code === 'string' ? `&${code}` : { ...code, head: `&${code.head}` };
  return call('new', [code]);
}

function scalarCode(sample: Sample, goType: string): string {
  if (typeof sample === 'string') return textCode(sample);
  // A whole number by itself would be an int.
  return goType === 'float64' && Number.isInteger(sample) ? `${sample}.0` : String(sample);
}

/** A value of any type. */
function anyCode(sample: Sample): Code {
  if (sample === null) return 'nil';
  if (typeof sample === 'string') return textCode(sample);
  if (typeof sample !== 'object') return String(sample);
  if (isList(sample)) return repeated('[]any', sample, anyCode);
  return composite(
    'map[string]any',
    Object.entries(sample).map(([key, value]) => [quoted(key), anyCode(value)]),
  );
}

function repeated(goType: string, items: readonly Sample[], typed: (item: Sample) => Code): Code {
  const item = goType.slice('[]'.length);
  const codeOf = (one: Sample) => withoutType(typed(one), item);
  const [first] = items;
  const one = JSON.stringify(first);
  if (first === undefined || items.length <= MAX_ITEMS || items.some((item) => JSON.stringify(item) !== one))
    return listOf(goType, items.map(codeOf));
  return call('slices.Repeat', [listOf(goType, [codeOf(first)]), String(items.length)]);
}

/** In a list, what every item is need not be said again. */
function withoutType(code: Code, type: string): Code {
  const heads = [`${type}{`, ...(type.startsWith('*') ? [`&${type.slice(1)}{`] : [])];
  if (typeof code !== 'string') return heads.includes(code.head) ? { ...code, head: '{' } : code;
  return heads.some((head) => code === `${head}}`) ? '{}' : code;
}

function isList(value: Sample): value is readonly Sample[] {
  return Array.isArray(value);
}

/** JSON as code: a text between backticks, and long repetitions as calls. */
export function jsonCode(sample: Sample): string {
  return joined(piecesOf(sample));
}

type Piece = string | { readonly repeat: string; readonly count: number };

function piecesOf(sample: Sample): Piece[] {
  if (typeof sample !== 'object' || sample === null) return [JSON.stringify(sample)];
  if (!isList(sample)) {
    const members = Object.entries(sample).map(([key, value]): Piece[] => [
      `${JSON.stringify(key)}:`,
      ...piecesOf(value),
    ]);
    return ['{', ...between(members), '}'];
  }
  const [first = null] = sample;
  const one = JSON.stringify(first);
  const isSame =
    sample.length > MAX_ITEMS &&
    one.length * sample.length > 200 &&
    sample.every((item) => JSON.stringify(item) === one);
  if (isSame) return ['[', { repeat: `${one},`, count: sample.length - 1 }, ...piecesOf(first), ']'];
  return ['[', ...between(sample.map(piecesOf)), ']'];
}

function between(all: readonly Piece[][]): Piece[] {
  return all.flatMap((pieces, index) => (index === 0 ? pieces : [',', ...pieces]));
}

/** Pieces of text next to each other are one. */
function joined(pieces: readonly Piece[]): string {
  const codes: string[] = [];
  let plain = '';
  const flush = () => {
    if (plain !== '') codes.push(textCode(plain));
    plain = '';
  };
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      plain += piece;
      continue;
    }
    flush();
    codes.push(`strings.Repeat(${textCode(piece.repeat, '+')}, ${piece.count})`);
  }
  flush();
  return codes.join(' + ');
}
