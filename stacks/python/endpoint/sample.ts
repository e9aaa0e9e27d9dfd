import { type Sample, sampleOf } from '../../../engine/core/service/fields/samples.ts';
import type { Type } from '../../../engine/core/service/fields/type.ts';
import { type Code, call, dictOf, listOf, repeated } from '../print/layout.ts';
import { quoted, textCode } from '../print/text.ts';
import { valueCode } from './schema.ts';
import type { PythonTypes } from './types.ts';

/** More items that are alike are written as one and a count. */
const MAX_ITEMS = 3;

/** A value of JSON as code. */
export function jsonCode(sample: Sample): Code {
  if (typeof sample === 'string') return textCode(sample);
  if (typeof sample !== 'object' || sample === null) return valueCode(sample);
  if (isList(sample)) return itemsCode(sample, jsonCode);
  return dictOf(Object.entries(sample).map(([key, value]) => [quoted(key), jsonCode(value)]));
}

/** A value of a type, as an answer has it. */
export function sampleCode(type: Type, sample: Sample, types: PythonTypes): Code {
  if (sample === null) return 'None';
  if (type.kind === 'union') return oneOf(type.alternatives, types);
  if (type.kind === 'list' && isList(sample)) return itemsCode(sample, (one) => sampleCode(type.item, one, types));
  // mypy takes [1] for no list of numbers, where other lists would do too.
  if (type.kind === 'number' && Number.isInteger(sample)) return `${sample}.0`;
  if (type.kind !== 'object' || typeof sample !== 'object' || isList(sample)) return jsonCode(sample);
  const known = types.classOf(type);
  if (known === undefined) {
    const others = typeof type.others === 'object' ? type.others : type;
    const entries = Object.entries(sample).map(
      ([key, value]) => [quoted(key), sampleCode(others, value, types)] as const,
    );
    return dictOf(entries);
  }
  // What no field names may be left out.
  const members = type.fields.flatMap(({ name, type: of }) => {
    const [attribute, value] = [known.attributes.get(name), sample[name]];
    return attribute === undefined || value === undefined ? [] : [[attribute, sampleCode(of, value, types)] as const];
  });
  return call(known.name, members);
}

/** A value of one of several types: a single one, if one is. */
function oneOf(alternatives: readonly Type[], types: PythonTypes): Code {
  const isSingle = (type: Type) => type.kind !== 'list' && types.classOf(type) === undefined && type.kind !== 'object';
  const found = alternatives.find(isSingle) ?? alternatives.find((type) => types.classOf(type)) ?? alternatives[0];
  if (found === undefined) return 'None';
  const code = sampleCode(found, sampleOf(found, 'json'), types);
  if (isSingle(found) || types.classOf(found)) return code;
  // mypy does not find out of which of several lists this is one.
  return call('cast', [
    ['', 'Any'],
    ['', code],
  ]);
}

function itemsCode(items: readonly Sample[], codeOf: (item: Sample) => Code): Code {
  const [first] = items;
  const one = JSON.stringify(first);
  return first === undefined || items.length <= MAX_ITEMS || items.some((item) => JSON.stringify(item) !== one)
    ? listOf(items.map(codeOf))
    : repeated(codeOf(first), items.length);
}

export function isList(value: Sample): value is readonly Sample[] {
  return Array.isArray(value);
}
