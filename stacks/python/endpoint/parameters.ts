import { type Endpoint, JSON_TYPE } from '../../../engine/core/service/endpoint.ts';
import type { Field } from '../../../engine/core/service/fields/type.ts';
import { argument, Identifiers } from '../print/identifiers.ts';
import { type Code, call } from '../print/layout.ts';
import { quoted } from '../print/text.ts';
import { annotated, textsCode, typeCode } from './schema.ts';
import { maybe } from './types.ts';

/** An argument of a handler. */
interface Argument {
  readonly name: string;
  readonly type: Code;
  readonly isOptional: boolean;
}

/** Names that a module of an endpoint has for itself. */
const TAKEN = ['answer', 'problems', 'router'];

/**
 * The arguments of a handler, those that may be absent at the end.
 * @param bodyName what stands for the type of the body
 */
export function argumentsOf({ params, query, headers, body, bodyType }: Endpoint, bodyName: string): Argument[] {
  const identifiers = new Identifiers(TAKEN);
  const parameter = (field: Field, place: 'Path' | 'Query' | 'Header'): Argument => {
    const name = identifiers.take(argument(field.name));
    const known = place === 'Header' ? name.replaceAll('_', '-') : name;
    const note = call(place, known === field.name ? [] : [['alias', quoted(field.name)]]);
    return { name, type: annotated(parameterType(field), note), isOptional: field.isOptional };
  };
  const all = [
    ...params.map((field) => parameter(field, 'Path')),
    ...(body ? [bodyArgument(body, bodyType, bodyName, identifiers.take('body'))] : []),
    ...query.map((field) => parameter(field, 'Query')),
    ...headers.map((field) => parameter(field, 'Header')),
  ];
  return [...all.filter(({ isOptional }) => !isOptional), ...all.filter(({ isOptional }) => isOptional)];
}

function parameterType({ type, isOptional, isCsv }: Field): Code {
  const code = type.kind === 'list' ? textsCode(type, isCsv) : typeCode(type, 'text', () => 'str');
  return isOptional ? maybe(type, code) : code;
}

function bodyArgument(body: NonNullable<Endpoint['body']>, mediaType: string, type: string, name: string): Argument {
  const note = call('Body', mediaType === JSON_TYPE ? [] : [['media_type', quoted(mediaType)]]);
  // What may be null may be absent: there is no body that says null otherwise.
  const isOptional = body.isOptional || body.type.isNullable || /^(any|null)$/.test(body.type.kind);
  const isPlain = body.type.kind === 'object' && mediaType === JSON_TYPE && !isOptional;
  const whole = body.isOptional && !body.type.isNullable ? `${type} | None` : type;
  return { name, type: isPlain ? type : annotated(whole, note), isOptional };
}
