import type { Sample } from '../../../engine/core/service/fields/samples.ts';
import { type Code, chain, json, list, name, number, object, text } from '../print/code.ts';

/** Longer texts of one letter are written as that letter and a count. */
const MAX_TEXT = 60;

/** A value as code: short where it repeats itself. */
export function sampleCode(value: Sample, shape: 'lines' | 'any' = 'lines'): Code {
  if (typeof value === 'string') return textCode(value);
  if (typeof value !== 'object' || value === null) return json(value);
  if (isList(value)) return listCode(value, shape);
  const members = Object.entries(value).map(([key, member]) => [key, sampleCode(member, shape)] as const);
  return object(members, shape);
}

function textCode(value: string): Code {
  const first = value.charAt(0);
  return value.length > MAX_TEXT && value === first.repeat(value.length)
    ? chain(text(first), 'repeat', [number(value.length)])
    : text(value);
}

function listCode(items: readonly Sample[], shape: 'lines' | 'any'): Code {
  const [first, ...others] = items;
  if (first === undefined) return list([]);
  const one = JSON.stringify(first);
  const isSame = others.every((other) => JSON.stringify(other) === one);
  return isSame && (items.length > 3 || (items.length > 1 && one.length > 20))
    ? chain(name('Array'), [number(items.length)], 'fill', [sampleCode(first, shape)])
    : list(items.map((item) => sampleCode(item, shape)));
}

function isList(value: Sample): value is readonly Sample[] {
  return Array.isArray(value);
}
