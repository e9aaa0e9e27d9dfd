import { type Endpoint, FORM_TYPE } from '../../../engine/core/service/endpoint.ts';
import { type Place, type Sample, sampleObject, sampleOf } from '../../../engine/core/service/fields/samples.ts';
import type { Field } from '../../../engine/core/service/fields/type.ts';
import { type Wrong, wrongOther, wrongValues, wrongWhole } from '../../../engine/core/service/fields/wrong.ts';
import { type Code, type Member, name, object, spread, text } from '../print/code.ts';
import { printMember } from '../print/print.ts';
import { contentTypeOf, formOf, payloadCode, sentHeaders, urlOf } from './request.ts';
import { sampleCode } from './sample.ts';

/** Longer texts do not fit into a request line, so no test sends them. */
const MAX_TEXT = 2000;

type Members = { readonly [name: string]: Sample };

/** Requests that have to be refused, as members of an object: a part of each differs from the right one. */
export function wrongRequests(endpoint: Endpoint): string[] {
  const { query, headers } = endpoint;
  return [
    ...wrongPaths(endpoint),
    ...inText('query', query, sampleObject(query, 'text')),
    ...inText('headers', headers, sentHeaders(endpoint)),
    ...wrongBodies(endpoint),
  ];
}

function wrongRequest(reason: string, part: string, value: Code): string {
  return printMember(reason, object([[part, value]]), 1);
}

function wrongPaths(endpoint: Endpoint): string[] {
  const sample = sampleObject(endpoint.params, 'text');
  return wrongValues(endpoint.params, 'text').flatMap(({ name, value, reason }) =>
    // An empty value makes another path, and the router does not match one that is too long.
    value === undefined || value === '' || String(value).length > 100
      ? []
      : [wrongRequest(`${reason} in the path`, 'url', text(urlOf(endpoint, { ...sample, [name]: value })))],
  );
}

function inText(part: 'query' | 'headers', fields: readonly Field[], whole: Members): string[] {
  return wrongValues(fields, 'text')
    .filter(({ value }) => String(value).length <= MAX_TEXT)
    .map((wrong) => wrongRequest(`${wrong.reason} in the ${part}`, part, changed(part, whole, wrong)));
}

function wrongBodies(endpoint: Endpoint): string[] {
  const { body, bodyType } = endpoint;
  if (body === undefined || bodyType.startsWith('text/')) return [];
  const { type } = body;
  if (type.kind !== 'object') {
    // Without a content type, only an object and a list are sent as JSON.
    const value = wrongWhole(type, contentTypeOf(endpoint) === undefined ? [[], {}] : [true, 1, 'text', [], {}]);
    return value === undefined ? [] : [wrongRequest('another body', 'payload', payloadCode(endpoint, value))];
  }
  const place: Place = bodyType === FORM_TYPE ? 'text' : 'json';
  const whole = sampleOf(type, place) as Members;
  const other = wrongOther(type);
  const wrongs = [...wrongValues(type.fields, place), ...(other ? [other] : [])];
  if (place === 'json')
    return wrongs.map((wrong) => wrongRequest(wrong.reason, 'payload', changed('payload', whole, wrong)));
  return wrongs
    .filter(({ value }) => String(value).length <= MAX_TEXT)
    .map(({ name, value, reason }) => {
      const { [name]: _left, ...rest } = whole;
      return wrongRequest(reason, 'payload', text(formOf(value === undefined ? rest : { ...rest, [name]: value })));
    });
}

/** The right members with one of them wrong, in the shortest form. */
function changed(part: string, whole: Members, wrong: Wrong): Code {
  const { [wrong.name]: _left, ...rest } = whole;
  if (wrong.value === undefined && Object.keys(rest).length === 0) return object([]);
  // A JSON member that is undefined is not sent; in a query or among headers it would be.
  if (wrong.value === undefined && part !== 'payload')
    return object(Object.entries(rest).map(([one, given]) => [one, sampleCode(given)] as const));
  const value = wrong.value === undefined ? name('undefined') : sampleCode(wrong.value);
  const members: Member[] = [spread(`request.${part}`), [wrong.name, value]];
  return object(members);
}
