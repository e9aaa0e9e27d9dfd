import { nameText } from '../../../engine/core/service/fields/text.ts';
import type { Documents } from './documents.ts';
import { Inexpressible } from './inexpressible.ts';
import { type MediaType, mediaTypes, pickMediaType } from './media-type.ts';
import type { Place } from './place.ts';
import { fieldTexts, type Said, typeText } from './schema/said.ts';
import type { SchemaReader } from './schema/schema.ts';
import { ANY_TEXT, isAnyText, textField } from './text-type.ts';

/** The body of a request as answers. */
export interface Body {
  readonly body: readonly string[];
  /** Where it is not `application/json`. */
  readonly 'body-type'?: string;
}

const NONE: Body = { body: [] };

/** @throws {Inexpressible} for a type that no endpoint reads */
export function readBody(documents: Documents, schemas: SchemaReader, operation: Place, method: string): Body {
  const given = operation.at('requestBody', 'request body');
  if (given === undefined) return NONE;
  if (method === 'GET') {
    given.cut('is not read: a GET request has no body');
    return NONE;
  }
  const body = documents.resolve(given);
  body.useFlags('required');
  const picked = pickMediaType(body, ['json', 'form', 'plain']);
  if (picked === undefined) {
    const types = mediaTypes(body);
    if (types.length > 0) throw new Inexpressible(`no endpoint reads a body of the type ${types.join(', ')}`, body);
    return NONE;
  }
  const isOptional = body.peek('required') !== true;
  const schema = picked.place.at('schema', 'schema');
  const said = schema && schemas.say(schema, 'request');
  if (picked.kind === 'form') return readForm(body, picked, said, isOptional);
  if (picked.kind === 'plain') {
    if (said !== undefined && !isAnyText(said)) schema?.cut(ANY_TEXT);
    if (isOptional) body.note('required', 'is missing, but the endpoint requires the body');
    return { body: [':string'], 'body-type': picked.answer };
  }
  const fields = said === undefined ? [':any'] : answerOf(said);
  return {
    body: isOptional ? asOptional(fields) : fields,
    ...(picked.answer === '' ? {} : { 'body-type': picked.answer }),
  };
}

/** A form has named fields, which come as texts. */
function readForm(body: Place, { place, answer }: MediaType, said: Said | undefined, isOptional: boolean): Body {
  const [only] = said?.alternatives ?? [];
  const isEmpty = only === undefined || (only.kind === 'object' && only.fields.length === 0);
  if (isEmpty && isOptional) {
    place.cut('has no named fields: no body is read');
    return NONE;
  }
  if (only?.kind !== 'object' || said?.alternatives.length !== 1 || isEmpty)
    throw new Inexpressible('no endpoint reads a form without named fields', place);
  if (said.isNullable) place.remark('is never null where it comes as a form');
  if (only.rest !== undefined) place.remark('says what further fields are: they are not read');
  if (isOptional && only.fields.some((field) => !field.isOptional))
    body.remark('may be missing, but the endpoint requires it');
  const fields = only.fields.map(
    (field) => `${nameText(field.name)}:${textField(field)}${field.isOptional ? '?' : ''}`,
  );
  return { body: fields, 'body-type': answer };
}

/** `{a:int}` that may be missing as a whole: `:{a:int}?` */
function asOptional(fields: readonly string[]): string[] {
  const [first = ''] = fields;
  return [first.startsWith(':') ? `${first}?` : `:{${fields.join(',')}}?`];
}

/** An object as its fields, anything else as a field without a name. */
export function answerOf(said: Said): string[] {
  const [only] = said.alternatives;
  if (only?.kind === 'object' && said.alternatives.length === 1 && !said.isNullable) return fieldTexts(only);
  return [`:${typeText(said)}`];
}
