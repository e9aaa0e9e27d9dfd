import { type Endpoint, FORM_TYPE } from '../../../engine/core/service/endpoint.ts';
import { type Place, type Sample, sampleObject, sampleOf } from '../../../engine/core/service/fields/samples.ts';
import type { Field } from '../../../engine/core/service/fields/type.ts';
import { type Wrong, wrongOther, wrongValues, wrongWhole } from '../../../engine/core/service/fields/wrong.ts';
import { type Code, composite } from '../print/layout.ts';
import { quoted, textCode } from '../print/text.ts';
import { jsonCode } from './sample.ts';

/** Longer texts do not fit into a request line, so no test sends them. */
const MAX_TEXT = 2000;

const REQUEST = 'testkit.Request';

type Members = { readonly [name: string]: Sample };

/** A request that has to be refused: a part of it differs from the right one. */
interface WrongRequest {
  readonly name: string;
  readonly change: Code;
}

/** The right request, as a test sends it. */
export function rightRequest(endpoint: Endpoint): Code {
  const { route, params, query, body, bodyType } = endpoint;
  const headers = headersOf(endpoint);
  return composite(REQUEST, [
    ['Method', quoted(route.method)],
    ['Path', textCode(pathOf(endpoint, sampleObject(params, 'text'), sampleObject(query, 'text')))],
    ...(Object.keys(headers).length > 0 ? [['Headers', headersCode(headers)] as const] : []),
    ...(body ? [['Body', bodyCode(endpoint, sampleOf(body.type, placeOf(bodyType)))] as const] : []),
  ]);
}

/** The headers of a request without a body. */
export function bareHeaders({ headers }: Endpoint): string {
  return headersCode(sampleObject(headers, 'text'));
}

export function wrongRequests(endpoint: Endpoint): WrongRequest[] {
  const { params, query, headers } = endpoint;
  const [inPath, inQuery] = [sampleObject(params, 'text'), sampleObject(query, 'text')];
  const path = (name: string, params: Members, query: Members): WrongRequest => ({
    name,
    change: composite(REQUEST, [['Path', textCode(pathOf(endpoint, params, query))]]),
  });
  return [
    ...wrongValues(params, 'text')
      // An empty value makes another path, and one that is too long is not sent either.
      .filter(({ value }) => value !== undefined && value !== '' && String(value).length <= 100)
      .map((wrong) => path(`${wrong.reason} in the path`, changed(inPath, wrong), inQuery)),
    ...inText(query).map((wrong) => path(`${wrong.reason} in the query`, inPath, changed(inQuery, wrong))),
    ...inText(headers).map((wrong) => ({
      name: `${wrong.reason} in the headers`,
      change: composite(REQUEST, [['Headers', headersCode(changed(headersOf(endpoint), wrong))]]),
    })),
    ...wrongBodies(endpoint),
  ];
}

function inText(fields: readonly Field[]): Wrong[] {
  return wrongValues(fields, 'text').filter(({ value }) => String(value).length <= MAX_TEXT);
}

function wrongBodies(endpoint: Endpoint): WrongRequest[] {
  const { body, bodyType } = endpoint;
  if (body === undefined || bodyType.startsWith('text/')) return [];
  const { type } = body;
  const wrongBody = (name: string, value: Sample): WrongRequest => ({
    name,
    change: composite(REQUEST, [['Body', bodyCode(endpoint, value)]]),
  });
  if (type.kind !== 'object') {
    const value = wrongWhole(type, [true, 1, 'text', [], {}]);
    return value === undefined ? [] : [wrongBody('another body', value)];
  }
  const place = placeOf(bodyType);
  const whole = sampleOf(type, place) as Members;
  const other = wrongOther(type);
  return [...wrongValues(type.fields, place), ...(other ? [other] : [])]
    .filter(({ value }) => place === 'json' || String(value).length <= MAX_TEXT)
    .map((wrong) => wrongBody(wrong.reason, changed(whole, wrong)));
}

/** The right members with one of them wrong, or missing. */
function changed(whole: Members, { name, value }: Wrong): Members {
  const { [name]: _left, ...rest } = whole;
  return value === undefined ? rest : { ...rest, [name]: value };
}

function placeOf(bodyType: string): Place {
  return bodyType === FORM_TYPE ? 'text' : 'json';
}

function headersOf(endpoint: Endpoint): Members {
  const own = sampleObject(endpoint.headers, 'text');
  return endpoint.body ? { ...own, 'content-type': endpoint.bodyType } : own;
}

function headersCode(headers: Members): string {
  const members = Object.entries(headers).map(([name, value]) => `${quoted(name)}: ${textCode(String(value))}`);
  return `map[string]string{${members.join(', ')}}`;
}

function pathOf({ route }: Endpoint, params: Members, query: Members): string {
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const pairs = pairsOf(query);
  return pairs === '' ? path : `${path}?${pairs}`;
}

/** A query or a form: a list is several members of one name. */
function pairsOf(members: Members): string {
  const pairs = Object.entries(members).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, String(one)]),
  );
  return new URLSearchParams(pairs).toString();
}

function bodyCode({ bodyType }: Endpoint, value: Sample): string {
  // A change to an empty body would be none.
  if (bodyType === FORM_TYPE) return textCode(pairsOf(value as Members) || '&');
  return bodyType.startsWith('text/') ? textCode(String(value)) : jsonCode(value);
}
