import type { Bound, Bounds } from './bounds.ts';
import { MEMBER_NAME } from './names.ts';
import { ENUM_VALUE } from './parse-type.ts';
import type { Field, Type } from './type.ts';

/** A field as it is written on a command line. */
export function fieldText({ name, type, isOptional, isUnique, isCsv }: Field): string {
  return `${nameText(name)}:${typeText(type)}${isOptional ? '?' : ''}${isUnique ? ':unique' : ''}${isCsv ? ':csv' : ''}`;
}

/** A name of a JSON member or a query parameter, in quotes where it needs them. */
export function nameText(name: string): string {
  return MEMBER_NAME.test(name) ? name : JSON.stringify(name);
}

/** A value of an enum, in quotes where it needs them. */
export function enumText(value: string): string {
  return ENUM_VALUE.test(value) && value.trim() === value ? value : JSON.stringify(value);
}

/** A type as it is written on a command line. */
export function typeText(type: Type): string {
  return `${bareText(type)}${type.isNullable ? '|null' : ''}`;
}

function bareText(type: Type): string {
  switch (type.kind) {
    case 'enum':
      return `enum(${type.values.map(enumText).join(',')})`;
    case 'literal':
      return `literal(${type.values.map((value) => JSON.stringify(value)).join(',')})`;
    case 'object':
      return `{${[
        ...type.fields.map(fieldText),
        ...(type.others === undefined ? [] : [`*:${type.others === 'none' ? 'none' : typeText(type.others)}`]),
      ].join(',')}}`;
    case 'list': {
      const item = typeText(type.item);
      const isBare = !type.item.isNullable && (type.item.kind === 'list' || !/^[a-z]+[<>]/.test(item));
      return `${isBare && type.item.kind !== 'union' ? item : `(${item})`}[]${boundsText(type)}`;
    }
    case 'union':
      return type.alternatives.map(bareText).join('|');
    case 'any':
    case 'null':
      return type.kind;
    default:
      return `${type.kind}${boundsText(type)}`;
  }
}

function boundsText({ min, max }: Bounds): string {
  const text = (sign: string, bound: Bound | undefined) =>
    bound ? `${sign}${bound.isExclusive ? '' : '='}${digits(bound.value)}` : '';
  return `${text('>', min)}${text('<', max)}`;
}

/** A number without an exponent. */
function digits(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(20).replace(/\.?0+$/, '') : text;
}
