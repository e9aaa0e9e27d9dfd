import type { Endpoint } from '../../../engine/core/service/endpoint.ts';
import { fieldsOf } from '../../../engine/core/service/fields/type.ts';

/** Names that @fastify/swagger takes for keywords of JSON Schema, wherever they stand: `/openapi.json` would be a 500. */
const KEYWORDS = new Set(['$ref', '$id', '$dynamicRef']);

/** Names that it takes for keywords among parameters: the document would be without them, or not valid. */
const KEYWORDS_OF_PARAMETERS = new Set([
  ...KEYWORDS,
  '$schema',
  'definitions',
  'nullable',
  'const',
  'patternProperties',
]);

/** @throws {RangeError} for a name with which the service could not describe itself */
export function checkNames({ params, query, headers, body, response }: Endpoint): void {
  const parameters = [...params, ...query, ...headers];
  const members = [...fieldsOf(body?.type), ...fieldsOf(response)];
  const wrong =
    parameters.find(({ name }) => KEYWORDS_OF_PARAMETERS.has(name)) ?? members.find(({ name }) => KEYWORDS.has(name));
  if (wrong)
    throw new RangeError(
      `${wrong.name} is a keyword of JSON Schema: with this name the service cannot describe itself`,
    );
}
