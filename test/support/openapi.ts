import { oneDocument } from '../../engine/io/documents.ts';
import { type Operation, readOperations } from '../../generators/add-endpoint/openapi/operations.ts';
import { lossLines } from '../../generators/add-endpoint/openapi/report.ts';

const OK = { responses: { 204: { description: 'done' } } };

/** Content of the type JSON. */
export const json = (schema: unknown) => ({ content: { 'application/json': { schema } } });

/** A document with one operation, `POST /a`. */
export function documentOf(operation: object, more: object = {}, version = '3.1.0'): object {
  return { openapi: version, paths: { '/a': { post: { ...OK, ...operation } } }, ...more };
}

/** The one operation of a document. */
export function only(operation: object, more: object = {}, version = '3.1.0'): Operation {
  const [found, ...others] = operationsOf(documentOf(operation, more, version));
  if (found === undefined || others.length > 0) throw new Error('there is not one operation');
  return found;
}

/** All operations of a document. */
export function operationsOf(document: unknown): readonly Operation[] {
  return readOperations(oneDocument(document)).operations;
}

/** The answers of an operation that is expressed. */
export function answersOf(found: Operation | undefined): Readonly<Record<string, unknown>> {
  if (found === undefined || 'reason' in found) throw new Error(found?.reason ?? 'there is no operation');
  return found.answers;
}

/** Where what a document loses is. */
export function pointersOf(document: unknown): string[] {
  const { operations, losses } = readOperations(oneDocument(document));
  const all = [...losses, ...operations.flatMap((one) => ('reason' in one ? [] : one.losses))];
  return [...new Set(all.map(({ pointer }) => pointer))];
}

/** The lines of what a document loses. */
export function linesOf(document: unknown): string[] {
  const { operations, losses } = readOperations(oneDocument(document));
  const whole = losses.map((loss) => ({ loss }));
  return lossLines([
    ...whole,
    ...operations.flatMap((one) => ('reason' in one ? [] : one.losses.map((loss) => ({ loss, operation: one.name })))),
  ]);
}

/** The fields of a body with these members, all of them required, and then what is lost below the schema. */
export function body(properties: object, more: object = {}, version = '3.1.0'): unknown {
  const schema = { type: 'object', properties, required: Object.keys(properties) };
  const found = only({ requestBody: { required: true, ...json(schema) } }, more, version);
  if ('reason' in found) return found.reason;
  const base = '#/paths/~1a/post/requestBody/content/application~1json/schema/properties/';
  return [...(found.answers.body as string[]), ...found.losses.map(({ pointer }) => pointer.replace(base, ''))];
}
