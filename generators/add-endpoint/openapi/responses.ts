import { answerOf } from './body.ts';
import type { Documents } from './documents.ts';
import { Inexpressible } from './inexpressible.ts';
import { mediaTypes, pickMediaType } from './media-type.ts';
import type { Place } from './place.ts';
import { typeText } from './schema/said.ts';
import type { SchemaReader } from './schema/schema.ts';
import { isAnyText } from './text-type.ts';

/** What an operation answers, as answers of the generator. */
interface Responses {
  readonly status: string;
  readonly response: readonly string[];
  /** Where it is not `application/json`. */
  readonly 'response-type'?: string;
  readonly error: readonly string[];
}

/** Statuses of success that an endpoint can have. */
const STATUSES = /^(200|201|202|204|2XX|default)$/i;

const NO_SUCCESS = 'has no response of success: it is answered with 204';

/** @throws {Inexpressible} where there is no success that an endpoint can have */
export function readResponses(documents: Documents, schemas: SchemaReader, operation: Place): Responses {
  const all = operation.at('responses', 'responses');
  if (all === undefined) {
    operation.remark(NO_SUCCESS);
    return { status: '204', response: [], error: [] };
  }
  const error = all.names.filter((code) => /^[45]\d\d$/.test(code));
  for (const code of error) {
    const response = all.at(code, 'response');
    if (response) documents.resolve(response);
  }
  const isSilent = !all.names.some((code) => /^([23]|default$)/i.test(code));
  if (isSilent) operation.note('responses', NO_SUCCESS);
  return { ...(isSilent ? { status: '204', response: [] } : readSuccess(documents, schemas, all)), error };
}

function readSuccess(documents: Documents, schemas: SchemaReader, all: Place): Omit<Responses, 'error'> {
  const { code, response } = successOf(documents, all);
  const status = /^(2XX|default)$/i.test(code) ? '200' : code;
  const picked = status === '204' ? undefined : pickMediaType(response, ['json', 'text']);
  if (status === '204' && response.has('content'))
    response.note('content', 'is not used: a response with the status 204 has no body');
  if (picked === undefined) {
    if (code !== '204') response.remark(`is empty, so its status is 204 and not ${code}`);
    return { status: '204', response: [] };
  }
  if (status !== code) response.remark(`is answered with the status ${status}`);
  const type = picked.answer === '' ? {} : { 'response-type': picked.answer };
  const schema = picked.place.at('schema', 'schema');
  if (picked.kind === 'text') {
    if (schema && !isAnyText(schemas.say(schema, 'response'))) schema.cut('is not checked: any text is answered');
    return { status, response: [':string'], ...type };
  }
  if (schema === undefined) return { status, response: [':any'], ...type };
  const said = schemas.say(schema, 'response');
  const [list] = said.alternatives;
  const isList = list?.kind === 'list' && list.bounds === '' && said.alternatives.length === 1 && !said.isNullable;
  return { status, response: isList ? [`[]:${typeText(list.item)}`] : answerOf(said), ...type };
}

/** The first success with JSON, else the first with text, else the first that is empty. */
function successOf(documents: Documents, all: Place): { code: string; response: Place } {
  const named = all.names.filter((code) => /^2(\d\d|XX)$/i.test(code));
  const codes = named.length === 0 && all.has('default') ? ['default'] : named;
  const [first] = codes;
  if (first === undefined) throw new Inexpressible('it has no response of success', all);
  const known = codes.filter((code) => STATUSES.test(code));
  if (known.length === 0)
    throw new Inexpressible(`no endpoint answers with the status ${first}`, all.apart(first, 'response'));
  // Looked at apart: a response that is not taken stays lost.
  const looked = known.map((code) => ({ code, response: documents.resolve(all.apart(code, 'response')) }));
  const best =
    looked.find(({ response }) => pickMediaType(response, ['json'])) ??
    looked.find(({ response }) => pickMediaType(response, ['text'])) ??
    looked.find(({ response }) => mediaTypes(response).length === 0);
  const given = best && all.at(best.code, 'response');
  if (best === undefined || given === undefined)
    throw new Inexpressible(
      `no endpoint answers with the type ${looked.flatMap(({ response }) => mediaTypes(response)).join(', ')}`,
      looked[0]?.response ?? all,
    );
  return { code: best.code, response: documents.resolve(given) };
}
