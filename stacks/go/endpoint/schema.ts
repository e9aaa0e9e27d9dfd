import type { Bound, Bounds } from '../../../engine/core/service/fields/bounds.ts';
import type { Type } from '../../../engine/core/service/fields/type.ts';
import { type Code, call } from '../print/layout.ts';
import { quoted } from '../print/text.ts';

/** Formats of texts, by the word of the field language. */
export const FORMATS: Partial<Record<Type['kind'], string>> = {
  date: 'date',
  datetime: 'date-time',
  uuid: 'uuid',
  email: 'email',
  url: 'url',
  uri: 'uri',
};

/**
 * The schema of a type, as a call of functions of the package `fields`: for what no tag can say.
 * @param structOf the name of the struct that stands for an object, if one does
 */
export function schemaCode(type: Type, structOf: (type: Type) => string | undefined): Code {
  const bare = bareCode(type, structOf);
  return type.isNullable ? call('fields.Nullable', [bare]) : bare;
}

function bareCode(type: Type, structOf: (type: Type) => string | undefined): Code {
  const inner = (one: Type) => schemaCode(one, structOf);
  switch (type.kind) {
    case 'string':
      return call('fields.String', limitsOf(type));
    case 'int':
      return call('fields.Integer', limitsOf(type));
    case 'number':
      return call('fields.Number', limitsOf(type));
    case 'decimal':
      return call('fields.Decimal', limitsOf(type));
    case 'boolean':
      return call('fields.Boolean', []);
    case 'enum':
    case 'literal':
      return call('fields.Enum', type.values.map(valueCode));
    case 'any':
      return call('fields.Any', []);
    case 'null':
      return call('fields.Null', []);
    case 'union':
      // An object among several types is none of the structs.
      return call(
        'fields.AnyOf',
        type.alternatives.map((one) => schemaCode(one, () => undefined)),
      );
    case 'list':
      return call('fields.List', [inner(type.item), ...limitsOf(type)]);
    case 'object': {
      const struct = structOf(type);
      if (struct !== undefined) return call(`fields.Of[${struct}]`, []);
      const { fields, others } = type;
      const members = fields.map((field) =>
        call(field.isOptional ? 'fields.Optional' : 'fields.Required', [quoted(field.name), inner(field.type)]),
      );
      return call('fields.Object', [
        others === undefined ? 'nil' : others === 'none' ? 'false' : inner(others),
        ...members,
      ]);
    }
    default:
      return call('fields.Format', [quoted(FORMATS[type.kind] ?? type.kind)]);
  }
}

function valueCode(value: string | number | boolean): string {
  return typeof value === 'string' ? quoted(value) : String(value);
}

function limitsOf({ min, max }: Bounds): string[] {
  const limit = (bound: Bound | undefined, within: string, beyond: string) =>
    bound ? [`fields.${bound.isExclusive ? beyond : within}(${bound.value})`] : [];
  return [...limit(min, 'Least', 'Above'), ...limit(max, 'Most', 'Below')];
}
